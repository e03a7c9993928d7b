package client

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tasknet/tasknet/compute"
)

// How a node measures its network: as it moves artefacts, several requests at a time, until the first of these is reached.
const (
	rateBlocks = 16 // of compute.TransferBytes, each way
	rateTime   = 3 * time.Second
)

// rates measures how many bytes a second come from the server, and go to it. What cannot be measured, as with an older server, is 0.
func (n *Node) rates(ctx context.Context) (down, up int64) {
	if _, err := n.respondent.Session(ctx, ""); err != nil { // whose time is no transfer's
		return 0, 0
	}
	path := []string{"nodes", "transfer"}
	down = rate(ctx, func(ctx context.Context) error {
		var block []byte
		err := n.respondent.do(ctx, call{method: http.MethodGet, path: path}, &block)
		if err == nil && len(block) != compute.TransferBytes {
			err = ErrProtocol
		}
		return err
	})
	block := make([]byte, compute.TransferBytes)
	up = rate(ctx, func(ctx context.Context) error {
		return n.respondent.do(ctx, call{method: http.MethodPut, path: path, raw: block, media: "application/octet-stream"}, nil)
	})
	return down, up
}

// rate moves blocks, and returns how many bytes a second were moved; 0 when none was.
func rate(ctx context.Context, move func(context.Context) error) int64 {
	ctx, cancel := context.WithTimeout(ctx, rateTime)
	defer cancel()
	var next, moved atomic.Int64
	var movers sync.WaitGroup
	began := time.Now()
	for range transfersDefault {
		movers.Go(func() {
			for next.Add(1) <= rateBlocks && move(ctx) == nil {
				moved.Add(compute.TransferBytes)
			}
		})
	}
	movers.Wait()
	return int64(float64(moved.Load()) / time.Since(began).Seconds())
}
