package rewards

import (
	"math/bits"
	"time"

	"github.com/tasknet/tasknet"
)

// LeastPrice returns the least that an answer must pay, when it takes so long, to be worth a pay per hour: perHour *
// each / 1 h, rounded up to a micro-unit. Neither may be negative, and each at most an hour.
func LeastPrice(perHour tasknet.Amount, each time.Duration) tasknet.Amount {
	hi, lo := bits.Mul64(uint64(perHour.Micro()), uint64(each.Milliseconds()))
	hour := uint64(time.Hour.Milliseconds())
	lo, carry := bits.Add64(lo, hour-1, 0)
	least, _ := bits.Div64(hi+carry, lo, hour)
	return tasknet.Micro(int64(least))
}
