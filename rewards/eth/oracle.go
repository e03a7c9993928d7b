package eth

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/contract"
)

var (
	_ rewards.OracleChain = (*Chain)(nil)

	oracleABI = contract.NewOracle()
	boardABI  = contract.NewMessageBoard()

	askedID = crypto.Keccak256Hash([]byte("Asked(uint256,address,(string,bytes32,string[],uint16,uint16,uint32,uint64,uint256,uint32))"))
)

// checkOracle checks that there is an oracle at an address, and that it pays into the view's vault. Nothing is checked when the
// address is zero.
func (v *View) checkOracle(ctx context.Context, oracle rewards.Address) error {
	if oracle == (rewards.Address{}) {
		return nil
	}
	read := reader{ctx: ctx, backend: v.backend, to: common.Address(oracle)}
	vault := readAs(&read, oracleABI.PackVault(), oracleABI.UnpackVault)
	if errors.Is(read.err, ErrNoVault) {
		return fmt.Errorf("%w (%w)", ErrNoOracle, read.err)
	}
	if read.err != nil {
		return read.err
	}
	if vault != common.Address(v.info.Vault) {
		return fmt.Errorf("%w (it pays into %s)", ErrNoOracle, vault)
	}
	v.info.Oracle = oracle
	return nil
}

// attach finds the payment of what a contract asked among the events before it in the same transaction, and says what it is for.
// The oracle makes none without.
func attach(events []rewards.Event, log *types.Log) error {
	asked, err := oracleABI.UnpackAskedEvent(log)
	if err != nil {
		return err
	}
	id := rewards.Hash(common.BigToHash(asked.Id))
	for i := range slices.Backward(events) {
		e := &events[i]
		if e.Tx != rewards.Hash(log.TxHash) {
			break
		}
		if e.Kind == rewards.Deposited && e.Ask == nil && e.Reference == id && e.Owner == rewards.Address(asked.Asker) && e.Base.Cmp(asked.Ask.Payment) == 0 {
			e.Ask = askOf(rewards.Address(log.Address), asked.Ask)
			return nil
		}
	}
	return nil
}

func askOf(oracle rewards.Address, a contract.OracleAsk) *rewards.Ask {
	out := &rewards.Ask{
		Oracle: oracle, Content: a.Content, MinAnswers: int(a.MinAnswers), MaxAnswers: int(a.MaxAnswers), TargetPPM: int(a.TargetPpm),
		Deadline: int64(min(a.Deadline, rewards.DeadlineMost)), Payment: a.Payment, CallbackGas: int64(a.CallbackGas), Options: make([]string, len(a.Options)),
	}
	valid := func(s string) string {
		v := strings.ToValidUTF8(s, "\uFFFD")
		out.Garbled = out.Garbled || v != s
		return v
	}
	out.Text = valid(a.Text)
	for i, o := range a.Options {
		out.Options[i] = valid(o)
	}
	return out
}

// OracleVerdict implements rewards.OracleChain.
func (v *View) OracleVerdict(ctx context.Context, oracle rewards.Address, id rewards.Hash) (rewards.OracleVerdict, bool, error) {
	block, err := v.depth(ctx)
	if err != nil {
		return rewards.OracleVerdict{}, false, err
	}
	to := common.Address(oracle)
	out, err := v.backend.CallContract(ctx, ethereum.CallMsg{To: &to, Data: oracleABI.PackVerdictOf(new(big.Int).SetBytes(id[:]))}, big.NewInt(block))
	if err != nil {
		return rewards.OracleVerdict{}, false, translate("read the oracle", err)
	}
	has, err := oracleABI.UnpackVerdictOf(out)
	if err != nil {
		return rewards.OracleVerdict{}, false, translate("read the oracle", err)
	}
	return rewards.OracleVerdict{
		Outcome: rewards.Outcome(has.Verdict.Outcome), Choice: int(has.Verdict.Choice), ConfidencePPM: int(has.Verdict.ConfidencePpm), Answers: int(has.Verdict.Answers), Record: has.Verdict.VerdictHash,
	}, has.Delivered, nil
}

// Fulfil implements rewards.OracleChain. It fails with ErrFulfilled when the oracle has the verdict, with ErrNotInForce when the
// header is not that of the root in force, and with ErrProof.
func (c *Chain) Fulfil(ctx context.Context, oracle rewards.Address, h rewards.Header, id rewards.Hash, v rewards.OracleVerdict, proof [][32]byte) (rewards.Mined, error) {
	to := common.Address(oracle)
	return settle(ctx, "bring a verdict", c.relayer, &to, fulfilment(h, id, v, proof))
}

func fulfilment(h rewards.Header, id rewards.Hash, v rewards.OracleVerdict, proof [][32]byte) []byte {
	return oracleABI.PackFulfil(packed(h), packedVerdict(id, v), proof)
}

func packedVerdict(id rewards.Hash, v rewards.OracleVerdict) contract.Verdict {
	return contract.Verdict{
		Id: new(big.Int).SetBytes(id[:]), Outcome: uint8(v.Outcome), Choice: uint16(v.Choice), ConfidencePpm: uint32(v.ConfidencePPM), Answers: uint32(v.Answers), VerdictHash: v.Record,
	}
}

// Deliver implements rewards.OracleChain.
func (c *Chain) Deliver(ctx context.Context, oracle rewards.Address, id rewards.Hash) (rewards.Mined, error) {
	to := common.Address(oracle)
	return settle(ctx, "deliver a verdict", c.relayer, &to, oracleABI.PackDeliver(new(big.Int).SetBytes(id[:])))
}

// Fulfil brings a verdict, which anybody may do. It fails as Chain.Fulfil does.
func (w *Wallet) Fulfil(ctx context.Context, oracle rewards.Address, h rewards.Header, id rewards.Hash, v rewards.OracleVerdict, proof [][32]byte) (rewards.Mined, error) {
	to := common.Address(oracle)
	return settle(ctx, "bring a verdict", w.sender, &to, fulfilment(h, id, v, proof))
}

// Deliver has the oracle call an asker again that did not take its verdict, with all the gas that this takes.
func (w *Wallet) Deliver(ctx context.Context, oracle rewards.Address, id rewards.Hash) (rewards.Mined, error) {
	to := common.Address(oracle)
	return settle(ctx, "deliver a verdict", w.sender, &to, oracleABI.PackDeliver(new(big.Int).SetBytes(id[:])))
}

// OracleTerms are what an oracle is made with for good.
type OracleTerms struct {
	MinQuorum  int      // the least quorum that can be asked for
	MaxPayment *big.Int // the most that one question can cost, in base units
}

// DeployOracle makes an oracle for the wallet's vault, and the wallet's key pays for it.
func (w *Wallet) DeployOracle(ctx context.Context, t OracleTerms) (rewards.Address, rewards.Mined, error) {
	if t.MinQuorum < 1 || t.MinQuorum > 1<<16-1 || t.MaxPayment == nil || t.MaxPayment.Sign() <= 0 || t.MaxPayment.BitLen() > 128 {
		return rewards.Address{}, rewards.Mined{}, fmt.Errorf("%w: the least quorum is 1 or more, and the most that a question can cost is above zero", ErrConfig)
	}
	return made(ctx, "make the oracle", w.sender, oracleCode(common.Address(w.info.Vault), t))
}

func made(ctx context.Context, doing string, s *sender, code []byte) (rewards.Address, rewards.Mined, error) {
	in, err := s.send(ctx, doing, nil, code)
	if err == nil {
		in, err = s.confirm(ctx, in)
	}
	if err != nil {
		return rewards.Address{}, rewards.Mined{}, wrap(doing, err)
	}
	return rewards.Address(in.ContractAddress), in.mined(), nil
}

func oracleCode(vault common.Address, t OracleTerms) []byte {
	return append(common.FromHex(contract.OracleMetaData.Bin), oracleABI.PackConstructor(vault, uint16(t.MinQuorum), t.MaxPayment)...)
}

func boardCode(oracle common.Address, price *big.Int) []byte {
	return append(common.FromHex(contract.MessageBoardMetaData.Bin), boardABI.PackConstructor(oracle, price)...)
}
