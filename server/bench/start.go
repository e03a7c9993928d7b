package bench

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"github.com/tasknet/tasknet/rewards/eth"
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

// Starts measures n starts on the data folder of cfg, which is empty at first.
func Starts(ctx context.Context, cfg Config, n int) (Starting, error) {
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
		took, err := openChain(ctx, filepath.Join(cfg.Data, "chain"))
		if err != nil {
			return Starting{}, fmt.Errorf("open the chain: %w", err)
		}
		chains = append(chains, took)
		cfg.tell("starting", i+1, n)
	}
	slices.Sort(starts)
	slices.Sort(chains)
	chain := chains[n/2]
	return Starting{Starts: n, P50: ms(starts[n/2]), Most: ms(starts[n-1]), Chain: ms(chain), Rest: ms(starts[n/2] - chain)}, nil
}

func openChain(ctx context.Context, dir string) (took time.Duration, err error) {
	began := time.Now()
	chain, err := eth.OpenDev(ctx, eth.DevConfig{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 0, err
	}
	took = time.Since(began)
	return took, chain.Close()
}
