package verify_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// TestBonus: a bonus goes from one requester to somebody who has answered, and enters the next epoch with all other pay.
func TestBonus(t *testing.T) {
	good := buildWith(t, labeling.General(len(choices)), func(b *builder) {
		b.post(rewards.Bonus(tasknet.NewID(rewards.BonusPrefix, b.tick()), alice, b.people[1].id, tasknet.Micro(23), b.at))
		b.spent[alice] = b.spent[alice].Add(tasknet.Micro(23))
		b.epoch(rewards.Confirmed)
	})
	if _, err := verify.Run(t.Context(), good.client(t), verify.Config{}); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(good.Ledger, func(t wire.Transaction) bool { return t.Kind == "bonus" })
	id := good.Ledger[at].ID
	for _, tt := range []struct {
		name   string
		change func(*wire.Transaction)
		field  string
	}{
		{"for nothing that is a bonus", func(t *wire.Transaction) { t.Cause = "bns_x" }, "cause"},
		{"to the operator", func(t *wire.Transaction) { t.Entries[1].Account = "operator:fees" }, "entries"},
		{"from the forfeits", func(t *wire.Transaction) { t.Entries[0].Account = "commons:forfeits" }, "entries"},
		{"to somebody who waits", func(t *wire.Transaction) {
			t.Entries[1].Account = string(rewards.Pending(good.Questions[0].Answers[0].Respondent))
		}, "entries"},
		{"to nobody", func(t *wire.Transaction) { t.Entries[1].Account = string(rewards.Payee("rsp_nobody")) }, "account"},
		{"of more than there is", func(t *wire.Transaction) { moves(t, 1<<50) }, "entry of org:" + alice},
	} {
		r := good.copied(t)
		tt.change(&r.Ledger[at])
		_, err := verify.Run(t.Context(), r.client(t), verify.Config{})
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "transaction" || m.ID != id || m.Field != tt.field {
			t.Errorf("a bonus %s: %v, want %s of %s", tt.name, err, tt.field, id)
		}
	}
}
