package eth

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards/eth/contract"
)

// Errors of this package, besides those that wrap a node's own words.
var (
	// ErrUnavailable reports a node that does not answer, or answers nonsense.
	ErrUnavailable = tasknet.NewError(tasknet.Unavailable, "chain_unavailable", "The chain does not answer; try again.")
	// ErrInUse reports a data folder that another process has open.
	ErrInUse = tasknet.NewError(tasknet.Conflict, "chain_in_use", "Another server has this data folder open; stop it first, or give this one a folder of its own.")
	// ErrOtherChain reports a dev chain whose keys are not those that it was made with.
	ErrOtherChain = tasknet.NewError(tasknet.Conflict, "chain_keys_changed", "The chain in the data folder was made with other keys than those beside it; put the old key files back, or start with an empty folder.")
	// ErrConfig reports a setting that cannot work.
	ErrConfig = tasknet.NewError(tasknet.Invalid, "chain_config", "The chain's settings cannot work.")
	// ErrKey reports a key file that cannot be used.
	ErrKey = tasknet.NewError(tasknet.Invalid, "chain_key", "The key file must hold a private key as 64 hexadecimal digits, and be readable by its owner only.")
	// ErrNoVault reports an address at which there is no vault.
	ErrNoVault = tasknet.NewError(tasknet.Invalid, "chain_no_vault", "There is no vault at the given address on this chain.")
	// ErrFees reports that the chain asks for more than the highest fee that the operator allows.
	ErrFees = tasknet.NewError(tasknet.Unavailable, "chain_fees", "The chain's fees are above the highest allowed; wait, or allow more.")
	// ErrRefused reports a transaction that the node does not take.
	ErrRefused = tasknet.NewError(tasknet.Unavailable, "chain_refused", "The node does not accept the transaction.")
	// ErrNonce reports that another transaction was mined in place of this one: one that was given up, or one that
	// somebody else sent with the key.
	ErrNonce = tasknet.NewError(tasknet.Unavailable, "chain_nonce", "Another transaction of this key was mined instead; look at the chain, then send again. If it was another program's, give each its own key.")
	// ErrGas reports that the node cannot tell how much gas a transaction needs.
	ErrGas = tasknet.NewError(tasknet.Unavailable, "chain_gas", "The node cannot estimate what the transaction costs.")
	// ErrTooLarge reports a batch that does not fit one transaction.
	ErrTooLarge = tasknet.NewError(tasknet.TooLarge, "chain_batch", "The batch does not fit one transaction; split it.")
	// ErrReverted reports a transaction that the contracts undid for a reason that has no error of its own here.
	ErrReverted = tasknet.NewError(tasknet.Conflict, "chain_reverted", "The contract refused the transaction.")
	// ErrNotPoster reports that the key may not post roots to the vault.
	ErrNotPoster = tasknet.NewError(tasknet.Forbidden, "vault_not_poster", "The vault takes roots from another key than this one.")
	// ErrEpoch reports a root for another epoch than the vault's next.
	ErrEpoch = tasknet.NewError(tasknet.Conflict, "vault_epoch", "The vault has a root for this epoch, or none for the one before.")
	// ErrTotal reports a root that sums to less than the one before.
	ErrTotal = tasknet.NewError(tasknet.Invalid, "vault_total_shrinks", "Cumulative sums cannot shrink: the root sums to less than the one before.")
	// ErrUnderfunded reports a root that promises more than the vault was given.
	ErrUnderfunded = tasknet.NewError(tasknet.NoFunds, "vault_underfunded", "The root promises more than was deposited.")
	// ErrProof reports leaves that are not in the newest root.
	ErrProof = tasknet.NewError(tasknet.Invalid, "vault_bad_proof", "The proof does not lead from these sums to the newest root.")
	// ErrOverpaid reports leaves that sum to more than their root's total.
	ErrOverpaid = tasknet.NewError(tasknet.Conflict, "vault_overpaid", "The sums in the tree come to more than the total of its root.")
	// ErrBatch reports a batch without leaves.
	ErrBatch = tasknet.NewError(tasknet.Invalid, "vault_bad_batch", "A claim needs at least one leaf.")
)

// reverts names, by the selector that the contracts revert with, the error that a caller sees.
var reverts = map[[4]byte]*tasknet.Error{
	selector(contract.VaultVaultNotPosterErrorID()):               ErrNotPoster,
	selector(contract.VaultVaultWrongEpochErrorID()):              ErrEpoch,
	selector(contract.VaultVaultTotalShrinksErrorID()):            ErrTotal,
	selector(contract.VaultVaultUnderfundedErrorID()):             ErrUnderfunded,
	selector(contract.VaultVaultBadProofErrorID()):                ErrProof,
	selector(contract.VaultMerkleProofInvalidMultiproofErrorID()): ErrProof,
	selector(contract.VaultVaultOverpaidErrorID()):                ErrOverpaid,
	selector(contract.VaultVaultBadBatchErrorID()):                ErrBatch,
}

func selector(id [32]byte) [4]byte { return [4]byte(id[:4]) }

// translate says in this package's terms what a node answered. A revert becomes the error of its reason; whatever else
// a node says, or does not say, is ErrUnavailable. Decisions rest on codes and data, never on a node's prose. The node's
// URL, which often carries the key of a provider's customer, is left out, because errors are logged.
func translate(doing string, err error) error {
	for inner, ok := errors.AsType[*url.Error](err); ok; inner, ok = errors.AsType[*url.Error](err) {
		err = inner.Err
	}
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return wrap(doing, err)
	}
	if data, ok := revertData(err); ok {
		return fmt.Errorf("%s: %w (%w)", doing, reason(data), err)
	}
	return fmt.Errorf("%s: %w (%w)", doing, ErrUnavailable, err)
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// reason returns the error that the revert's data stands for.
func reason(data []byte) *tasknet.Error {
	if len(data) >= 4 {
		if known, ok := reverts[[4]byte(data[:4])]; ok {
			return known
		}
	}
	return ErrReverted
}

// revertData returns what a contract reverted with, when err is a node's report of that. Code 3 is every node's.
func revertData(err error) ([]byte, bool) {
	coded, ok := errors.AsType[rpc.Error](err)
	if !ok || coded.ErrorCode() != 3 {
		return nil, false
	}
	withData, ok := errors.AsType[rpc.DataError](err)
	if !ok {
		return nil, true
	}
	text, _ := withData.ErrorData().(string)
	data, _ := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	return data, true
}

// answered reports whether err is a node's own answer, rather than the lack of one.
func answered(err error) bool {
	_, ok := errors.AsType[rpc.Error](err)
	return ok
}
