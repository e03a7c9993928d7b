package client

import (
	"encoding/hex"
	"fmt"
	"math/big"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// ErrBadCase reports a case about a stake that cannot be read.
var ErrBadCase = tasknet.NewError(tasknet.Invalid, "bad_case", "This is no case about a stake.")

// StakeCaseOf reads a case about a stake as a server, or a file, gives it. ErrBadCase.
func StakeCaseOf(w wire.StakeCase) (c rewards.StakeCase, err error) {
	bad := func(field string) error { return fmt.Errorf("%w (%s of case %d)", ErrBadCase, field, w.Number) }
	c = rewards.StakeCase{Number: w.Number, Job: w.Job, Part: w.Part, Owner: w.Owner, Amount: w.Amount, At: w.At.Time, State: rewards.CaseState(w.State), ID: w.ID}
	for _, f := range []struct {
		name, text string
		address    *rewards.Address
	}{{"contract", w.Contract, &c.Contract}, {"staker", w.Staker, &c.Staker}, {"harmed", w.Harmed, &c.Harmed}} {
		if f.name == "harmed" && f.text == "" {
			continue
		}
		a, err := polls.ParseWallet(f.text)
		if err != nil {
			return c, bad(f.name)
		}
		*f.address = rewards.Address(a)
	}
	for _, text := range w.Honest {
		a, err := polls.ParseWallet(text)
		if err != nil {
			return c, bad("honest")
		}
		c.Honest = append(c.Honest, rewards.Address(a))
	}
	evidence, err := hex.DecodeString(w.Evidence)
	if err != nil || len(evidence) != len(c.Evidence) {
		return c, bad("evidence")
	}
	copy(c.Evidence[:], evidence)
	if w.Taken != "" {
		taken, ok := new(big.Int).SetString(w.Taken, 10)
		if !ok || taken.Sign() < 0 {
			return c, bad("taken")
		}
		c.Taken = taken
	}
	if w.Amount.Sign() <= 0 {
		return c, bad("amount")
	}
	return c, nil
}
