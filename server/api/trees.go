package api

import (
	"context"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	// treesKept bounds the memory that trees take: one of 100,000 leaves has about 25 MB.
	treesKept = 8

	// leavesAge is how old the claims in a tree's leaves may be. All else in them never changes.
	leavesAge = 5 * time.Second
)

var errNotInTree = tasknet.NewError(tasknet.Internal, "payout_not_in_tree", "A payout is missing from its epoch's tree.")

// payoutTree is the tree of an epoch, to prove payouts by.
type payoutTree struct {
	root    string
	tree    *merkle.Tree
	leaves  []rewards.Payout
	indices map[string]int // of leaves, by payee
	at      time.Time
}

// tree returns the tree of an epoch, in whose leaves the claims are at most so old; of any age, if age is zero.
// rewards.ErrNoEpoch.
func (s *Server) tree(epoch int64, age time.Duration) (*payoutTree, error) {
	fresh := func() (*payoutTree, bool) {
		known, ok := s.trees.Get(epoch)
		return known, ok && (age == 0 || s.Now().Sub(known.at) < age)
	}
	if known, ok := fresh(); ok {
		return known, nil
	}
	return shared(s, "tree "+strconv.FormatInt(epoch, 10), func(ctx context.Context) (*payoutTree, error) {
		if known, ok := fresh(); ok { // somebody's flight ended just before this one began
			return known, nil
		}
		return s.readTree(ctx, epoch)
	})
}

func (s *Server) readTree(ctx context.Context, epoch int64) (*payoutTree, error) {
	known, ok := s.trees.Get(epoch)
	e, err := s.Stores.Rewards().Epoch(ctx, epoch)
	if err != nil {
		return nil, err
	}
	t := &payoutTree{root: hex.EncodeToString(e.Root[:]), at: s.Now()}
	if t.leaves, err = s.Stores.Rewards().Leaves(ctx, epoch); err != nil {
		return nil, err
	}
	switch {
	case ok:
		t.tree, t.indices = known.tree, known.indices
	case len(t.leaves) > 0: // else nobody was ever paid
		if t.tree, err = rewards.Tree(t.leaves, s.Chain); err != nil {
			return nil, err
		}
		t.indices = make(map[string]int, len(t.leaves))
		for i, l := range t.leaves {
			t.indices[l.Payee] = i
		}
	}
	s.trees.Add(epoch, t)
	return t, nil
}

// newest reports whether a payout is the one that its payee has in this tree.
func (t *payoutTree) newest(p rewards.Payout) bool {
	i, ok := t.indices[p.Payee]
	return ok && t.leaves[i].Epoch == p.Epoch
}

// payout writes a payout of an epoch, with its proof under this tree.
func (t *payoutTree) payout(p rewards.Payout, epoch rewards.Epoch) (wire.Payout, error) {
	i, ok := t.indices[p.Payee]
	if !ok {
		return wire.Payout{}, errNotInTree
	}
	proof := t.tree.Proof(i)
	out := wire.Payout{
		Epoch: p.Epoch, State: string(epoch.State), Respondent: rewards.PersonOf(p.Payee), Address: addressOf(p.Address), Amount: p.Amount, Cumulative: p.Cumulative,
		Claimed: p.Claimed, Tx: hashOf(p.ClaimTx), Root: t.root, Proof: make([]string, len(proof)), At: wire.At(epoch.At),
	}
	for i, h := range proof {
		out.Proof[i] = hex.EncodeToString(h[:])
	}
	return out, nil
}
