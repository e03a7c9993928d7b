package client

import (
	"encoding/hex"
	"fmt"
	"math/big"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// ErrBadHeader is of an epoch whose record has no header that a vault could have been told.
var ErrBadHeader = tasknet.NewError(tasknet.Invalid, "bad_header", "The record of this epoch has no header that the vault could have been told.")

// EpochHeader returns the header of an epoch's record. Its hash, by the fields and not as the record says it, is what the vault must
// have. ErrBadHeader.
func EpochHeader(e wire.Epoch) (h rewards.Header, err error) {
	if e.Header == nil {
		return h, fmt.Errorf("%w (epoch %d has none)", ErrBadHeader, e.Number)
	}
	h = rewards.Header{Epoch: e.Number, Through: e.Header.Through, LogSize: e.Header.LogSize}
	if h.Epoch < 0 || h.Through < 0 || h.LogSize < 0 {
		return rewards.Header{}, fmt.Errorf("%w (a number of epoch %d is negative)", ErrBadHeader, e.Number)
	}
	for _, f := range []struct {
		name, text string
		hash       *rewards.Hash
	}{
		{"payouts", e.Header.Payouts, &h.Payouts},
		{"spending", e.Header.Spending, &h.Spending},
		{"verdicts", e.Header.Verdicts, &h.Verdicts},
		{"log_root", e.Header.LogRoot, &h.LogRoot},
	} {
		raw, err := hex.DecodeString(f.text)
		if err != nil || len(raw) != len(f.hash) {
			return rewards.Header{}, fmt.Errorf("%w (%s of epoch %d is not 32 bytes in hex)", ErrBadHeader, f.name, e.Number)
		}
		copy(f.hash[:], raw)
	}
	for _, f := range []struct {
		name, text string
		sum        **big.Int
	}{{"total", e.Header.Total, &h.Total}, {"spent", e.Header.Spent, &h.Spent}} {
		n, ok := new(big.Int).SetString(f.text, 10)
		if !ok || n.Sign() < 0 || n.BitLen() > 256 {
			return rewards.Header{}, fmt.Errorf("%w (%s of epoch %d is not a sum)", ErrBadHeader, f.name, e.Number)
		}
		*f.sum = n
	}
	return h, nil
}
