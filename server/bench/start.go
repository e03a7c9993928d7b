package bench

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"github.com/tasknet/tasknet/server/client"
)

// Starting is how long starts on a folder took that an instance has used, in milliseconds. The chain is opened by itself
// in between, since it is a node of its own: what is left is the server's.
type Starting struct {
	Starts int     `json:"starts"`
	P50    float64 `json:"p50_ms"` // from running the program to the reply to a first request
	Most   float64 `json:"max_ms"`
	Chain  float64 `json:"chain_p50_ms"`
	Rest   float64 `json:"rest_p50_ms"` // of the starts, each less the chain's median
}

// Starts measures n starts on the data folder of cfg, which is empty at first. openChain opens the chain in a folder.
func Starts(ctx context.Context, cfg Config, n int, openChain func(ctx context.Context, dir string) (io.Closer, error)) (Starting, error) {
	request := func(c *client.Client, _ string, _ int) error {
		_, err := c.Instance(ctx)
		return err
	}
	if err := cfg.withServer(ctx, request); err != nil { // makes the instance
		return Starting{}, err
	}
	var starts, chains []time.Duration
	for i := range n {
		began := time.Now()
		err := cfg.withServer(ctx, func(c *client.Client, host string, pid int) error {
			err := request(c, host, pid)
			starts = append(starts, time.Since(began))
			return err
		})
		if err != nil {
			return Starting{}, err
		}
		began = time.Now()
		chain, err := openChain(ctx, filepath.Join(cfg.Data, "chain"))
		if err != nil {
			return Starting{}, fmt.Errorf("open the chain: %w", err)
		}
		chains = append(chains, time.Since(began))
		if err := chain.Close(); err != nil {
			return Starting{}, fmt.Errorf("close the chain: %w", err)
		}
		cfg.tell("starting", i+1, n)
	}
	slices.Sort(starts)
	slices.Sort(chains)
	chain := chains[n/2]
	return Starting{Starts: n, P50: ms(starts[n/2]), Most: ms(starts[n-1]), Chain: ms(chain), Rest: ms(starts[n/2] - chain)}, nil
}
