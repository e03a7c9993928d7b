package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

type changeAddressInput struct{ Body wire.ChangeAddress }

func (s *Server) addressRoutes() {
	forRespondent(s, op(http.MethodGet, "/v1/me/payout", tagMe, "my-payout", "How and where I am paid"), s.myPayout)
	change := op(http.MethodPost, "/v1/me/payout/address", tagMe, "change-address", "Have my pay sent to another address")
	change.Description = "With the signature of the new address too it holds for epochs that are planned from now on. Without it holds when the delay is over, and can be cancelled until then. " +
		"What is in epochs that were planned before can be claimed where it is. Each change has a number and is done once."
	forRespondent(s, change, s.changeAddress)
	forRespondent(s, op(http.MethodDelete, "/v1/me/payout/address", tagMe, "cancel-address", "Cancel the change of my address that waits"), s.cancelAddress)
	forAnybody(s, op(http.MethodGet, "/v1/records/addresses", tagRecords, "addresses", "All changes of where people's pay goes, in the order in which they were made"), s.addressChanges)
}

func (s *Server) myPayout(ctx context.Context, who respondent, _ *empty) (*of[wire.PayoutPlace], error) {
	ledger, id := s.Stores.Rewards(), string(who.id)
	person, err := s.Stores.Polls().Respondent(ctx, who.id)
	if err != nil {
		return nil, err
	}
	least, err := ledger.Least(ctx, id)
	if err != nil {
		return nil, err
	}
	changes, err := ledger.ChangesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	payees, err := ledger.PayeesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	now, waits := rewards.AddressAt(rewards.Address(person.Wallet), changes, s.Now())
	out := wire.PayoutPlace{
		Least: least, Wallet: person.Wallet.String(), Address: addressOf(now), Next: int64(len(changes)) + 1, Delay: int64(s.Pipeline.AddressDelay().Seconds()),
		Waits: changeOf(waits),
	}
	for _, p := range payees {
		if p.Address != now && (waits == nil || p.Address != waits.To) {
			out.Before = append(out.Before, addressOf(p.Address))
		}
	}
	return &of[wire.PayoutPlace]{out}, nil
}

func (s *Server) changeAddress(ctx context.Context, who respondent, in *changeAddressInput) (*of[wire.AddressChange], error) {
	to, err := polls.ParseWallet(in.Body.To)
	if err != nil {
		return nil, err
	}
	if err := rewards.CheckPayAddress(rewards.Address(to), s.Chain); err != nil {
		return nil, err
	}
	signature, err := walletSignature(in.Body.Signature)
	if err != nil {
		return nil, err
	}
	var proof *[65]byte
	if in.Body.Proof != "" {
		given, err := walletSignature(in.Body.Proof)
		if err != nil {
			return nil, err
		}
		proof = &given
	}
	change, err := s.Pipeline.ChangeAddress(ctx, who.id, to, in.Body.Number, signature, proof)
	if err != nil {
		return nil, err
	}
	return &of[wire.AddressChange]{wireChange(change)}, nil
}

func (s *Server) cancelAddress(ctx context.Context, who respondent, _ *empty) (*empty, error) {
	return nil, s.Pipeline.CancelAddress(ctx, who.id)
}

func (s *Server) addressChanges(ctx context.Context, _ address, in *Paging) (*of[wire.AddressChanges], error) {
	const list = "addresses"
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	changes, next, err := s.Stores.Rewards().AddressChanges(ctx, page)
	if err != nil {
		return nil, err
	}
	out := wire.AddressChanges{Page: s.next(list, next), Changes: make([]wire.AddressChange, len(changes))}
	for i, c := range changes {
		out.Changes[i] = wireChange(c)
	}
	return &of[wire.AddressChanges]{out}, nil
}

// changeOf writes a change, or none.
func changeOf(c *rewards.AddressChange) *wire.AddressChange {
	if c == nil {
		return nil
	}
	out := wireChange(*c)
	return &out
}

func wireChange(c rewards.AddressChange) wire.AddressChange {
	return wire.AddressChange{
		Respondent: c.Person, Wallet: addressOf(c.Wallet), To: addressOf(c.To), Number: c.Number, Signature: hex.EncodeToString(c.Signature), Proof: hex.EncodeToString(c.Proof),
		At: wire.At(c.At), Effective: wire.At(c.Effective), Cancelled: timeOf(c.Cancelled),
	}
}

// walletSignature reads the 65 bytes of a wallet's signature.
func walletSignature(text string) (signature [65]byte, err error) {
	raw, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil || len(raw) != len(signature) {
		return signature, errWalletSignature
	}
	return [65]byte(raw), nil
}
