package rewards

import (
	"math"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
)

func TestLeastPrice(t *testing.T) {
	for _, tt := range []struct {
		perHour int64
		each    time.Duration
		want    int64
	}{
		{0, time.Minute, 0},
		{12_000_000, 0, 0},
		{12_000_000, 30 * time.Second, 100_000},
		{12_000_000, 7 * time.Second, 23_334}, // 23333.3, up
		{1, time.Millisecond, 1},
		{math.MaxInt64, time.Hour, math.MaxInt64},
		{math.MaxInt64, 30 * time.Minute, math.MaxInt64/2 + 1},
	} {
		if got := LeastPrice(tasknet.Micro(tt.perHour), tt.each); got != tasknet.Micro(tt.want) {
			t.Errorf("%s at %d micro-units an hour: %d, want %d", tt.each, tt.perHour, got.Micro(), tt.want)
		}
	}
}
