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
	"github.com/tasknet/tasknet/rewards"
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
	// ErrDisagree reports nodes of which no majority says the same.
	ErrDisagree = tasknet.NewError(tasknet.Unavailable, "chain_disagree", "The chain's endpoints do not agree; nothing is read or sent until most of them do.")
	// ErrKey reports a key that cannot be used.
	ErrKey = tasknet.NewError(tasknet.Invalid, "chain_key", "A private key is 64 hexadecimal digits, or a keystore file of version 3 with its passphrase in another file; files must be readable by their owner only.")
	// ErrSigner reports a program that holds a key and does not sign with it what it is asked to.
	ErrSigner = tasknet.NewError(tasknet.Unavailable, "chain_signer", "The external signer did not sign the transaction.")
	// ErrNoVault reports an address at which there is no vault.
	ErrNoVault = tasknet.NewError(tasknet.Invalid, "chain_no_vault", "There is no vault at the given address on this chain.")
	// ErrNoOracle reports an address at which there is no oracle that pays into the vault.
	ErrNoOracle = tasknet.NewError(tasknet.Invalid, "chain_no_oracle", "There is no oracle for the vault at the given address on this chain.")
	// ErrNoStake reports an address at which there is no contract of stakes for the vault.
	ErrNoStake = tasknet.NewError(tasknet.Invalid, "chain_no_stake", "There is no contract of stakes for the vault at the given address: its token must be the vault's, and its court the vault's adjudicator, where it has one.")
	// ErrNotCourt reports a key that cannot decide cases about stakes.
	ErrNotCourt = tasknet.NewError(tasknet.Forbidden, "stake_not_court", "The court of the stakes is another account than this one.")
	// ErrStakeAmount reports more of a stake than there is, or nothing.
	ErrStakeAmount = tasknet.NewError(tasknet.Invalid, "stake_amount", "That is nothing, or more than there is.")
	// ErrStakeEarly reports a stake that is taken back before its time.
	ErrStakeEarly = tasknet.NewError(tasknet.Conflict, "stake_early", "What was asked back cannot be taken yet.")
	// ErrFrozen reports a stake about which a case is open.
	ErrFrozen = tasknet.NewError(tasknet.Conflict, "stake_frozen", "A case is open that freezes the stake; it ends by the court's word, or by itself.")
	// ErrCaseOver reports a case that is not open.
	ErrCaseOver = tasknet.NewError(tasknet.Conflict, "stake_case_over", "The contract has no such open case; it is decided, or its time is over.")
	// ErrStakeShares reports a division of a stake that the contract does not take.
	ErrStakeShares = tasknet.NewError(tasknet.Invalid, "stake_shares", "A stake goes to neither the operator nor the court nor the staker, and its shares add up to it.")
	// ErrFulfilled reports a verdict that the oracle has, or a call that is not due.
	ErrFulfilled = tasknet.NewError(tasknet.Conflict, "oracle_fulfilled", "The oracle has this verdict already, or has nothing to deliver.")
	// ErrOldVault reports a vault of the first kind, which nobody is paid from any more.
	ErrOldVault = tasknet.NewError(tasknet.Conflict, "chain_old_vault", "The vault is of the first kind, which this version does not pay from. On the development chain its money is test money: start with an empty data folder (--data), and keep the old one to read it with the version that made it.")
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
	// ErrPending reports a root that waits for its time or for a judgement, which the next has to wait for.
	ErrPending = tasknet.NewError(tasknet.Conflict, "vault_root_pending", "The vault has a root that is not in force yet; wait for it.")
	// ErrBond reports that less is at stake than the vault asks for.
	ErrBond = tasknet.NewError(tasknet.NoFunds, "vault_bond", "Less is at stake than the vault asks for; put a bond first (tasknet vault bond).")
	// ErrNotPending reports a root that cannot be blocked or judged because it does not wait for that.
	ErrNotPending = tasknet.NewError(tasknet.Conflict, "vault_not_pending", "The vault has no such root that waits for this; look at its newest roots.")
	// ErrNotWatcher reports a key that cannot block roots.
	ErrNotWatcher = tasknet.NewError(tasknet.Forbidden, "vault_not_watcher", "Roots of this vault cannot be blocked by this key: it is the poster's, or the vault was made without a bond.")
	// ErrNotAdjudicator reports a key that cannot decide about roots.
	ErrNotAdjudicator = tasknet.NewError(tasknet.Forbidden, "vault_not_adjudicator", "The vault's adjudicator is another account than this one.")
	// ErrNotOffered reports an account to which the poster's place was not offered, or cannot be given.
	ErrNotOffered = tasknet.NewError(tasknet.Forbidden, "vault_not_offered", "The poster's place was not offered to this account, or cannot be given to it.")
	// ErrPosterThere reports a poster who has posted a root too lately to be replaced.
	ErrPosterThere = tasknet.NewError(tasknet.Conflict, "vault_poster_there", "The poster has posted a root within the vault's notice; it offers its place itself.")
	// ErrNoMinter reports a token that is no test token of ours.
	ErrNoMinter = tasknet.NewError(tasknet.Invalid, "token_no_minter", "The vault's token is not a test token, and nobody can mint it here; get it where people trade it.")
	// ErrNotMinter reports a test token that another key mints.
	ErrNotMinter = tasknet.NewError(tasknet.Forbidden, "token_not_minter", "The test token is minted by another key than this one: by the one that deployed it, or the development chain's keys/minter.")
	// ErrNotInForce reports a header that is not that of the root in force.
	ErrNotInForce = rewards.ErrNotInForce
	// ErrNotice reports a withdrawal without a notice, or before it is over.
	ErrNotice = tasknet.NewError(tasknet.Conflict, "vault_notice", "A withdrawal needs a notice that is over; give notice first, once, and wait.")
	// ErrNothing reports that nothing is left to claim or to withdraw.
	ErrNothing = tasknet.NewError(tasknet.Conflict, "vault_nothing", "There is nothing left to take.")
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
	selector(contract.VaultVaultRootPendingErrorID()):             ErrPending,
	selector(contract.VaultVaultBondTooSmallErrorID()):            ErrBond,
	selector(contract.VaultVaultNotPendingErrorID()):              ErrNotPending,
	selector(contract.VaultVaultNotWatcherErrorID()):              ErrNotWatcher,
	selector(contract.VaultVaultNotAdjudicatorErrorID()):          ErrNotAdjudicator,
	selector(contract.VaultVaultBadAddressErrorID()):              ErrNotOffered,
	selector(contract.VaultVaultNotInForceErrorID()):              ErrNotInForce,
	selector(contract.VaultVaultNoticeErrorID()):                  ErrNotice,
	selector(contract.VaultVaultTooEarlyErrorID()):                ErrNotice,
	selector(contract.VaultVaultNothingToClaimErrorID()):          ErrNothing,
	selector(contract.VaultVaultNothingToWithdrawErrorID()):       ErrNothing,
	selector(contract.VaultVaultNoAccountErrorID()):               ErrNothing,
	selector(contract.VaultVaultTotalShrinksErrorID()):            ErrTotal,
	selector(contract.VaultVaultSpentShrinksErrorID()):            ErrTotal,
	selector(contract.VaultVaultOverspentErrorID()):               ErrUnderfunded,
	selector(contract.VaultVaultUnderfundedErrorID()):             ErrUnderfunded,
	selector(contract.VaultVaultBadProofErrorID()):                ErrProof,
	selector(contract.VaultMerkleProofInvalidMultiproofErrorID()): ErrProof,
	selector(contract.VaultVaultOverpaidErrorID()):                ErrOverpaid,
	selector(contract.VaultVaultBadBatchErrorID()):                ErrBatch,
	selector(contract.OracleOracleFulfilledErrorID()):             ErrFulfilled,
	selector(contract.StakeStakeNotCourtErrorID()):                ErrNotCourt,
	selector(contract.StakeStakeBadAmountErrorID()):               ErrStakeAmount,
	selector(contract.StakeStakeTooEarlyErrorID()):                ErrStakeEarly,
	selector(contract.StakeStakeFrozenErrorID()):                  ErrFrozen,
	selector(contract.StakeStakeNoCaseErrorID()):                  ErrCaseOver,
	selector(contract.StakeStakeBadRecipientErrorID()):            ErrStakeShares,
	selector(contract.StakeStakeBadSharesErrorID()):               ErrStakeShares,
	selector(contract.OracleOracleNotDueErrorID()):                ErrFulfilled,
	selector(contract.OracleOracleNotInForceErrorID()):            ErrNotInForce,
	selector(contract.OracleOracleBadProofErrorID()):              ErrProof,
}

func selector(id [32]byte) [4]byte { return [4]byte(id[:4]) }

// translate says in this package's terms what a node answered. A revert becomes the error of its reason; whatever else
// a node says, or does not say, is ErrUnavailable. Decisions rest on codes and data, never on a node's prose. The node's
// URL, which often carries the key of a provider's customer, is left out, because errors are logged.
func translate(doing string, err error) error {
	err = withoutURL(err)
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return wrap(doing, err)
	}
	if data, ok := revertData(err); ok {
		return fmt.Errorf("%s: %w (%s)", doing, reason(data), details(data)) // a node's prose may have the raw bytes
	}
	return fmt.Errorf("%s: %w (%w)", doing, ErrUnavailable, err)
}

// withoutURL returns what is wrong without the address of what was asked.
func withoutURL(err error) error {
	for inner, ok := errors.AsType[*url.Error](err); ok; inner, ok = errors.AsType[*url.Error](err) {
		err = inner.Err
	}
	return err
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
