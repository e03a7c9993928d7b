package bench

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/verify"
)

// inProcess starts the server in the test's own process.
func inProcess(started func(address string)) Start {
	return func(ctx context.Context, data, databaseURL string) (string, int, func() error, error) {
		ctx, cancel := context.WithCancel(ctx)
		address, out := io.Pipe()
		done := make(chan error, 1)
		go func() { done <- Serve(ctx, data, databaseURL, out) }()
		line := make([]byte, 100)
		n, err := address.Read(line)
		url := strings.TrimSpace(string(line[:n]))
		started(url)
		return url, os.Getpid(), func() error { cancel(); return <-done }, err
	}
}

// TestAnswersAreMeasured also has an outsider recompute what was measured: the answers are real.
func TestAnswersAreMeasured(t *testing.T) {
	data, address := t.TempDir(), ""
	start := inProcess(func(a string) { address = a })
	var records verify.Report
	report, err := Answers(t.Context(), Config{
		Data: data, Clients: 16, Answers: 2000, Closing: true,
		Start: func(ctx context.Context, data, databaseURL string) (string, int, func() error, error) {
			url, pid, stop, err := start(ctx, data, databaseURL)
			return url, pid, func() error {
				c, err := client.New(address, client.Config{})
				if err == nil {
					records, err = verify.Run(ctx, c, verify.Config{})
				}
				return errors.Join(err, stop())
			}, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Answers(t.Context(), Config{Data: data, Answers: 1000, Start: start}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("on a folder that was used: %v, want %v", err, ErrNotEmpty)
	}
	if report.Answers != 1900 || report.Closed != 100 || records.Answers != 2000 {
		t.Errorf("measured %d of 2000 answers, closed %d of 100 questions, verified %d answers", report.Answers, report.Closed, records.Answers)
	}
	// The payer finds the block of the prepared deposit on the chain, and so undoes nothing.
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(inStore(t.Context(), Config{Data: data}, func(db *store.DB) error {
		genesis, err := db.Settings().Setting(t.Context(), "genesis")
		must(err)
		looks, err := db.Rewards().Looks(t.Context())
		must(err)
		if first := looks[len(looks)-1]; first.Block != 0 || hex.EncodeToString(first.Hash[:]) != genesis {
			t.Errorf("what is prepared is booked in %+v, and the chain begins with %s", first, genesis)
		}
		return nil
	}))
	if report.AnswersPerS <= 0 || report.P50 <= 0 || report.P99 < report.P50 || report.Ratio <= 0 || report.NullRatio <= 0 || report.LogRatio <= 0 || report.CPU <= 0 || report.RSS <= 0 {
		t.Errorf("%+v", report)
	}
}
