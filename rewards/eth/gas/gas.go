// Package gas measures what it costs to pay people, on EVMs in this process that are pinned to the rules of a fork: by
// TaskNet's vault, and by the ways that others use. Nothing in it is estimated; each figure is what a block says that a
// transaction used.
package gas

import (
	"context"
	"crypto/ecdsa"
	"encoding/binary"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/ethclient/simulated"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet/rewards/eth/contract"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// Fork is a set of rules that a chain goes by.
type Fork string

// The forks that are measured: that of now, and the next one, which makes new state expensive.
const (
	Osaka     Fork = "osaka"
	Amsterdam Fork = "amsterdam"
)

// Forks are all of them.
var Forks = []Fork{Osaka, Amsterdam}

// Row is one way to pay people, under the rules of one fork.
type Row struct {
	Fork             Fork    `json:"fork"`
	What             string  `json:"what"`
	People           int     `json:"people"` // paid by the gas below
	AnswersPerPerson int     `json:"answers_per_person"`
	Gas              int64   `json:"gas"`            // of all of them
	GasPerAnswer     float64 `json:"gas_per_answer"` // Gas / (People * AnswersPerPerson)
}

// What is measured.
const (
	Steady   = "tasknet-steady" // one relayed claim of people who were paid before
	First    = "tasknet-first"  // one relayed claim of people who never were, nor held the token
	Root     = "root"           // root and log checkpoint of an epoch, for everybody in the tree
	Transfer = "transfer"       // a token transfer to each
	Disperse = "disperse"       // one transaction that transfers to all; proves nothing
	Claim    = "claim"          // each claims alone
)

// Config says how much to measure.
type Config struct {
	Tree             int // people in the tree
	Batch            int // people in one relayed claim
	AnswersPerPerson int // that a payout is for
}

// Default is what we publish.
var Default = Config{Tree: 100_000, Batch: 500, AnswersPerPerson: 200}

const (
	// firstBatch is how many newcomers fit a transaction under the rules of any fork.
	firstBatch = 60
	// Alone is how many claim alone; they differ by the zero bytes in their proofs.
	Alone = 20
)

// Report is what one fork's rules cost.
type Report struct {
	Rows []Row
	// Epoch is how long it took to make the tree of an epoch with everybody in it, and to sign and post its root.
	Epoch time.Duration
}

// Measure pays people in every way under the rules of a fork.
func Measure(ctx context.Context, fork Fork, cfg Config) (Report, error) {
	m, err := start(ctx, fork, cfg)
	if err != nil {
		return Report{}, fmt.Errorf("gas under %s: %w", fork, err)
	}
	defer m.sim.Close()
	if err := m.run(); err != nil {
		return Report{}, fmt.Errorf("gas under %s: %w", fork, err)
	}
	return m.report, nil
}

// measurement is one chain on which people are paid.
type measurement struct {
	ctx    context.Context
	fork   Fork
	cfg    Config
	sim    *simulated.Backend
	client simulated.Client
	key    *ecdsa.PrivateKey
	from   common.Address
	signer types.Signer
	nonce  uint64
	report Report

	token, vault, disperse common.Address
	header                 contract.Header
	tree                   *merkle.Tree
}

var (
	tokenABI    = contract.NewTestToken()
	vaultABI    = contract.NewVault()
	disperseABI = contract.NewDisperse()
)

// start makes a chain with a token, a funded vault and a disperse contract.
func start(ctx context.Context, fork Fork, cfg Config) (*measurement, error) {
	key, err := crypto.ToECDSA(common.LeftPadBytes([]byte{7}, 32))
	if err != nil {
		return nil, err
	}
	rules := *params.AllDevChainProtocolChanges
	rules.BogotaTime, rules.AmsterdamTime = nil, nil
	if fork == Amsterdam {
		rules.AmsterdamTime = new(uint64)
	}
	m := &measurement{ctx: ctx, fork: fork, cfg: cfg, key: key, from: crypto.PubkeyToAddress(key.PublicKey), signer: types.LatestSignerForChainID(rules.ChainID), header: contract.Header{Total: new(big.Int), Spent: new(big.Int)}}
	rich := types.GenesisAlloc{m.from: {Balance: new(big.Int).Mul(big.NewInt(1e9), big.NewInt(params.Ether))}}
	m.sim = simulated.NewBackend(rich, func(_ *node.Config, c *ethconfig.Config) { c.Genesis.Config = &rules })
	m.client = m.sim.Client()
	if err := m.deploy(); err != nil {
		m.sim.Close()
		return nil, err
	}
	return m, nil
}

func (m *measurement) deploy() error {
	all := new(big.Int).Lsh(big.NewInt(1), 100)
	terms := contract.VaultTerms{Poster: m.from, Adjudicator: m.from, Bond: new(big.Int)}
	for _, make := range []struct {
		at   *common.Address
		code func() []byte
	}{
		{&m.token, func() []byte {
			return append(common.FromHex(contract.TestTokenMetaData.Bin), tokenABI.PackConstructor(m.from)...)
		}},
		{&m.vault, func() []byte {
			terms.Token = m.token
			return append(common.FromHex(contract.VaultMetaData.Bin), vaultABI.PackConstructor(terms)...)
		}},
		{&m.disperse, func() []byte { return common.FromHex(contract.DisperseMetaData.Bin) }},
	} {
		receipt, err := m.send(nil, make.code())
		if err != nil {
			return err
		}
		*make.at = receipt.ContractAddress
	}
	half := new(big.Int).Rsh(all, 1)
	for _, call := range []struct {
		to   common.Address
		data []byte
	}{
		{m.token, tokenABI.PackMint(m.from, all)},
		{m.token, tokenABI.PackApprove(m.vault, half)},
		{m.token, tokenABI.PackApprove(m.disperse, half)},
		{m.vault, vaultABI.PackDeposit(m.from, [32]byte{1}, half)},
	} {
		if _, err := m.send(&call.to, call.data); err != nil {
			return err
		}
	}
	return nil
}

func (m *measurement) run() error {
	if _, err := m.epoch(); err != nil {
		return err
	}
	if _, err := m.claimAlone(m.cfg.Tree-Alone, Alone); err != nil { // so that the vault has paid before
		return err
	}
	first, err := m.claimMany(0, min(firstBatch, m.cfg.Batch))
	if err != nil {
		return err
	}
	m.row(First, min(firstBatch, m.cfg.Batch), first)
	for lo := firstBatch; lo < m.cfg.Batch; lo += firstBatch {
		if _, err := m.claimMany(lo, min(lo+firstBatch, m.cfg.Batch)); err != nil {
			return err
		}
	}

	if _, err := m.epoch(); err != nil { // the vault keeps two roots in turn: from the third on it makes no new state
		return err
	}
	began := time.Now()
	root, err := m.epoch()
	if err != nil {
		return err
	}
	m.report.Epoch = time.Since(began)
	steady, err := m.claimMany(0, m.cfg.Batch)
	if err != nil {
		return err
	}
	claims, err := m.claimAlone(m.cfg.Tree-Alone, Alone)
	if err != nil {
		return err
	}
	transfers, err := m.transfer(m.cfg.Batch)
	if err != nil {
		return err
	}
	dispersed, err := m.disperseTo(m.cfg.Batch)
	if err != nil {
		return err
	}
	m.row(Steady, m.cfg.Batch, steady)
	m.row(Root, m.cfg.Tree, root)
	m.row(Transfer, m.cfg.Batch, transfers)
	m.row(Disperse, m.cfg.Batch, dispersed)
	m.row(Claim, Alone, claims)
	return nil
}

func (m *measurement) row(what string, people int, gas int64) {
	m.report.Rows = append(m.report.Rows, Row{
		Fork: m.fork, What: what, People: people, AnswersPerPerson: m.cfg.AnswersPerPerson, Gas: gas,
		GasPerAnswer: float64(gas) / float64(people*m.cfg.AnswersPerPerson),
	})
}

// pay is what an epoch adds for each: 200 answers at the default price, in a token of 18 decimals.
var pay = new(big.Int).Mul(big.NewInt(3_600_000), big.NewInt(1e12))

// epoch posts the root of the next epoch, which owes everybody as much again. It returns its gas.
func (m *measurement) epoch() (int64, error) {
	before := m.header
	m.header.Epoch++
	leaves := make([]merkle.Leaf, m.cfg.Tree)
	cumulative := new(big.Int).Mul(pay, new(big.Int).SetUint64(m.header.Epoch))
	for i := range leaves {
		h := crypto.Keccak256(binary.BigEndian.AppendUint32(nil, uint32(i)))
		leaves[i] = merkle.Leaf{Address: [20]byte(h[:20]), Cumulative: cumulative}
	}
	var err error
	if m.tree, err = merkle.New(leaves); err != nil {
		return 0, err
	}
	// The other hashes are what they are in use: different in every epoch.
	mark := func(what string) [32]byte {
		return crypto.Keccak256Hash([]byte(what), binary.BigEndian.AppendUint64(nil, m.header.Epoch))
	}
	m.header.Payouts, m.header.Spending, m.header.Verdicts, m.header.LogRoot = m.tree.Root(), mark("spending"), mark("verdicts"), mark("log")
	m.header.Total, m.header.Spent = m.tree.Total(), m.tree.Total()
	m.header.LogSize += uint64(m.cfg.Tree * m.cfg.AnswersPerPerson)
	head, err := m.client.BlockNumber(m.ctx)
	if err != nil {
		return 0, err
	}
	m.header.Through = head - 1
	return m.used(&m.vault, vaultABI.PackPostRoot(before, m.header))
}

// claimMany relays one claim of the leaves from lo up to hi.
func (m *measurement) claimMany(lo, hi int) (int64, error) {
	leaves := m.tree.Leaves(lo, hi)
	accounts, sums := make([]common.Address, len(leaves)), make([]*big.Int, len(leaves))
	for i, l := range leaves {
		accounts[i], sums[i] = l.Address, l.Cumulative
	}
	p := m.tree.Multi(lo, hi)
	return m.used(&m.vault, vaultABI.PackClaimMany(m.header, accounts, sums, p.Proof, p.Flags))
}

// claimAlone makes a claim of its own for each of n leaves.
func (m *measurement) claimAlone(lo, n int) (sum int64, err error) {
	for i := lo; i < lo+n; i++ {
		l := m.tree.Leaf(i)
		gas, err := m.used(&m.vault, vaultABI.PackClaim(m.header, l.Address, l.Cumulative, m.tree.Proof(i)))
		if err != nil {
			return 0, err
		}
		sum += gas
	}
	return sum, nil
}

// transfer pays each of the first n by a transaction.
func (m *measurement) transfer(n int) (sum int64, err error) {
	for _, l := range m.tree.Leaves(0, n) {
		gas, err := m.used(&m.token, tokenABI.PackTransfer(l.Address, pay))
		if err != nil {
			return 0, err
		}
		sum += gas
	}
	return sum, nil
}

// disperseTo pays the first n by one transaction of a contract that keeps no books.
func (m *measurement) disperseTo(n int) (int64, error) {
	people, sums := make([]common.Address, n), make([]*big.Int, n)
	for i, l := range m.tree.Leaves(0, n) {
		people[i], sums[i] = l.Address, pay
	}
	return m.used(&m.disperse, disperseABI.PackDisperse(m.token, people, sums))
}

func (m *measurement) used(to *common.Address, data []byte) (int64, error) {
	receipt, err := m.send(to, data)
	if err != nil {
		return 0, err
	}
	return int64(receipt.GasUsed), nil
}

// send mines a transaction in a block of its own.
func (m *measurement) send(to *common.Address, data []byte) (*types.Receipt, error) {
	limit, err := m.client.EstimateGas(m.ctx, ethereum.CallMsg{From: m.from, To: to, Data: data})
	if err != nil {
		return nil, err
	}
	tx, err := types.SignNewTx(m.key, m.signer, &types.DynamicFeeTx{
		ChainID: m.signer.ChainID(), Nonce: m.nonce, To: to, Data: data, Gas: limit, GasTipCap: big.NewInt(params.GWei), GasFeeCap: big.NewInt(10 * params.GWei),
	})
	if err != nil {
		return nil, err
	}
	if err := m.client.SendTransaction(m.ctx, tx); err != nil {
		return nil, err
	}
	m.nonce++
	m.sim.Commit()
	receipt, err := m.client.TransactionReceipt(m.ctx, tx.Hash())
	if err != nil {
		return nil, err
	}
	if receipt.Status != types.ReceiptStatusSuccessful {
		return nil, fmt.Errorf("transaction %d was reverted", m.nonce)
	}
	return receipt, nil
}
