package eth

import (
	"context"
	"errors"
	"log/slog"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
)

// undoneWith is a revert as a node reports it.
type undoneWith string

func (undoneWith) Error() string    { return "execution reverted" }
func (undoneWith) ErrorCode() int   { return 3 }
func (u undoneWith) ErrorData() any { return string(u) }

// TestAgree counts what endpoints say, whoever is heard first.
func TestAgree(t *testing.T) {
	gone, busy := ethereum.NotFound, says("too many requests")
	for name, c := range map[string]struct {
		say   []any // a value, or an error
		value string
		err   error
	}{
		"one":                      {[]any{"a"}, "a", nil},
		"one with an excuse":       {[]any{busy}, "", busy},
		"two of three":             {[]any{"b", "a", "a"}, "a", nil},
		"two of three, the last":   {[]any{"a", "a", "b"}, "a", nil},
		"most have none":           {[]any{"a", gone, gone}, "", gone},
		"one has none":             {[]any{gone, "a", "a"}, "a", nil},
		"two differ":               {[]any{"a", "b"}, "", ErrDisagree},
		"three differ":             {[]any{"a", "b", gone}, "", ErrDisagree},
		"two of four":              {[]any{"a", "a", "b", "b"}, "", ErrDisagree},
		"an excuse is no word":     {[]any{"a", busy, busy}, "a", nil},
		"a broken line is none":    {[]any{"a", errLine, errLine}, "a", nil},
		"nobody":                   {[]any{errLine, errLine, errLine}, "", errLine},
		"excuses only":             {[]any{busy, busy, busy}, "", busy},
		"most reverted alike":      {[]any{"a", undoneWith("0x01"), undoneWith("0x01")}, "", undoneWith("0x01")},
		"reverted for two reasons": {[]any{undoneWith("0x02"), undoneWith("0x01")}, "", ErrDisagree},
	} {
		var whom []*endpoint
		says := make(map[*ethclient.Client]any)
		for _, what := range c.say {
			e := &endpoint{client: ethclient.NewClient(nil)}
			whom, says[e.client] = append(whom, e), what
		}
		for range 20 {
			got, err := agree(context.Background(), whom, func(s string) string { return s }, func(_ context.Context, of *ethclient.Client) (string, error) {
				if err, bad := says[of].(error); bad {
					return "", err
				}
				return says[of].(string), nil
			})
			if got != c.value || !errors.Is(err, c.err) {
				t.Errorf("%s: %q, %v; want %q, %v", name, got, err, c.value, c.err)
				break
			}
		}
	}
}

// TestOneOfTwoFreezes: of two endpoints one stays at a block, or answers nothing any more; the other is believed after a while,
// and the status says so. While the chain itself stands still nobody is left out.
func TestOneOfTwoFreezes(t *testing.T) {
	ctx := context.Background()
	anvil := ethtest.StartAnvil(t)
	mine := func(blocks int) {
		for range blocks {
			anvil.Mine(t)
		}
	}
	mine(10)
	odd, good := ethtest.StartProxy(t, anvil.URL), ethtest.StartProxy(t, anvil.URL)
	nodes, err := dial(ctx, odd.URL+","+good.URL, 2, time.Second, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer nodes.Close()
	clock := time.Unix(1_800_000_000, 0)
	nodes.now = func() time.Time { return clock }
	at := func(when string, want uint64, out string) {
		t.Helper()
		head, err := nodes.BlockNumber(ctx)
		if err != nil || head != want {
			t.Errorf("%s: at block %d, %v; want %d", when, head, err, want)
		}
		left := nodes.leftOut()
		if out == "" && len(left) > 0 || out != "" && (len(left) != 1 || left[0].Number != 1 || !strings.Contains(left[0].Why, out)) {
			t.Errorf("%s: left out %+v, want %q", when, left, out)
		}
	}
	at("both well", 10, "")
	clock = clock.Add(time.Hour)
	at("the chain stands still", 10, "")
	odd.Break(on("eth_blockNumber", ethtest.Again))
	mine(20)
	at("one has just gone on", 10, "")
	clock = clock.Add(frozenTime - time.Second)
	at("one has gone on for some time", 10, "")
	clock = clock.Add(time.Second)
	at("one is frozen", 30, "stays at block 10")
	odd.Break(nil)
	at("it is back", 30, "")
	odd.Break(on("eth_blockNumber", ethtest.Again))
	mine(5)
	clock = clock.Add(time.Minute)
	at("one is slower for a while", 30, "")
	for range 3 {
		mine(5)
		clock = clock.Add(time.Minute)
		if head, err := nodes.BlockNumber(ctx); err != nil || head < 30 {
			t.Fatal(head, err)
		}
	}
	at("it is frozen again", 50, "stays at block 30")
	if _, err := nodes.HeaderByNumber(ctx, big.NewInt(45)); err != nil {
		t.Errorf("read past it: %v", err)
	}
	odd.Break(func(string) ethtest.Fault { return ethtest.Hangs })
	at("one does not answer", 50, "does not answer")
	began := time.Now()
	at("it still does not", 50, "does not answer")
	if took := time.Since(began); took >= answerTime {
		t.Errorf("one that is away holds up a question for %v", took)
	}
	odd.Break(nil)
	at("all is well", 50, "")
}

// TestLogsOfANodeThatIsBehind asks for logs up to a block that the node does not have: it must not say that there are none.
func TestLogsOfANodeThatIsBehind(t *testing.T) {
	proxy := ethtest.StartProxy(t, ethtest.StartAnvil(t).URL)
	nodes, err := dial(context.Background(), proxy.URL, 1, time.Second, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer nodes.Close()
	q := ethereum.FilterQuery{FromBlock: new(big.Int), ToBlock: new(big.Int), Addresses: []common.Address{{1}}}
	if logs, err := nodes.FilterLogs(context.Background(), q); err != nil || len(logs) != 0 {
		t.Errorf("%d logs, %v; want none", len(logs), err)
	}
	proxy.Break(on("eth_getBlockByNumber", ethtest.Missing))
	if _, err := nodes.FilterLogs(context.Background(), q); !errors.Is(err, errBehind) {
		t.Errorf("got %v, want %v", err, errBehind)
	}
}

// TestStatus says what is under way, and nothing that is secret.
func TestStatus(t *testing.T) {
	m := newModel(rand.New(rand.NewPCG(1, 1)), true, 0)
	b := &faulty{backend: m}
	s := newSender(b, noKey{}, big.NewInt(1), gwei(200), modelDepth, slog.New(slog.DiscardHandler))
	s.now = func() time.Time { return time.Unix(1_800_000_000, 0) }
	c := &Chain{View: &View{backend: &endpoints{all: []*endpoint{
		{number: 1, host: "key.example.org"}, {number: 2, host: "rpc.example.org", why: "it does not answer"},
	}}}, poster: s, relayer: s}
	var during Status
	b.send = func(ctx context.Context, tx *types.Transaction) error {
		err := m.SendTransaction(ctx, tx)
		during = c.Status()
		return err
	}
	if _, err := s.send(context.Background(), "post a root", &common.Address{1}, asked(1)); err != nil {
		t.Fatal(err)
	}
	if len(during.Sending) != 1 || during.Sending[0].From != rewards.Address(noKey{}.account()) || during.Sending[0].Attempts != 1 {
		t.Fatalf("while it sends: %+v", during)
	}
	const want = "post a root, nonce 0, since 2027-01-15T08:00:00Z (0x"
	if got := during.String(); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, ", attempt 1, at most 21 gwei); endpoint 2 of 2 is left out: it does not answer") {
		t.Errorf("the status says %q, want %q", got, want)
	}
	if after := c.Status(); len(after.Sending) != 0 || len(after.Out) != 1 || after.Out[0].Host != "rpc.example.org" {
		t.Errorf("afterwards: %+v", after)
	}
}
