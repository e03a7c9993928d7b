package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/tasknet/tasknet/server/app"
)

// Serve runs the server that is measured until ctx ends, and writes its address as a line once it listens. It pays at
// once and then hourly, as in production, so that a root or two come within a measurement.
func Serve(ctx context.Context, data, databaseURL string, out io.Writer) error {
	a, err := app.New(ctx, app.Config{
		Data: data, DatabaseURL: databaseURL, Listen: "127.0.0.1:0", Unlimited: true, Bench: true, EpochEvery: time.Hour,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, a.URL()); err != nil {
		stopped, stop := context.WithCancel(ctx)
		stop()
		return a.Run(stopped)
	}
	return a.Run(ctx)
}
