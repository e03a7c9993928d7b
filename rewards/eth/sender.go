package eth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet/rewards"
)

// backend is what this package needs of a node. *ethclient.Client has all of it but AwaitHead.
type backend interface {
	// BlockNumber returns the newest block that counts; see the package comment.
	BlockNumber(ctx context.Context) (uint64, error)
	// AwaitHead returns BlockNumber once it is above after.
	AwaitHead(ctx context.Context, after uint64) (uint64, error)
	HeaderByNumber(ctx context.Context, number *big.Int) (*types.Header, error)
	CallContract(ctx context.Context, call ethereum.CallMsg, block *big.Int) ([]byte, error)
	FilterLogs(ctx context.Context, q ethereum.FilterQuery) ([]types.Log, error)
	EstimateGas(ctx context.Context, call ethereum.CallMsg) (uint64, error)
	SuggestGasTipCap(ctx context.Context) (*big.Int, error)
	NonceAt(ctx context.Context, account common.Address, block *big.Int) (uint64, error)
	SendTransaction(ctx context.Context, tx *types.Transaction) error
	TransactionByHash(ctx context.Context, tx common.Hash) (found *types.Transaction, pending bool, err error)
	TransactionReceipt(ctx context.Context, tx common.Hash) (*types.Receipt, error)
}

const (
	// patience is how many blocks may pass a transaction by before it is sent again with higher fees. It is counted in
	// blocks because a chain that stands still is not helped by fees.
	patience = 3
	// maxRaises bounds how often fees are raised for a node that refuses a transaction: 1.125^16 is 6.6 times.
	maxRaises = 16
	// maxData keeps a transaction under the 128 KB that nodes pass on.
	maxData = 120_000
	// maxAttempts bounds what is remembered of a transaction that is refused for long.
	maxAttempts = 4 * maxRaises
	// remembered is how many mined transactions are kept, to be sent again when a re-organisation undoes them.
	remembered = 32
)

// sender sends the transactions of one key, one at a time. It owns the key's nonces.
type sender struct {
	backend backend
	keys    keySource
	rules   types.Signer
	chain   *big.Int
	maxFee  *big.Int // of a unit of gas, in wei
	depth   uint64
	log     *slog.Logger
	now     func() time.Time

	// progress is told how far each transaction is, if it is not nil.
	progress func(Progress)

	turn chan struct{} // holds one token; who has it may send

	mu    sync.Mutex
	key   signer
	slots []*slot // by nonce; the newest mined ones, and those that are not mined yet
	under *slot   // what is under way, nil when nothing is
	doing string  // what that is for
	since time.Time
}

// slot is a nonce and all that was signed under it: of these at most one is ever mined. The sender's mu guards it; only
// who has the turn changes it.
type slot struct {
	key      signer
	doing    string             // what it is for
	body     types.DynamicFeeTx // what is meant to happen; an attempt with other data was given up by its caller
	attempts []*types.Transaction
	taken    *types.Transaction // the newest attempt that no node refused
	seen     bool               // in a block, if perhaps in one that is gone again
	left     bool               // its caller went away before the end was known
}

// means reports whether tx does what the slot is for.
func (sl *slot) means(tx *types.Transaction) bool { return does(tx, sl.body.To, sl.body.Data) }

func does(tx *types.Transaction, to *common.Address, data []byte) bool {
	return bytes.Equal(tx.Data(), data) && (to == nil) == (tx.To() == nil) && (to == nil || *to == *tx.To())
}

// included is a transaction in a block.
type included struct {
	*types.Receipt
	tx   *types.Transaction
	slot *slot
}

func (in included) mined() rewards.Mined {
	return rewards.Mined{Tx: rewards.Hash(in.TxHash), Block: in.BlockNumber.Int64(), Gas: int64(in.GasUsed)}
}

func newSender(b backend, keys keySource, chain, maxFee *big.Int, depth int, log *slog.Logger) *sender {
	s := &sender{
		backend: b, keys: keys, key: keys.current(), rules: types.LatestSignerForChainID(chain),
		chain: chain, maxFee: maxFee, depth: uint64(depth), log: log, now: time.Now, turn: make(chan struct{}, 1),
	}
	s.turn <- struct{}{}
	return s
}

// account returns whose transactions are sent.
func (s *sender) account() common.Address {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key.account()
}

// errGap says that the nonce of a transaction is not due: the node said a higher one than the chain has.
var errGap = errors.New("the nonce is ahead of the chain's")

// send sends data to a contract, or makes one when to is nil, and returns once the transaction is mined. What a caller
// gave up and asks for again is not done twice: its transaction is looked for, and waited for, before another is made.
func (s *sender) send(ctx context.Context, doing string, to *common.Address, data []byte) (none included, err error) {
	if len(data) > maxData {
		return none, fmt.Errorf("%s: %w", doing, ErrTooLarge)
	}
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	case <-ctx.Done():
		return none, wrap(doing, ctx.Err())
	}
	s.renewKey()
	defer s.idle()
	sl := s.takeBack(to, data)
	if sl != nil {
		s.follow(doing, sl)
		again := s.announce
		if sl.taken == nil { // refused so far
			again = s.broadcast
		}
		if err := again(ctx, sl); err != nil {
			s.leave(sl)
			return none, wrap(doing, err)
		}
	}
	for {
		if sl == nil {
			if sl, err = s.start(ctx, doing, to, data); err != nil {
				return none, err
			}
		}
		in, err := s.awaitMined(ctx, sl)
		switch {
		case errors.Is(err, errGap):
			s.log.Warn("a node said a nonce that is ahead of the chain's; sending under another", "from", s.account(), "nonce", sl.body.Nonce)
			s.cancel(ctx, sl)
			sl = nil
		case errors.Is(err, ErrNonce): // it will never be mined
			return none, wrap(doing, err)
		case err != nil:
			s.leave(sl)
			return none, wrap(doing, err)
		case in.Status != types.ReceiptStatusSuccessful:
			return none, s.undone(ctx, doing, in)
		default:
			return in, nil
		}
	}
}

// start makes the first attempt at something.
func (s *sender) start(ctx context.Context, doing string, to *common.Address, data []byte) (*slot, error) {
	gas, err := s.backend.EstimateGas(ctx, ethereum.CallMsg{From: s.account(), To: to, Data: data})
	if err != nil {
		if _, reverted := revertData(err); !reverted && answered(err) {
			return nil, fmt.Errorf("%s: %w (%w)", doing, ErrGas, err)
		}
		return nil, translate(doing, err)
	}
	nonce, err := s.nextNonce(ctx)
	if err != nil {
		return nil, wrap(doing, err)
	}
	sl := s.claim(types.DynamicFeeTx{ChainID: s.chain, Nonce: nonce, To: to, Data: data, Gas: roomy(gas)})
	s.follow(doing, sl)
	if err := s.broadcast(ctx, sl); err != nil {
		s.leave(sl)
		return nil, wrap(doing, err)
	}
	return sl, nil
}

// renewKey takes up the key that is to be used from now on. What the key before sent stays with those who wait for it.
func (s *sender) renewKey() {
	key := s.keys.current()
	s.mu.Lock()
	defer s.mu.Unlock()
	if key.account() != s.key.account() {
		s.slots = nil
	}
	s.key = key
}

// takeBack returns the slot of a caller that asked for the same and left.
func (s *sender) takeBack(to *common.Address, data []byte) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sl := range s.slots {
		if n := len(sl.attempts); sl.left && n > 0 && does(sl.attempts[n-1], to, data) {
			sl.left = false
			return sl
		}
	}
	return nil
}

func (s *sender) leave(sl *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sl.left = true
}

// claim returns the slot of a nonce with another purpose, or a new one.
func (s *sender) claim(body types.DynamicFeeTx) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sl := range s.slots {
		if sl.body.Nonce == body.Nonce {
			sl.body, sl.left = body, false
			return sl
		}
	}
	sl := &slot{key: s.key, body: body}
	s.slots = append(s.slots, sl)
	slices.SortFunc(s.slots, func(a, b *slot) int { return int(int64(a.body.Nonce) - int64(b.body.Nonce)) })
	mined := 0
	for _, sl := range slices.Backward(s.slots) {
		if sl.seen {
			mined++
		}
	}
	if mined > remembered && s.slots[0].seen {
		s.slots = slices.Delete(s.slots, 0, 1)
	}
	return sl
}

// attemptsOf returns all that was signed under the slot's nonce, newest first.
func (s *sender) attemptsOf(sl *slot) []*types.Transaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(sl.attempts)
	slices.Reverse(all)
	return all
}

// undoneSlot returns our slot of a nonce that the chain has not used, when it was in a block before.
func (s *sender) undoneSlot(nonce uint64) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sl := range s.slots {
		if sl.body.Nonce == nonce && sl.seen {
			return sl
		}
	}
	return nil
}

// nextNonce returns the nonce after the newest transaction of the key. Where the chain lacks one of ours that was in a
// block before, the node is behind or the block is gone: it is sent again, and the next comes after it.
func (s *sender) nextNonce(ctx context.Context) (uint64, error) {
	nonce, err := s.backend.NonceAt(ctx, s.account(), nil)
	if err != nil {
		return 0, translate("read the nonce", err)
	}
	for sl := s.undoneSlot(nonce); sl != nil; sl = s.undoneSlot(nonce) {
		if err := s.announce(ctx, sl); err != nil {
			return 0, err
		}
		nonce++
	}
	return nonce, nil
}

// announce sends the newest attempt at what the slot is for once more.
func (s *sender) announce(ctx context.Context, sl *slot) error {
	for _, tx := range s.attemptsOf(sl) {
		if !sl.means(tx) {
			continue
		}
		if err := s.backend.SendTransaction(ctx, tx); err != nil && !answered(err) {
			return translate("send again", err)
		}
		return nil
	}
	return nil
}

// cancel makes a transaction that waits under a nonce which is not due do nothing when its nonce comes.
func (s *sender) cancel(ctx context.Context, sl *slot) {
	self := sl.key.account()
	s.mu.Lock()
	sl.body = types.DynamicFeeTx{ChainID: s.chain, Nonce: sl.body.Nonce, To: &self, Gas: params.TxGas}
	s.mu.Unlock()
	if err := s.broadcast(ctx, sl); err != nil {
		s.log.Warn("a transaction that is not due cannot be cancelled; it may be mined later", "from", self, "nonce", sl.body.Nonce, "error", err)
	}
}

// broadcast makes an attempt with fees for now, which are higher than those of all attempts that a node may hold, if they
// may be.
func (s *sender) broadcast(ctx context.Context, sl *slot) error {
	tip, feeCap, err := s.fees(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	taken := sl.taken
	s.mu.Unlock()
	refusal := error(ErrRefused)
	for before, tries := taken, 0; tries < maxRaises; tries++ {
		if before != nil {
			tip, feeCap = larger(tip, raised(before.GasTipCap())), larger(feeCap, raised(before.GasFeeCap()))
		}
		if feeCap.Cmp(s.maxFee) >= 0 { // there is no higher one to try
			tip, feeCap, tries = smaller(tip, s.maxFee), s.maxFee, maxRaises
		}
		body := sl.body
		body.GasTipCap, body.GasFeeCap = tip, feeCap
		tx, err := sl.key.sign(ctx, s.chain, &body)
		if err != nil {
			return err
		}
		s.attempt(sl, tx)
		if err = s.backend.SendTransaction(ctx, tx); err == nil {
			s.take(sl, tx)
			return nil
		}
		if !answered(err) {
			s.take(sl, tx)
			return translate("send", err)
		}
		refusal = fmt.Errorf("%w (%w)", ErrRefused, err)
		// The node says no. Whether it has the transaction nevertheless, or mined another one under the nonce, shows in
		// what it holds, not in its words; whether it has one that pays as much, in what it says to more.
		switch _, _, err := s.backend.TransactionByHash(ctx, tx.Hash()); {
		case err == nil:
			s.take(sl, tx)
			return nil
		case !missing(err):
			s.take(sl, tx)
			return translate("look for a transaction", err)
		}
		if nonce, err := s.backend.NonceAt(ctx, sl.key.account(), nil); err != nil || nonce > body.Nonce {
			return translate("read the nonce", err)
		}
		s.log.Debug("the node refused a transaction; raising its fees", "tx", tx.Hash(), "error", err)
		before = tx
	}
	if taken != nil {
		// It may be what is in the way. Then it must be mined, so that the nonce is used up.
		if err := s.backend.SendTransaction(ctx, taken); err != nil && !answered(err) {
			return translate("send again", err)
		}
	}
	return refusal
}

// attempt records tx before it is sent: from then on it may be mined.
func (s *sender) attempt(sl *slot, tx *types.Transaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sl.attempts = slices.DeleteFunc(sl.attempts, func(a *types.Transaction) bool { return a.Hash() == tx.Hash() })
	sl.attempts = append(sl.attempts, tx)
	if len(sl.attempts) > maxAttempts {
		sl.attempts = slices.Delete(sl.attempts, 0, 1)
	}
}

// take records that a node may hold tx, so that another attempt must pay more.
func (s *sender) take(sl *slot, tx *types.Transaction) {
	s.mu.Lock()
	sl.taken = tx
	s.mu.Unlock()
	s.report(sl, tx, -1)
}

// fees returns what a transaction needs to be mined soon: a tip, and a cap that holds while the base fee doubles.
func (s *sender) fees(ctx context.Context) (tip, feeCap *big.Int, err error) {
	base, tip, err := prices(ctx, s.backend)
	if err != nil {
		return nil, nil, err
	}
	if new(big.Int).Add(base, tip).Cmp(s.maxFee) > 0 {
		return nil, nil, fmt.Errorf("%w (%s wei now, %s allowed)", ErrFees, base, s.maxFee)
	}
	feeCap = new(big.Int).Add(new(big.Int).Lsh(base, 1), tip)
	if feeCap.Cmp(s.maxFee) > 0 {
		feeCap = s.maxFee
	}
	return tip, feeCap, nil
}

// prices returns what a unit of gas costs now, and what those who make blocks want on top. A chain may have no base fee.
func prices(ctx context.Context, b backend) (base, tip *big.Int, err error) {
	head, err := b.HeaderByNumber(ctx, nil)
	if err != nil {
		return nil, nil, translate("read the base fee", err)
	}
	if tip, err = b.SuggestGasTipCap(ctx); err != nil {
		return nil, nil, translate("read the tip", err)
	}
	if base = head.BaseFee; base == nil {
		base = new(big.Int)
	}
	return base, tip, nil
}

// awaitMined returns the attempt that is mined and does what the slot is for, and raises fees whenever blocks pass all of
// them by. The caller has the turn.
func (s *sender) awaitMined(ctx context.Context, sl *slot) (none included, err error) {
	head, err := s.backend.BlockNumber(ctx)
	if err != nil {
		return none, translate("read the head", err)
	}
	for since, ahead := head, head; ; {
		// The nonce is read first: when it is used up, the receipt of what used it is there to be read next.
		nonce, err := s.backend.NonceAt(ctx, sl.key.account(), nil)
		if err != nil {
			return none, translate("read the nonce", err)
		}
		in, err := s.find(ctx, sl)
		if nonce > sl.body.Nonce && errors.Is(err, errNotMined) {
			in, err = s.findUsed(ctx, sl, head)
		}
		if !errors.Is(err, errNotMined) && !errors.Is(err, errNoAnswer) {
			return in, err
		}
		first := sl // of ours, which the others wait for
		if nonce < sl.body.Nonce {
			first = s.undoneSlot(nonce)
		}
		switch {
		case first != nil:
			ahead = head
		case head >= ahead+patience:
			return none, errGap
		}
		if first != nil && head >= since+patience {
			since = head
			if err := s.urge(ctx, first); err != nil {
				return none, err
			}
		}
		if head, err = s.backend.AwaitHead(ctx, head); err != nil {
			return none, translate("wait for a block", err)
		}
	}
}

// urge sends what blocks passed by again with higher fees, or as it is when they cannot be raised: a node may have
// dropped it.
func (s *sender) urge(ctx context.Context, sl *slot) error {
	from, nonce := sl.key.account(), sl.body.Nonce
	switch err := s.broadcast(ctx, sl); {
	case err == nil:
		s.log.Info("blocks passed a transaction by; sent it again, with higher fees where they are allowed", "from", from, "nonce", nonce)
		return nil
	case errors.Is(err, ErrFees), errors.Is(err, ErrRefused), errors.Is(err, ErrSigner):
		s.log.Warn("blocks pass a transaction by, and its fees cannot be raised", "from", from, "nonce", nonce, "error", err)
		return s.announce(ctx, sl)
	default:
		return err
	}
}

// What find says when a transaction is in no block: surely, and as far as a node with an excuse tells.
var (
	errNotMined = errors.New("not mined")
	errNoAnswer = errors.New("not known to be mined")
)

// find returns the attempt of a slot that is in a block. It fails with ErrNonce when that is one that was given up.
func (s *sender) find(ctx context.Context, sl *slot) (none included, err error) {
	missed := errNotMined
	for _, tx := range s.attemptsOf(sl) {
		receipt, err := s.backend.TransactionReceipt(ctx, tx.Hash())
		switch {
		case err == nil:
			s.mu.Lock()
			sl.seen, sl.left = true, false
			s.mu.Unlock()
			if !sl.means(tx) {
				return none, ErrNonce
			}
			return included{receipt, tx, sl}, nil
		case answered(err):
			missed = errNoAnswer
		case !missing(err):
			return none, translate("read a receipt", err)
		}
	}
	return none, missed
}

// findUsed looks for an attempt of a slot when there seems to be none, and fails with ErrNonce when its nonce is used as
// deep as counts: by nothing of ours, then. It looks more than once, since nodes that share an address can differ.
func (s *sender) findUsed(ctx context.Context, sl *slot, head uint64) (in included, err error) {
	if head < s.depth {
		return in, errNotMined
	}
	nonce, err := s.backend.NonceAt(ctx, sl.key.account(), new(big.Int).SetUint64(head-s.depth))
	if err != nil {
		return in, translate("read the nonce", err)
	}
	if nonce <= sl.body.Nonce {
		return in, errNotMined
	}
	for range patience {
		if in, err = s.find(ctx, sl); !errors.Is(err, errNotMined) {
			return in, err
		}
	}
	return in, ErrNonce
}

// confirm returns once depth blocks stand on top of in, with the block that it is in then, or with the attempt that a
// re-organisation put in its place. When it is in no block any more, confirm sends it again and waits for its return.
func (s *sender) confirm(ctx context.Context, in included) (_ included, err error) {
	sl := in.slot
	defer func() {
		if err != nil && !errors.Is(err, ErrNonce) {
			s.leave(sl)
		}
	}()
	head, err := s.backend.BlockNumber(ctx)
	if err != nil {
		return in, translate("read the head", err)
	}
	for {
		found, err := s.find(ctx, sl)
		if errors.Is(err, errNotMined) {
			found, err = s.findUsed(ctx, sl, head)
		}
		if err == nil {
			s.report(sl, found.tx, int64(head)-found.BlockNumber.Int64())
		}
		switch {
		case err == nil && head >= found.BlockNumber.Uint64()+s.depth:
			if found.Status != types.ReceiptStatusSuccessful {
				return in, s.undone(ctx, "confirm", found)
			}
			return found, nil
		case errors.Is(err, errNotMined):
			if err := s.comeBack(ctx, sl); err != nil {
				return in, err
			}
		case err != nil && !errors.Is(err, errNoAnswer):
			return in, err
		}
		if head, err = s.backend.AwaitHead(ctx, head); err != nil {
			return in, translate("wait for confirmation", err)
		}
	}
}

// comeBack sends what a re-organisation took out of the chain again. Who has the turn cares for all that waits before
// theirs; when nobody has it, we wait here and raise the fees.
func (s *sender) comeBack(ctx context.Context, sl *slot) error {
	if err := s.announce(ctx, sl); err != nil {
		return err
	}
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	default:
		return nil
	}
	if _, err := s.awaitMined(ctx, sl); !errors.Is(err, errGap) {
		return err
	}
	return nil
}

// missing reports whether err says that the node does not hold what it was asked for; some nodes use an error of their own for that.
func missing(err error) bool { return errors.Is(err, ethereum.NotFound) || answered(err) }

// undone returns why a mined transaction was undone: what it says when it is called on the block that it failed in.
func (s *sender) undone(ctx context.Context, doing string, in included) error {
	why := ErrReverted
	_, err := s.backend.CallContract(ctx, ethereum.CallMsg{From: in.slot.key.account(), To: in.slot.body.To, Data: in.slot.body.Data}, in.BlockNumber)
	if data, ok := revertData(err); ok {
		why = reason(data)
	}
	return fmt.Errorf("%s: %w (transaction %s)", doing, why, in.TxHash)
}

// roomy returns a limit above gas, since the state may have changed when the block is made; what is not used is not
// paid. Rules from Osaka to before Amsterdam cap a transaction at MaxTxGas; where gas is above it the cap is gone.
func roomy(gas uint64) uint64 {
	if gas <= params.MaxTxGas {
		return min(gas+gas/8, params.MaxTxGas)
	}
	return gas + gas/8
}

// raised returns fee and the eighth of it that nodes ask for to replace a transaction, rounded up, and at least one wei.
func raised(fee *big.Int) *big.Int {
	eighth := new(big.Int).Add(fee, big.NewInt(7))
	eighth = larger(eighth.Rsh(eighth, 3), big.NewInt(1))
	return eighth.Add(eighth, fee)
}

func smaller(a, b *big.Int) *big.Int {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

func larger(a, b *big.Int) *big.Int {
	if a.Cmp(b) > 0 {
		return a
	}
	return b
}
