package eth

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/contract"
)

var (
	_ rewards.StakeChain = (*View)(nil)
	_ rewards.Court      = (*Wallet)(nil)

	stakeABI = contract.NewStake()

	stakeLockedID     = crypto.Keccak256Hash([]byte("StakeLocked(address,uint256)"))
	unlockRequestedID = crypto.Keccak256Hash([]byte("UnlockRequested(address,uint256,uint64)"))
	stakeUnlockedID   = crypto.Keccak256Hash([]byte("StakeUnlocked(address,uint256)"))
	caseOpenedID      = crypto.Keccak256Hash([]byte("CaseOpened(uint256,address,bytes32,uint64)"))
	stakeSlashedID    = crypto.Keccak256Hash([]byte("StakeSlashed(uint256,address,uint256,bytes32)"))
	stakeAwardedID    = crypto.Keccak256Hash([]byte("StakeAwarded(uint256,address,uint256)"))
	caseDismissedID   = crypto.Keccak256Hash([]byte("CaseDismissed(uint256)"))
)

// checkStake checks that there is a contract of stakes at an address, of the vault's token, and with the vault's adjudicator as its
// court where the vault has one. Nothing is checked when the address is zero.
func (v *View) checkStake(ctx context.Context, at rewards.Address) error {
	if at == (rewards.Address{}) {
		return nil
	}
	read := reader{ctx: ctx, backend: v.backend, to: common.Address(at)}
	t := rewards.StakeTerms{Contract: at}
	token := readAs(&read, stakeABI.PackToken(), stakeABI.UnpackToken)
	t.Court = rewards.Address(readAs(&read, stakeABI.PackCourt(), stakeABI.UnpackCourt))
	t.Operator = rewards.Address(readAs(&read, stakeABI.PackOperator(), stakeABI.UnpackOperator))
	t.Delay = time.Duration(readAs(&read, stakeABI.PackDelay(), stakeABI.UnpackDelay)) * time.Second
	t.CaseTime = time.Duration(readAs(&read, stakeABI.PackCaseTime(), stakeABI.UnpackCaseTime)) * time.Second
	t.CapPPM = int(readAs(&read, stakeABI.PackCapPpm(), stakeABI.UnpackCapPpm))
	if errors.Is(read.err, ErrNoVault) {
		return fmt.Errorf("%w (%w)", ErrNoStake, read.err)
	}
	read.to = common.Address(v.info.Vault)
	adjudicator := readAs(&read, vaultABI.PackAdjudicator(), vaultABI.UnpackAdjudicator)
	switch {
	case read.err != nil:
		return read.err
	case token != common.Address(v.info.Token):
		return fmt.Errorf("%w (its token is %s, the vault's %s)", ErrNoStake, token, common.Address(v.info.Token))
	case adjudicator != (common.Address{}) && adjudicator != common.Address(t.Court):
		return fmt.Errorf("%w (its court is %s, the vault's adjudicator %s)", ErrNoStake, common.Address(t.Court), adjudicator)
	}
	v.info.Stake = t
	return nil
}

// StakeEvents implements rewards.StakeChain. When very many are waiting it returns the first of them, and the block that it got to.
func (v *View) StakeEvents(ctx context.Context, from int64) ([]rewards.StakeEvent, rewards.Look, error) {
	through, none := rewards.Look{Block: from}, rewards.Look{}
	depth, err := v.depth(ctx)
	if err != nil {
		return nil, none, err
	}
	if before := min(v.info.VaultBlock-1, depth); before > from { // the vault is older
		if through, err = v.look(ctx, before); err != nil {
			return nil, none, err
		}
	}
	var events []rewards.StakeEvent
	for through.Block < depth && len(events) < eventsPerScan {
		before := through
		if through, err = v.look(ctx, min(before.Block+blocksPerScan, depth)); err != nil {
			return nil, none, err
		}
		logs, err := v.backend.FilterLogs(ctx, ethereum.FilterQuery{
			FromBlock: big.NewInt(before.Block + 1), ToBlock: big.NewInt(through.Block), Addresses: []common.Address{common.Address(v.info.Stake.Contract)},
		})
		if err != nil {
			return nil, none, translate("read events of stakes", err)
		}
		for i := range logs {
			e, err := stakeEventOf(&logs[i])
			if err != nil {
				return nil, none, translate("read an event of stakes", err)
			}
			if e.Kind != "" {
				events = append(events, e)
			}
		}
	}
	return events, through, nil
}

// stakeEventOf reads an event; its kind is empty where it says nothing about a stake.
func stakeEventOf(log *types.Log) (rewards.StakeEvent, error) {
	e := rewards.StakeEvent{Tx: rewards.Hash(log.TxHash), Block: int64(log.BlockNumber)}
	if len(log.Topics) < 2 {
		return e, nil
	}
	switch log.Topics[0] {
	case stakeLockedID, unlockRequestedID, stakeUnlockedID:
		e.Kind, e.Staker = rewards.StakeMoved, rewards.Address(common.BytesToAddress(log.Topics[1][:]))
	case caseOpenedID:
		o, err := stakeABI.UnpackCaseOpenedEvent(log)
		if err != nil {
			return e, err
		}
		e.Kind, e.Case, e.Staker, e.Evidence, e.Until = rewards.CaseWasOpened, o.Id.Int64(), rewards.Address(o.Staker), o.Evidence, time.Unix(int64(o.Until), 0)
	case stakeSlashedID:
		s, err := stakeABI.UnpackStakeSlashedEvent(log)
		if err != nil {
			return e, err
		}
		e.Kind, e.Case, e.Staker, e.Evidence, e.Amount = rewards.CaseSlashed, s.Id.Int64(), rewards.Address(s.Staker), s.Evidence, s.Amount
	case stakeAwardedID:
		a, err := stakeABI.UnpackStakeAwardedEvent(log)
		if err != nil {
			return e, err
		}
		e.Kind, e.Case, e.Recipient, e.Amount = rewards.StakeAwarded, a.Id.Int64(), rewards.Address(a.Recipient), a.Amount
	case caseDismissedID:
		d, err := stakeABI.UnpackCaseDismissedEvent(log)
		if err != nil {
			return e, err
		}
		e.Kind, e.Case = rewards.CaseWasClosed, d.Id.Int64()
	}
	return e, nil
}

// StakesAt implements rewards.StakeChain.
func (v *View) StakesAt(ctx context.Context, block int64, stakers []rewards.Address) ([]rewards.Stake, time.Time, error) {
	header, err := v.backend.HeaderByNumber(ctx, big.NewInt(block))
	if err != nil {
		return nil, time.Time{}, translate("read a block", err)
	}
	out := make([]rewards.Stake, len(stakers))
	for i, s := range stakers {
		if out[i], err = v.stakeAt(ctx, s, header.Number); err != nil {
			return nil, time.Time{}, err
		}
	}
	return out, time.Unix(int64(header.Time), 0), nil
}

// StakeNow returns somebody's stake as it is by the newest block, and what was awarded to them and not fetched, in base units.
func (v *View) StakeNow(ctx context.Context, staker rewards.Address) (rewards.Stake, *big.Int, error) {
	if err := v.hasStake(); err != nil {
		return rewards.Stake{}, nil, err
	}
	read := reader{ctx: ctx, backend: v.backend, to: common.Address(v.info.Stake.Contract)}
	owed := readAs(&read, stakeABI.PackOwed(common.Address(staker)), stakeABI.UnpackOwed)
	if read.err != nil {
		return rewards.Stake{}, nil, read.err
	}
	s, err := v.stakeAt(ctx, staker, nil)
	return s, owed, err
}

func (v *View) stakeAt(ctx context.Context, staker rewards.Address, block *big.Int) (rewards.Stake, error) {
	to := common.Address(v.info.Stake.Contract)
	out, err := v.backend.CallContract(ctx, ethereum.CallMsg{To: &to, Data: stakeABI.PackStakeOf(common.Address(staker))}, block)
	if err != nil {
		return rewards.Stake{}, translate("read a stake", err)
	}
	if len(out) == 0 { // the contract is younger than the block
		return rewards.Stake{Staked: new(big.Int), Asked: new(big.Int)}, nil
	}
	s, err := stakeABI.UnpackStakeOf(out)
	if err != nil {
		return rewards.Stake{}, translate("read a stake", err)
	}
	is := rewards.Stake{Staked: s.Staked, Asked: s.Asked, Case: s.Open.Int64()}
	if s.Asked.Sign() > 0 {
		is.ReadyAt = time.Unix(int64(s.ReadyAt), 0)
	}
	return is, nil
}

// hasStake fails where no contract of stakes is known.
func (v *View) hasStake() error {
	if v.info.Stake.Contract == (rewards.Address{}) {
		return fmt.Errorf("%w (name one)", ErrNoStake)
	}
	return nil
}

// CaseSoFar is what the contract of stakes has of a case by the newest block.
type CaseSoFar struct {
	ID    int64 // of the newest one about the same; zero when there was none
	Open  bool
	Until time.Time
	Most  *big.Int // that it can take, in base units
	Taken bool     // one about the same took something
}

// CaseNow looks for what the contract has of a case against somebody by some evidence, as it is by the newest block: of what is not
// confirmed yet, nobody else may know.
func (v *View) CaseNow(ctx context.Context, staker rewards.Address, evidence rewards.Hash) (c CaseSoFar, err error) {
	if err := v.hasStake(); err != nil {
		return c, err
	}
	head, err := v.backend.BlockNumber(ctx)
	if err != nil {
		return c, translate("read the head", err)
	}
	who := common.BytesToHash(staker[:])
	for from := max(v.info.VaultBlock, 0); from <= int64(head); from += blocksPerScan {
		logs, err := v.backend.FilterLogs(ctx, ethereum.FilterQuery{
			FromBlock: big.NewInt(from), ToBlock: big.NewInt(min(from+blocksPerScan-1, int64(head))), Addresses: []common.Address{common.Address(v.info.Stake.Contract)},
			Topics: [][]common.Hash{{caseOpenedID, stakeSlashedID}, nil, {who}},
		})
		if err != nil {
			return c, translate("look for a case", err)
		}
		for i := range logs {
			e, err := stakeEventOf(&logs[i])
			if err != nil {
				return c, translate("read an event of stakes", err)
			}
			if e.Evidence == evidence && e.Kind == rewards.CaseWasOpened {
				c.ID = e.Case
			}
			c.Taken = c.Taken || e.Kind == rewards.CaseSlashed && e.Evidence == evidence
		}
	}
	if c.ID == 0 {
		return c, nil
	}
	is, err := v.caseOf(ctx, c.ID)
	c.Open, c.Until, c.Most = is.Open, time.Unix(int64(is.Until), 0), is.Most
	return c, err
}

// CaseMost implements rewards.StakeChain.
func (v *View) CaseMost(ctx context.Context, id int64) (*big.Int, error) {
	is, err := v.caseOf(ctx, id)
	return is.Most, err
}

func (v *View) caseOf(ctx context.Context, id int64) (contract.CaseOfOutput, error) {
	to := common.Address(v.info.Stake.Contract)
	out, err := v.backend.CallContract(ctx, ethereum.CallMsg{To: &to, Data: stakeABI.PackCaseOf(big.NewInt(id))}, nil)
	if err != nil {
		return contract.CaseOfOutput{}, translate("read a case", err)
	}
	is, err := stakeABI.UnpackCaseOf(out)
	return is, translate("read a case", err)
}

// Lock stakes base units of the wallet's tokens.
func (w *Wallet) Lock(ctx context.Context, base *big.Int) (rewards.Mined, error) {
	if err := w.hasStake(); err != nil {
		return rewards.Mined{}, err
	}
	if err := w.allow(ctx, w.info.Stake.Contract, base); err != nil {
		return rewards.Mined{}, err
	}
	return w.stakes(ctx, "lock a stake", stakeABI.PackLock(base))
}

// RequestUnlock asks base units of the wallet's stake back. They do not count from then on, and can be slashed until they are taken.
func (w *Wallet) RequestUnlock(ctx context.Context, base *big.Int) (rewards.Mined, error) {
	return w.stakes(ctx, "ask a stake back", stakeABI.PackRequestUnlock(base))
}

// Unlock takes back what was asked back. ErrStakeEarly, ErrFrozen.
func (w *Wallet) Unlock(ctx context.Context) (rewards.Mined, error) {
	return w.stakes(ctx, "take a stake back", stakeABI.PackUnlock())
}

// Collect takes what the wallet was awarded of others' stakes.
func (w *Wallet) Collect(ctx context.Context) (rewards.Mined, error) {
	return w.stakes(ctx, "collect an award", stakeABI.PackCollect())
}

// OpenCase implements rewards.Court. ErrNotCourt, ErrFrozen, ErrStakeAmount.
func (w *Wallet) OpenCase(ctx context.Context, staker rewards.Address, evidence rewards.Hash) (rewards.Mined, error) {
	return w.stakes(ctx, "open a case", stakeABI.PackOpenCase(common.Address(staker), evidence))
}

// Slash implements rewards.Court. ErrNotCourt, ErrCaseOver, ErrStakeAmount, ErrStakeShares.
func (w *Wallet) Slash(ctx context.Context, id int64, evidence rewards.Hash, shares []rewards.Share) (rewards.Mined, error) {
	return w.stakes(ctx, "slash a stake", slashing(id, evidence, shares))
}

// Dismiss implements rewards.Court. ErrNotCourt, ErrCaseOver.
func (w *Wallet) Dismiss(ctx context.Context, id int64) (rewards.Mined, error) {
	return w.stakes(ctx, "dismiss a case", stakeABI.PackDismiss(big.NewInt(id)))
}

func slashing(id int64, evidence rewards.Hash, shares []rewards.Share) []byte {
	sum, to, amounts := new(big.Int), make([]common.Address, len(shares)), make([]*big.Int, len(shares))
	for i, s := range shares {
		to[i], amounts[i] = common.Address(s.To), s.Amount
		sum.Add(sum, s.Amount)
	}
	return stakeABI.PackSlash(big.NewInt(id), sum, evidence, to, amounts)
}

func (w *Wallet) stakes(ctx context.Context, doing string, data []byte) (rewards.Mined, error) {
	if err := w.hasStake(); err != nil {
		return rewards.Mined{}, err
	}
	to := common.Address(w.info.Stake.Contract)
	return settle(ctx, doing, w.sender, &to, data)
}

// DeployStake makes a contract of stakes for the wallet's vault, and the wallet's key pays for it. Where the vault has an adjudicator
// it is the court, and terms need not name it; the operator is who posts roots now.
func (w *Wallet) DeployStake(ctx context.Context, t rewards.StakeTerms) (rewards.Address, rewards.Mined, error) {
	vault, poster, err := w.TermsOf(ctx)
	if err != nil {
		return rewards.Address{}, rewards.Mined{}, err
	}
	if vault.Adjudicator != (rewards.Address{}) {
		if t.Court != (rewards.Address{}) && t.Court != vault.Adjudicator {
			return rewards.Address{}, rewards.Mined{}, fmt.Errorf("%w: the court is the vault's adjudicator, %s", ErrConfig, common.Address(vault.Adjudicator))
		}
		t.Court = vault.Adjudicator
	}
	t.Operator = poster
	switch {
	case t.Court == (rewards.Address{}) || t.Court == t.Operator:
		return rewards.Address{}, rewards.Mined{}, fmt.Errorf("%w: the vault has no adjudicator; name a court that is not the poster", ErrConfig)
	case t.CaseTime < time.Second || t.Delay < t.CaseTime || t.Delay > longestTerm:
		return rewards.Address{}, rewards.Mined{}, fmt.Errorf("%w: a case stays open for a second or more, and a stake is asked back for as long at least, and %v at the most", ErrConfig, longestTerm)
	case t.CapPPM < 1 || t.CapPPM > 1_000_000:
		return rewards.Address{}, rewards.Mined{}, fmt.Errorf("%w: a case takes 1 to 1000000 millionths of a stake", ErrConfig)
	}
	return made(ctx, "make the contract of stakes", w.sender, stakeCode(t, w.info.Token))
}

func stakeCode(t rewards.StakeTerms, token rewards.Address) []byte {
	return append(common.FromHex(contract.StakeMetaData.Bin), stakeABI.PackConstructor(
		common.Address(token), common.Address(t.Court), common.Address(t.Operator), seconds(t.Delay), seconds(t.CaseTime), uint32(t.CapPPM),
	)...)
}
