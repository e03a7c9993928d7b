package rewards

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
)

// AddressChangesMax is how many changes one person can make: each is a public record for ever.
const AddressChangesMax = 100

// Errors of a change of where somebody's pay goes.
var (
	ErrNoPayAddress  = tasknet.NewError(tasknet.Invalid, "address_not_payable", "Nobody can be paid there: it is zero, the vault or the token. Give the address of a wallet.")
	ErrSameAddress   = tasknet.NewError(tasknet.Conflict, "same_address", "Your pay goes to this address already.")
	ErrAddressTaken  = tasknet.NewError(tasknet.Conflict, "address_taken", "Somebody else here is paid to this address; each address is one person's.")
	ErrChangePending = tasknet.NewError(tasknet.Conflict, "address_change_pending", "Another change of your address waits; cancel it first, or wait until it is done.")
	ErrChangeNumber  = tasknet.NewError(tasknet.Conflict, "address_change_number", "This is not the number of your next change of address; sign that one. A change that was sent before is not done twice.")
	ErrChangesMax    = tasknet.NewError(tasknet.Conflict, "address_changes_most", "The address was changed as often as it can be.")
	ErrNoChangeWaits = tasknet.NewError(tasknet.NotFound, "no_address_change", "No change of your address waits.")
)

// AddressChange sends somebody's pay to another address, in epochs that are planned from Effective on. What earlier epochs
// gave stays at the address before, where it can be claimed.
type AddressChange struct {
	Person    string
	Wallet    Address // who signed
	To        Address
	Number    int64     // 1, 2, 3, ... of the person's changes
	Signature []byte    // the wallet's
	Proof     []byte    // that of the new address; none for a change that waits
	At        time.Time // when it was asked for
	Effective time.Time // whole milliseconds, as public records have it
	Cancelled time.Time // before Effective; zero for most
}

// Holds reports whether a change counts at a moment, if no newer one does.
func (c *AddressChange) Holds(at time.Time) bool {
	return c.Cancelled.IsZero() && !c.Effective.After(at)
}

// hash returns tasknet/address-change/v1.
func (c *AddressChange) hash(instance string) ([32]byte, error) {
	cancelled := int64(0)
	if !c.Cancelled.IsZero() {
		cancelled = c.Cancelled.UnixMilli()
	}
	return tasknet.Hash("tasknet/address-change/v1", map[string]any{
		"at_ms": c.At.UnixMilli(), "cancelled_ms": cancelled, "effective_ms": c.Effective.UnixMilli(), "instance": instance, "number": c.Number,
		"proof": hex.EncodeToString(c.Proof), "respondent": c.Person, "signature": hex.EncodeToString(c.Signature), "to": hex.EncodeToString(c.To[:]),
		"wallet": hex.EncodeToString(c.Wallet[:]),
	})
}

// Leaves returns the leaves of a change in the public log, tasknet/address-change/v1: as it was made, and then as it was cancelled.
func (c *AddressChange) Leaves(instance string) ([][32]byte, error) {
	made := *c
	made.Cancelled = time.Time{}
	leaf, err := made.hash(instance)
	if err != nil || c.Cancelled.IsZero() {
		return [][32]byte{leaf}, err
	}
	cancelled, err := c.hash(instance)
	return [][32]byte{leaf, cancelled}, err
}

// CheckPayAddress reports whether somebody can be paid at an address. The error is ErrNoPayAddress.
func CheckPayAddress(a Address, info ChainInfo) error {
	if a == (Address{}) || a == info.Vault || a == info.Token {
		return ErrNoPayAddress
	}
	return nil
}

// Somebody is one payee for each address to which their pay went: the first is named by their id, another by id and address,
// as in rsp_01k...:0x52ad.... Each has a leaf of its own, which grows while pay goes there.

// PayeeAt names the payee that a person is at an address to which their pay did not go before.
func PayeeAt(person string, a Address) string { return person + ":0x" + hex.EncodeToString(a[:]) }

// PersonOf returns who a payee is.
func PersonOf(payee string) string {
	person, _, _ := strings.Cut(payee, ":")
	return person
}

// AddressStore keeps where people's pay goes.
type AddressStore interface {
	// ChangeAddress saves a change that is to hold from its Effective on, and returns it with the time from which it does: later
	// than asked for if an epoch was planned meanwhile. ErrSameAddress, ErrAddressTaken, ErrChangePending, ErrChangeNumber,
	// ErrChangesMax, or NotFound for a person who is not known.
	ChangeAddress(ctx context.Context, c AddressChange) (AddressChange, error)

	// CancelChange cancels the change of a person that waits. ErrNoChangeWaits.
	CancelChange(ctx context.Context, person string, at time.Time) error

	// ChangesOf returns all changes of a person, oldest first.
	ChangesOf(ctx context.Context, person string) ([]AddressChange, error)

	// AddressChanges lists everybody's, in the order in which they were saved.
	AddressChanges(ctx context.Context, page tasknet.Page) ([]AddressChange, string, error)

	// PayeesOf returns the payees that a person is, with their addresses, the first first.
	PayeesOf(ctx context.Context, person string) ([]Paid, error)
}

// Paid is a payee and their address.
type Paid struct {
	Payee   string
	Address Address
}

// AddressAt returns where somebody's pay goes at a moment, by all their changes, and the change that waits then.
func AddressAt(first Address, changes []AddressChange, at time.Time) (now Address, waits *AddressChange) {
	now = first
	for i, c := range changes {
		switch {
		case c.Holds(at):
			now = c.To
		case c.Cancelled.IsZero():
			waits = &changes[i]
		}
	}
	return now, waits
}
