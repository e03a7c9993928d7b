package rewards

import (
	"fmt"
	"strings"

	"github.com/tasknet/tasknet"
)

// Account is a place where money is, by a kind and, for most kinds, an owner: "org:org_01...", "operator:fees".
type Account string

// The accounts without an owner. Deposits is the world outside: it is negative, by what came in.
const (
	DepositsAccount  Account = "chain:deposits"
	ClaimedAccount   Account = "chain:claimed"   // left to people's wallets
	WithdrawnAccount Account = "chain:withdrawn" // left to requesters, who took back what was not spent
	FeesAccount      Account = "operator:fees"
	ForfeitsAccount  Account = "commons:forfeits" // what worthless answers would have been paid: nobody's, above all not the requester's or the operator's
)

// Kinds of account that have owners.
const (
	requesterKind = "org:"     // available to a requester
	holdKind      = "hold:"    // set aside for something that is not settled
	pendingKind   = "pending:" // a newcomer's pay, until it is proven that they are worth it
	payeeKind     = "payee:"   // final pay that no epoch has
	unclaimedKind = "epoch:"   // under a payout root, not claimed
	frozenKind    = "frozen:"  // of an account in the vault whose owner is about to withdraw
	debtKind      = "debt:"    // negative: what is gone from the vault although a requester had spent it
)

// Requester is the account of what an organisation can spend.
func Requester(org string) Account { return Account(requesterKind + org) }

// HoldFor is the account of what is set aside for a cause, such as a question.
func HoldFor(cause string) Account { return Account(holdKind + cause) }

// Pending is the account of somebody's pay while they are a newcomer.
func Pending(id string) Account { return Account(pendingKind + id) }

// Payee is the account of somebody's final pay until an epoch takes it.
func Payee(id string) Account { return Account(payeeKind + id) }

// Unclaimed is the account of somebody's pay under a payout root until it is claimed.
func Unclaimed(id string) Account { return Account(unclaimedKind + id) }

// Frozen is the account of what cannot be spent because the owner of an account in the vault is about to take it.
func Frozen(vaultAccount Hash) Account { return Account(fmt.Sprintf("%s%x", frozenKind, vaultAccount)) }

// Debt is the account of what an organisation has spent and the vault has no more: its deposit was undone by a
// re-organisation of the chain, or withdrawn while its questions were open. It is zero or negative; its next deposits,
// and what comes back to it from questions, go there first.
func Debt(org string) Account { return Account(debtKind + org) }

// MayOwe reports whether an account may be negative.
func (a Account) MayOwe() bool { return a == DepositsAccount || strings.HasPrefix(string(a), debtKind) }

// Reference returns the bytes that name an organisation in a deposit: its id in ASCII, filled up with zeros.
func Reference(org string) (ref [32]byte) {
	copy(ref[:], org)
	return ref
}

// OrgOf returns the organisation that a deposit's reference names: by its id, as Reference writes it. Any other reference is the
// number of a contract's question, whose organisation has an id that is made of it.
func OrgOf(ref [32]byte) string {
	name := strings.TrimRight(string(ref[:]), "\x00")
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" {
		return name
	}
	return tasknet.IDOf("org", [16]byte(ref[:16]))
}

// Entry adds an amount to an account; a negative amount takes it away.
type Entry struct {
	Account Account
	Amount  tasknet.Amount
}
