package polls

import (
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/tasknet/tasknet"
)

// Errors of an erasure.
var (
	ErrBadErasure = tasknet.NewError(tasknet.Invalid, "bad_erasure_signature", "The wallet's signature does not fit; sign the respondent and the time again for this instance and chain.")
	ErrOldErasure = tasknet.NewError(tasknet.Invalid, "erasure_time", "The statement's time must be the present one, to ten minutes; sign it again by the server's clock.")
)

// erasureGoodFor is how far the clock of who signs may be off, and for how long a statement can be sent again.
const erasureGoodFor = 10 * time.Minute

var erasureType = keccak([]byte("Erase(string respondent,address wallet,uint64 at)"))

// Erasure is a wallet's statement that what can be erased of its respondent shall be, signed under the domain of a Delegation:
//
//	Erase(string respondent,address wallet,uint64 at)
//
// It stays, and is public with each answer that was erased by it, so that nobody can claim an erasure that was not asked for.
type Erasure struct {
	Respondent RespondentID
	Wallet     Wallet
	At         time.Time // to the second
}

// Digest returns the 32 bytes that the wallet signs.
func (e *Erasure) Digest(in Domain) [32]byte {
	respondent, at := keccak([]byte(e.Respondent)), word(uint64(e.At.Unix()))
	return in.digest(keccak(erasureType[:], respondent[:], make([]byte, 12), e.Wallet[:], at[:]))
}

// Check reports whether the wallet signed the statement, and did so now. ErrBadErasure, ErrOldErasure.
func (e *Erasure) Check(in Domain, signature [65]byte, now time.Time) error {
	if !e.Signed(in, signature) {
		return ErrBadErasure
	}
	if e.At.Sub(now).Abs() > erasureGoodFor {
		return ErrOldErasure
	}
	return nil
}

// Signed reports whether the wallet signed the statement, whenever that was.
func (e *Erasure) Signed(in Domain, signature [65]byte) bool {
	return e.Wallet.signed(e.Digest(in), signature)
}

// Through is until when an answer must have been accepted to be erased by the statement: by then it was used.
func (e *Erasure) Through() time.Time { return e.At.Add(erasureGoodFor) }

// Sign returns a key's signature of the statement.
func (e *Erasure) Sign(in Domain, key *secp256k1.PrivateKey) [65]byte { return sign(e.Digest(in), key) }
