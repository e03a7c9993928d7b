package rewards

import (
	"encoding/hex"

	"github.com/tasknet/tasknet"
)

// Hash returns tasknet/epoch/v1, the epoch's leaf in the public log.
func (e *Epoch) Hash(instance string) ([32]byte, error) {
	return tasknet.Hash("tasknet/epoch/v1", map[string]any{
		"amount": e.Amount, "at_ms": e.At.UnixMilli(), "cumulative": e.Cumulative, "epoch": e.Number, "instance": instance, "payees": e.Payees,
		"root": hex.EncodeToString(e.Root[:]),
	})
}
