package ethtest

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/tasknet/tasknet/rewards/eth/contract"
)

// eaterCode makes a contract that passes calls on, whose first word is to whom, and that uses all the gas of any other call, such
// as an oracle's. After a call of one word it takes such calls.
const eaterCode = "0x60448060095f395ff3" + "60003560001a6039576020361460325760203603806020600037600060008260006000" +
	"6000355af160305760006000fd5b005b6001600055005b6000546030575b604056"

var (
	token  = contract.NewTestToken()
	board  = contract.NewMessageBoard()
	oracle = contract.NewOracle()
)

// Account sends what a person or a contract's owner does, past the server.
type Account struct {
	Client *ethclient.Client
	key    *ecdsa.PrivateKey
	chain  *big.Int

	// Mine is called while a transaction waits, for nodes that make blocks when they are told to. Nil: nothing is.
	Mine func()
}

// NewAccount returns who has a key, 64 hex digits, at a node.
func NewAccount(t testing.TB, url, key string) *Account {
	t.Helper()
	client, err := ethclient.Dial(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	a := &Account{Client: client}
	if a.key, err = crypto.HexToECDSA(key); err != nil {
		t.Fatal(err)
	}
	if a.chain, err = client.ChainID(context.Background()); err != nil {
		t.Fatal(err)
	}
	return a
}

// Address is the account's.
func (a *Account) Address() [20]byte { return crypto.PubkeyToAddress(a.key.PublicKey) }

// Send sends data to a contract, or makes one when to is nil, and returns the receipt.
func (a *Account) Send(t testing.TB, to *common.Address, data []byte) *types.Receipt {
	t.Helper()
	return a.send(t, to, new(big.Int), data)
}

// Pay gives somebody so much of the chain's coin, in wei, that it is enough for gas.
func (a *Account) Pay(t testing.TB, to [20]byte) {
	t.Helper()
	at := common.Address(to)
	a.send(t, &at, big.NewInt(1e18), nil)
}

func (a *Account) send(t testing.TB, to *common.Address, wei *big.Int, data []byte) *types.Receipt {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	from := crypto.PubkeyToAddress(a.key.PublicKey)
	nonce, err := a.Client.PendingNonceAt(ctx, from)
	must(err)
	gas, err := a.Client.EstimateGas(ctx, ethereum.CallMsg{From: from, To: to, Value: wei, Data: data})
	must(err)
	tip := big.NewInt(1e9)
	head, err := a.Client.HeaderByNumber(ctx, nil)
	must(err)
	feeCap := new(big.Int).Add(tip, new(big.Int).Lsh(head.BaseFee, 2))
	tx, err := types.SignNewTx(a.key, types.LatestSignerForChainID(a.chain), &types.DynamicFeeTx{
		ChainID: a.chain, Nonce: nonce, To: to, Value: wei, Data: data, Gas: gas + gas/2, GasTipCap: tip, GasFeeCap: feeCap,
	})
	must(err)
	must(a.Client.SendTransaction(ctx, tx))
	for {
		if a.Mine != nil {
			a.Mine()
		}
		receipt, err := a.Client.TransactionReceipt(ctx, tx.Hash())
		if err == nil {
			if receipt.Status != types.ReceiptStatusSuccessful {
				t.Fatalf("transaction %s was undone", tx.Hash())
			}
			return receipt
		}
		if !errors.Is(err, ethereum.NotFound) {
			must(err)
		}
		select {
		case <-ctx.Done():
			t.Fatalf("transaction %s is not mined", tx.Hash())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Mint gives somebody test tokens, in base units. The account's must be the key that mints.
func (a *Account) Mint(t testing.TB, tokenAt, to [20]byte, base *big.Int) {
	t.Helper()
	at := common.Address(tokenAt)
	a.Send(t, &at, token.PackMint(to, base))
}

// Balance returns what the account has of a token, in base units.
func (a *Account) Balance(t testing.TB, tokenAt [20]byte) *big.Int {
	t.Helper()
	at := common.Address(tokenAt)
	out, err := a.Client.CallContract(context.Background(), ethereum.CallMsg{To: &at, Data: token.PackBalanceOf(a.Address())}, nil)
	if err != nil {
		t.Fatal(err)
	}
	has, err := token.UnpackBalanceOf(out)
	if err != nil {
		t.Fatal(err)
	}
	return has
}

// Approve lets somebody take all of the account's tokens.
func (a *Account) Approve(t testing.TB, tokenAt, spender [20]byte) {
	t.Helper()
	at := common.Address(tokenAt)
	a.Send(t, &at, token.PackApprove(spender, all()))
}

func all() *big.Int { return new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1)) }

// Deliver has an oracle call who asked it again.
func (a *Account) Deliver(t testing.TB, oracleAt [20]byte, question [32]byte) {
	t.Helper()
	at := common.Address(oracleAt)
	a.Send(t, &at, oracle.PackDeliver(new(big.Int).SetBytes(question[:])))
}

// Told is how often an oracle said something of each question.
type Told struct {
	Asked, Fulfilled, Delivered map[[32]byte]int
}

// Told reads all that an oracle has said, through the newest block.
func (a *Account) Told(ctx context.Context, oracleAt [20]byte) (Told, error) {
	told := Told{make(map[[32]byte]int), make(map[[32]byte]int), make(map[[32]byte]int)}
	logs, err := a.Client.FilterLogs(ctx, ethereum.FilterQuery{FromBlock: new(big.Int), Addresses: []common.Address{oracleAt}})
	for i := range logs {
		log := &logs[i]
		if e, err := oracle.UnpackAskedEvent(log); err == nil {
			told.Asked[common.BigToHash(e.Id)]++
		} else if e, err := oracle.UnpackFulfilledEvent(log); err == nil {
			told.Fulfilled[common.BigToHash(e.Id)]++
		} else if e, err := oracle.UnpackDeliveredEvent(log); err == nil {
			told.Delivered[common.BigToHash(e.Id)]++
		}
	}
	return told, err
}

// Board is a message board, seen by who writes there.
type Board struct {
	*Account
	At [20]byte
}

// Post writes a post and returns its number.
func (b *Board) Post(t testing.TB, text string) *big.Int {
	t.Helper()
	at := common.Address(b.At)
	for _, log := range b.Send(t, &at, board.PackPost(text)).Logs {
		if posted, err := board.UnpackPostedEvent(log); err == nil {
			return posted.Post
		}
	}
	t.Fatal("nothing was posted")
	return nil
}

// Flag has people asked about a post, and returns the number of the question.
func (b *Board) Flag(t testing.TB, post *big.Int) (question [32]byte) {
	t.Helper()
	at := common.Address(b.At)
	for _, log := range b.Send(t, &at, board.PackFlag(post)).Logs {
		if flagged, err := board.UnpackFlaggedEvent(log); err == nil {
			return common.BigToHash(flagged.Question)
		}
	}
	t.Fatal("nothing was flagged")
	return question
}

// GiveNotice says that the payer of a question wants back what it has not spent.
func (b *Board) GiveNotice(t testing.TB, question [32]byte) {
	t.Helper()
	at := common.Address(b.At)
	b.Send(t, &at, board.PackGiveNotice(new(big.Int).SetBytes(question[:])))
}

// Withdraw pays the payer what a question has not spent, of which no root knows yet. The error is that of the chain, as before the
// notice is over.
func (b *Board) Withdraw(t testing.TB, question [32]byte) error {
	t.Helper()
	at := common.Address(b.At)
	data := board.PackWithdraw(contract.Header{Total: new(big.Int), Spent: new(big.Int)}, new(big.Int).SetBytes(question[:]), new(big.Int), nil)
	if _, err := b.Client.EstimateGas(context.Background(), ethereum.CallMsg{From: b.Address(), To: &at, Data: data}); err != nil {
		return err
	}
	b.Send(t, &at, data)
	return nil
}

// Hidden reports whether a post is hidden.
func (b *Board) Hidden(t testing.TB, post *big.Int) bool {
	t.Helper()
	at := common.Address(b.At)
	out, err := b.Client.CallContract(context.Background(), ethereum.CallMsg{To: &at, Data: board.PackPostOf(post)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	has, err := board.UnpackPostOf(out)
	if err != nil {
		t.Fatal(err)
	}
	return has.Hidden
}

// Question is what an Eater asks.
type Question struct {
	Text        string
	Content     [32]byte
	Options     []string
	Min, Max    int
	TargetPPM   int
	Deadline    time.Time
	Payment     *big.Int
	CallbackGas int
}

// Eater is a contract that asks what it is told to, and eats the gas of the oracle's calls until it is told not to.
type Eater struct {
	*Account
	At     [20]byte
	Oracle [20]byte
}

// NewEater makes one that an oracle may take tokens from. It has none yet.
func NewEater(t testing.TB, a *Account, tokenAt, oracleAt [20]byte) *Eater {
	t.Helper()
	e := &Eater{Account: a, At: a.Send(t, nil, common.FromHex(eaterCode)).ContractAddress, Oracle: oracleAt}
	e.pass(t, tokenAt, token.PackApprove(oracleAt, all()))
	return e
}

func (e *Eater) pass(t testing.TB, to [20]byte, data []byte) *types.Receipt {
	t.Helper()
	at := common.Address(e.At)
	return e.Send(t, &at, append(common.LeftPadBytes(to[:], 32), data...))
}

// Ask asks a question and returns its number.
func (e *Eater) Ask(t testing.TB, q Question) (number [32]byte) {
	t.Helper()
	for _, log := range e.pass(t, e.Oracle, oracle.PackAsk(contract.OracleAsk{
		Text: q.Text, Content: q.Content, Options: q.Options, MinAnswers: uint16(q.Min), MaxAnswers: uint16(q.Max), TargetPpm: uint32(q.TargetPPM),
		Deadline: uint64(q.Deadline.Unix()), Payment: q.Payment, CallbackGas: uint32(q.CallbackGas),
	})).Logs {
		if asked, err := oracle.UnpackAskedEvent(log); err == nil {
			return common.BigToHash(asked.Id)
		}
	}
	t.Fatal("nothing was asked")
	return number
}

// Behave has it take calls from now on.
func (e *Eater) Behave(t testing.TB) {
	t.Helper()
	at := common.Address(e.At)
	e.Send(t, &at, make([]byte, 32))
}
