package polls

import (
	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/tasknet/tasknet"
)

// Errors of a change of a payout address.
var (
	ErrBadPayoutAddress = tasknet.NewError(tasknet.Invalid, "bad_payout_signature", "The wallet's signature does not fit this change; sign its number and address again for this instance and chain.")
	ErrBadPayoutProof   = tasknet.NewError(tasknet.Invalid, "bad_payout_proof", "The signature of the new address does not fit this change; sign it with that address's key, or leave it out and wait.")
)

// PayoutAddress is a wallet's statement that its respondent's pay goes to an address from then on, signed under the domain of
// a Delegation:
//
//	PayoutAddress(string respondent,address wallet,address to,uint64 number)
//
// The new address signs the same, to show that somebody has its key.
type PayoutAddress struct {
	Respondent RespondentID
	Wallet     Wallet
	To         Wallet
	Number     int64 // 1, 2, 3, ... of the respondent's changes: none is valid twice
}

var payoutAddressType = keccak([]byte("PayoutAddress(string respondent,address wallet,address to,uint64 number)"))

// Digest returns the 32 bytes that the wallet and the new address sign.
func (p *PayoutAddress) Digest(in Domain) [32]byte {
	respondent, number := keccak([]byte(p.Respondent)), word(uint64(p.Number))
	return in.digest(keccak(payoutAddressType[:], respondent[:], make([]byte, 12), p.Wallet[:], make([]byte, 12), p.To[:], number[:]))
}

// Check reports whether the wallet signed the statement, and the new address where there is a proof. ErrBadPayoutAddress,
// ErrBadPayoutProof.
func (p *PayoutAddress) Check(in Domain, signature [65]byte, proof *[65]byte) error {
	digest := p.Digest(in)
	if !p.Wallet.signed(digest, signature) {
		return ErrBadPayoutAddress
	}
	if proof != nil && !p.To.signed(digest, *proof) {
		return ErrBadPayoutProof
	}
	return nil
}

// Sign returns a key's signature of the statement.
func (p *PayoutAddress) Sign(in Domain, key *secp256k1.PrivateKey) [65]byte {
	return sign(p.Digest(in), key)
}
