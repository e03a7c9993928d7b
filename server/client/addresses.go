package client

import (
	"context"
	"encoding/hex"
	"net/http"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// Payout returns how and where the person is paid.
func (r *Respondent) Payout(ctx context.Context) (wire.PayoutPlace, error) {
	var out wire.PayoutPlace
	err := r.do(ctx, call{method: http.MethodGet, path: []string{"me", "payout"}}, &out)
	return out, err
}

// ChangeAddress sends the person's pay to another address: at once with that address's key, and after a delay without one. A
// change that was sent before is not sent again: who got no reply looks at Payout.
func (r *Respondent) ChangeAddress(ctx context.Context, to polls.Wallet, own *secp256k1.PrivateKey) (wire.AddressChange, error) {
	var out wire.AddressChange
	place, err := r.Payout(ctx)
	if err != nil {
		return out, err
	}
	session, err := r.Session(ctx, "")
	if err != nil {
		return out, err
	}
	wallet, err := polls.ParseWallet(place.Wallet)
	if err != nil {
		return out, ErrProtocol
	}
	statement := polls.PayoutAddress{Respondent: polls.RespondentID(session.Respondent), Wallet: wallet, To: to, Number: place.Next}
	signature := statement.Sign(r.domain, r.keys.Wallet)
	body := wire.ChangeAddress{To: to.String(), Number: place.Next, Signature: hex.EncodeToString(signature[:])}
	if own != nil {
		proof := statement.Sign(r.domain, own)
		body.Proof = hex.EncodeToString(proof[:])
	}
	err = r.do(ctx, call{method: http.MethodPost, path: []string{"me", "payout", "address"}, body: body}, &out)
	return out, err
}
