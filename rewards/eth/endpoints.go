package eth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"
)

const (
	// answerTime is how long an endpoint may take for an answer before it counts as away.
	answerTime = 10 * time.Second
	// straggleTime is how long the others may take once most have answered, or all that are not left out.
	straggleTime = 2 * time.Second
	// frozenTime is after how long an endpoint counts as away that stays at a block while others go on.
	frozenTime = 3 * time.Minute
)

// endpoints are nodes of one chain at URLs. It implements backend.
//
// The head that counts is one that most of those that answer have, and of which most name the same block at the
// confirmation depth. Who lacks that block, or names another, is left out until it agrees again. What is read at a block
// must be the same from most of the others; what is read at the newest state comes from one of them, but for nonces,
// which most must have reached. Transactions go to all. One endpoint alone is believed, also when it is the one of two that is
// not away: an endpoint that does not answer is away, and so is one that stays at a block for some minutes while the others, not
// fewer than those that do, go on.
type endpoints struct {
	all   []*endpoint
	depth uint64
	poll  time.Duration
	log   *slog.Logger

	now        func() time.Time
	background context.Context // of sends that nobody waits for any more; Close ends them
	stop       context.CancelFunc
	sends      sync.WaitGroup

	mu       sync.Mutex
	surveyed bool // whether why says something yet
}

// endpoint is a node at a URL.
type endpoint struct {
	number int
	host   string // the URL often carries the key of a provider's customer
	client *ethclient.Client

	// endpoints.mu guards these.
	why    string    // it is left out; empty when it is not
	head   uint64    // its newest block, as it said last
	behind time.Time // since when it has been there while another was ahead; zero when none was
}

// dial returns the endpoints at URLs with commas between them. Those of http and https are first asked when they are needed.
func dial(ctx context.Context, urls string, confirmations int, poll time.Duration, log *slog.Logger) (_ *endpoints, err error) {
	p := &endpoints{depth: uint64(confirmations), poll: poll, log: log, now: time.Now}
	p.background, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	seen := make(map[string]bool)
	for address := range strings.SplitSeq(urls, ",") {
		address = strings.TrimSpace(address)
		if seen[address] {
			return nil, fmt.Errorf("%w: an endpoint is given twice, and would count twice", ErrConfig)
		}
		seen[address] = true
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("%w: endpoint %d is no URL", ErrConfig, len(p.all)+1)
		}
		client, err := dialOne(ctx, address)
		if err != nil {
			return nil, translate("reach "+u.Host, err)
		}
		p.all = append(p.all, &endpoint{number: len(p.all) + 1, host: u.Host, client: client})
	}
	return p, nil
}

// dialOne gives an endpoint as long as for an answer: those of ws and wss shake hands.
func dialOne(ctx context.Context, address string) (*ethclient.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return ethclient.DialContext(ctx, address)
}

// Close lets go of the endpoints, and of sends under way.
func (p *endpoints) Close() {
	p.stop()
	p.sends.Wait()
	for _, e := range p.all {
		e.client.Close()
	}
}

// said is what an endpoint answered.
type said[T any] struct {
	by    *endpoint
	value T
	err   error // nil, or an answer that is an error; never the lack of one
}

// ask asks endpoints at once and returns the answers of those that gave one. Once enough have, the others are waited for no
// longer than straggleTime. It fails when nobody answers.
func ask[T any](ctx context.Context, whom []*endpoint, enough int, question func(context.Context, *ethclient.Client) (T, error)) ([]said[T], error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	type reply struct {
		said[T]
		given bool
	}
	replies := make(chan reply, len(whom))
	for _, e := range whom {
		go func() {
			v, err := question(ctx, e.client)
			replies <- reply{said[T]{e, v, err}, err == nil || errors.Is(err, ethereum.NotFound) || answered(err)}
		}()
	}
	var answers []said[T]
	lack := error(ErrUnavailable)
	var late <-chan time.Time
	for range whom {
		select {
		case r := <-replies:
			if r.given {
				answers = append(answers, r.said)
			} else {
				lack = r.err
			}
		case <-late:
			return answers, nil
		}
		if late == nil && len(answers) >= enough {
			late = time.After(straggleTime)
		}
	}
	if len(answers) == 0 {
		return nil, lack
	}
	return answers, nil
}

// majority is how many of some endpoints are more than half of them.
func majority(of []*endpoint) int { return len(of)/2 + 1 }

// enough is how many answers of all endpoints there need to be, so that one that is away does not hold up each question: those
// of most, or of all that are not left out.
func (p *endpoints) enough() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	in := 0
	for _, e := range p.all {
		if e.why == "" {
			in++
		}
	}
	return max(1, min(in, majority(p.all)))
}

// agree returns what most of those endpoints say that answer. key tells values apart.
func agree[T any](ctx context.Context, whom []*endpoint, key func(T) string, question func(context.Context, *ethclient.Client) (T, error)) (T, error) {
	var none T
	answers, err := ask(ctx, whom, majority(whom), question)
	if err != nil {
		return none, err
	}
	if len(whom) == 1 {
		return answers[0].value, answers[0].err
	}
	votes := make(map[string]int)
	for _, a := range answers {
		if k := verdict(a, key); k != "" {
			votes[k]++
		}
	}
	cast := 0
	for _, n := range votes {
		cast += n
	}
	for _, a := range answers {
		if k := verdict(a, key); k != "" && votes[k] > cast/2 {
			return a.value, a.err
		}
	}
	if cast == 0 {
		return none, answers[0].err // excuses only
	}
	return none, ErrDisagree
}

// verdict names an answer: a value, that there is none, or a revert. What else a node says is an excuse, and no answer.
func verdict[T any](a said[T], key func(T) string) string {
	switch data, reverted := revertData(a.err); {
	case a.err == nil:
		return "value " + key(a.value)
	case errors.Is(a.err, ethereum.NotFound):
		return "missing"
	case reverted:
		return "reverted " + string(data)
	}
	return ""
}

// first returns what the first endpoint says that answers.
func first[T any](ctx context.Context, whom []*endpoint, question func(context.Context, *ethclient.Client) (T, error)) (v T, err error) {
	for _, e := range whom {
		var answers []said[T]
		if answers, err = ask(ctx, []*endpoint{e}, 1, question); err == nil {
			return answers[0].value, answers[0].err
		}
	}
	return v, err
}

// believed returns the endpoints that are not left out.
func (p *endpoints) believed(ctx context.Context) ([]*endpoint, error) {
	if len(p.all) == 1 {
		return p.all, nil
	}
	p.mu.Lock()
	surveyed := p.surveyed
	p.mu.Unlock()
	if !surveyed {
		if _, err := p.BlockNumber(ctx); err != nil {
			return nil, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var in []*endpoint
	for _, e := range p.all {
		if e.why == "" {
			in = append(in, e)
		}
	}
	if len(in) == 0 {
		return nil, ErrDisagree
	}
	return in, nil
}

// leftOut returns the endpoints that are not believed now.
func (p *endpoints) leftOut() []LeftOut {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []LeftOut
	for _, e := range p.all {
		if e.why != "" {
			out = append(out, LeftOut{e.number, e.host, e.why})
		}
	}
	return out
}

// BlockNumber implements backend. It surveys the endpoints: see there.
func (p *endpoints) BlockNumber(ctx context.Context) (uint64, error) {
	heads, err := ask(ctx, p.all, p.enough(), func(ctx context.Context, c *ethclient.Client) (uint64, error) { return c.BlockNumber(ctx) })
	if err != nil {
		return 0, err
	}
	if len(p.all) == 1 {
		return heads[0].value, heads[0].err
	}
	why := make(map[*endpoint]string, len(p.all))
	for _, e := range p.all {
		why[e] = "it does not answer"
	}
	heads = slices.DeleteFunc(heads, func(a said[uint64]) bool { return a.err != nil })
	if len(heads) == 0 {
		p.judge(why)
		return 0, ErrUnavailable
	}
	heads = p.awake(heads, why)
	most := len(heads)/2 + 1
	head := reachedBy(most, heads)
	deep := head - min(head, p.depth)
	var able []*endpoint
	for _, a := range heads {
		if a.value < deep {
			why[a.by] = fmt.Sprintf("it is at block %d, the others at %d", a.value, head)
			continue
		}
		able = append(able, a.by)
	}
	blocks, err := ask(ctx, able, majority(able), func(ctx context.Context, c *ethclient.Client) (common.Hash, error) {
		h, err := c.HeaderByNumber(ctx, new(big.Int).SetUint64(deep))
		if err != nil {
			return common.Hash{}, err
		}
		return h.Hash(), nil
	})
	if err != nil {
		p.judge(why)
		return 0, err
	}
	votes := make(map[common.Hash]int)
	for _, b := range blocks {
		if b.err == nil {
			votes[b.value]++
		}
	}
	agreed := false
	for _, b := range blocks {
		switch {
		case b.err != nil:
			why[b.by] = fmt.Sprintf("it cannot show block %d", deep)
		case votes[b.value] >= most:
			agreed = true
			delete(why, b.by)
		default:
			why[b.by] = fmt.Sprintf("most do not have its block %d", deep)
		}
	}
	p.judge(why)
	if !agreed {
		return 0, ErrDisagree
	}
	return head, nil
}

// awake returns the heads without those of endpoints that stand still while others go on, unless these are fewer: then it may be
// the chain that stands still.
func (p *endpoints) awake(heads []said[uint64], why map[*endpoint]string) []said[uint64] {
	now, highest, going := p.now(), reachedBy(1, heads), 0
	p.mu.Lock()
	defer p.mu.Unlock()
	frozen := func(a said[uint64]) bool { return a.value < highest && now.Sub(a.by.behind) >= frozenTime }
	for _, a := range heads {
		if a.by.head != a.value {
			a.by.head, a.by.behind = a.value, time.Time{}
		}
		if a.value < highest && a.by.behind.IsZero() {
			a.by.behind = now
		}
		if !frozen(a) {
			going++
		}
	}
	if 2*going < len(heads) {
		return heads
	}
	for _, a := range heads {
		if frozen(a) {
			why[a.by] = fmt.Sprintf("it stays at block %d, and others are at %d", a.value, highest)
		}
	}
	return slices.DeleteFunc(heads, frozen)
}

// reachedBy returns the highest number that so many have reached.
func reachedBy(most int, numbers []said[uint64]) uint64 {
	sorted := slices.Clone(numbers)
	slices.SortFunc(sorted, func(a, b said[uint64]) int { return cmp.Compare(b.value, a.value) })
	return sorted[most-1].value
}

// judge leaves out the endpoints that have a reason in why, and lets the others back in.
func (p *endpoints) judge(why map[*endpoint]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.all {
		switch {
		case e.why == "" && why[e] != "":
			p.log.Warn("an endpoint of the chain is left out", "number", e.number, "host", e.host, "why", why[e])
		case e.why != "" && why[e] == "":
			p.log.Info("an endpoint of the chain counts again", "number", e.number, "host", e.host)
		}
		e.why = why[e]
	}
	p.surveyed = true
}

// AwaitHead implements backend.
func (p *endpoints) AwaitHead(ctx context.Context, after uint64) (uint64, error) {
	tick := time.NewTicker(p.poll)
	defer tick.Stop()
	for {
		head, err := p.BlockNumber(ctx)
		if err != nil || head > after {
			return head, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// ChainID returns which chain the endpoints are of.
func (p *endpoints) ChainID(ctx context.Context) (*big.Int, error) {
	return agree(ctx, p.all, (*big.Int).String, func(ctx context.Context, c *ethclient.Client) (*big.Int, error) { return c.ChainID(ctx) })
}

// HeaderByNumber implements backend.
func (p *endpoints) HeaderByNumber(ctx context.Context, number *big.Int) (*types.Header, error) {
	in, err := p.believed(ctx)
	if err != nil {
		return nil, err
	}
	read := func(ctx context.Context, c *ethclient.Client) (*types.Header, error) {
		return c.HeaderByNumber(ctx, number)
	}
	if number == nil {
		return first(ctx, in, read)
	}
	return agree(ctx, in, func(h *types.Header) string { return h.Hash().Hex() }, read)
}

// CallContract implements backend.
func (p *endpoints) CallContract(ctx context.Context, call ethereum.CallMsg, block *big.Int) ([]byte, error) {
	in, err := p.believed(ctx)
	if err != nil {
		return nil, err
	}
	read := func(ctx context.Context, c *ethclient.Client) ([]byte, error) {
		return c.CallContract(ctx, call, block)
	}
	if block == nil {
		return first(ctx, in, read)
	}
	return agree(ctx, in, func(out []byte) string { return string(out) }, read)
}

// FilterLogs implements backend. The newest block of the range is asked for in the same batch: a node that lacks it says
// so there, while for logs of blocks that they do not have, nodes say that there are none.
func (p *endpoints) FilterLogs(ctx context.Context, q ethereum.FilterQuery) ([]types.Log, error) {
	in, err := p.believed(ctx)
	if err != nil {
		return nil, err
	}
	logs, err := agree(ctx, in, foundLogs.key, func(ctx context.Context, c *ethclient.Client) (foundLogs, error) {
		var found foundLogs
		batch := []rpc.BatchElem{
			{Method: "eth_getBlockByNumber", Args: []any{hexutil.EncodeBig(q.ToBlock), false}, Result: &found.newest},
			{Method: "eth_getLogs", Args: []any{filter{hexutil.EncodeBig(q.FromBlock), hexutil.EncodeBig(q.ToBlock), q.Addresses, q.Topics}}, Result: &found.logs},
		}
		if err := c.Client().BatchCallContext(ctx, batch); err != nil {
			return found, err
		}
		if err := errors.Join(batch[0].Error, batch[1].Error); err != nil {
			return found, err
		}
		if found.newest == nil {
			return found, errBehind
		}
		return found, nil
	})
	return logs.logs, err
}

// errBehind reports a node that was asked about a block which it does not have yet.
var errBehind = errors.New("the node does not have the block yet")

// filter is what eth_getLogs takes.
type filter struct {
	From      string           `json:"fromBlock"`
	To        string           `json:"toBlock"`
	Addresses []common.Address `json:"address"`
	Topics    [][]common.Hash  `json:"topics"`
}

type foundLogs struct {
	newest *struct{ Hash common.Hash }
	logs   []types.Log
}

// key names the logs, and the chain that they are of.
func (f foundLogs) key() string {
	var b strings.Builder
	fmt.Fprint(&b, f.newest.Hash)
	for _, l := range f.logs {
		fmt.Fprintf(&b, "%s %s %d %s %s %x\n", l.BlockHash, l.TxHash, l.Index, l.Address, l.Topics, l.Data)
	}
	return b.String()
}

// EstimateGas implements backend.
func (p *endpoints) EstimateGas(ctx context.Context, call ethereum.CallMsg) (uint64, error) {
	in, err := p.believed(ctx)
	if err != nil {
		return 0, err
	}
	return first(ctx, in, func(ctx context.Context, c *ethclient.Client) (uint64, error) { return c.EstimateGas(ctx, call) })
}

// SuggestGasTipCap implements backend. It returns the middle of what the endpoints suggest.
func (p *endpoints) SuggestGasTipCap(ctx context.Context) (*big.Int, error) {
	in, err := p.believed(ctx)
	if err != nil {
		return nil, err
	}
	tips, err := ask(ctx, in, majority(in), func(ctx context.Context, c *ethclient.Client) (*big.Int, error) { return c.SuggestGasTipCap(ctx) })
	if err != nil {
		return nil, err
	}
	slices.SortFunc(tips, func(a, b said[*big.Int]) int {
		return cmp.Or(cmp.Compare(excuse(a.err), excuse(b.err)), compare(a.value, b.value))
	})
	good := slices.IndexFunc(tips, func(a said[*big.Int]) bool { return a.err != nil })
	switch good {
	case 0:
		return nil, tips[0].err
	case -1:
		good = len(tips)
	}
	return tips[(good-1)/2].value, nil
}

func excuse(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

func compare(a, b *big.Int) int {
	if a == nil || b == nil {
		return 0
	}
	return a.Cmp(b)
}

// NonceAt implements backend.
func (p *endpoints) NonceAt(ctx context.Context, account common.Address, block *big.Int) (uint64, error) {
	in, err := p.believed(ctx)
	if err != nil {
		return 0, err
	}
	nonces, err := ask(ctx, in, majority(in), func(ctx context.Context, c *ethclient.Client) (uint64, error) { return c.NonceAt(ctx, account, block) })
	if err != nil {
		return 0, err
	}
	good := slices.DeleteFunc(slices.Clone(nonces), func(a said[uint64]) bool { return a.err != nil })
	if len(good) == 0 {
		return 0, nonces[0].err
	}
	return reachedBy(len(good)/2+1, good), nil
}

// SendTransaction implements backend. It returns once an endpoint takes the transaction, or all have answered.
func (p *endpoints) SendTransaction(ctx context.Context, tx *types.Transaction) error {
	replies := make(chan error, len(p.all))
	for _, e := range p.all {
		p.sends.Go(func() {
			ctx, cancel := context.WithTimeout(p.background, answerTime)
			defer cancel()
			replies <- e.client.SendTransaction(ctx, tx)
		})
	}
	var refusal, lack error
	for range p.all {
		select {
		case err := <-replies:
			switch {
			case err == nil:
				return nil
			case answered(err):
				refusal = err
			default:
				lack = err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return cmp.Or(refusal, lack)
}

// TransactionByHash implements backend: it finds what any endpoint has.
func (p *endpoints) TransactionByHash(ctx context.Context, tx common.Hash) (*types.Transaction, bool, error) {
	found, err := ask(ctx, p.all, p.enough(), func(ctx context.Context, c *ethclient.Client) (held, error) {
		t, pending, err := c.TransactionByHash(ctx, tx)
		return held{t, pending}, err
	})
	if err != nil {
		return nil, false, err
	}
	for _, a := range found {
		if a.err == nil {
			return a.value.tx, a.value.pending, nil
		}
	}
	return nil, false, found[0].err
}

type held struct {
	tx      *types.Transaction
	pending bool
}

// TransactionReceipt implements backend. A receipt that only some have is not one yet.
func (p *endpoints) TransactionReceipt(ctx context.Context, tx common.Hash) (*types.Receipt, error) {
	in, err := p.believed(ctx)
	if err != nil {
		return nil, err
	}
	receipt, err := agree(ctx, in, func(r *types.Receipt) string {
		return fmt.Sprint(r.BlockHash, r.BlockNumber, r.Status, r.GasUsed, r.ContractAddress)
	}, func(ctx context.Context, c *ethclient.Client) (*types.Receipt, error) {
		return c.TransactionReceipt(ctx, tx)
	})
	if errors.Is(err, ErrDisagree) {
		return nil, ethereum.NotFound
	}
	return receipt, err
}
