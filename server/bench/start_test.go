package bench

import (
	"context"
	"io"
	"testing"

	"github.com/tasknet/tasknet/rewards/eth"
)

func TestStartsAreMeasured(t *testing.T) {
	started := 0
	openChain := func(ctx context.Context, dir string) (io.Closer, error) {
		return eth.OpenDev(ctx, eth.DevConfig{Dir: dir})
	}
	report, err := Starts(t.Context(), Config{Data: t.TempDir(), Start: inProcess(func(string) { started++ })}, 3, openChain)
	if err != nil {
		t.Fatal(err)
	}
	if report.Starts != 3 || started != 4 {
		t.Errorf("measured %d of %d starts, want all but the first", report.Starts, started)
	}
	if report.Chain <= 0 || report.P50 <= 0 || report.Most < report.P50 {
		t.Errorf("%+v", report)
	}
}
