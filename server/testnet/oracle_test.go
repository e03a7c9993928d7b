package testnet_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"image"
	"image/jpeg"
	"iter"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/bundle"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// oraclePatience is for how long a step of a contract's question may take.
const oraclePatience = time.Minute

// outside is somebody with tokens and a contract that asks, who knows the instance by its chain alone.
type outside struct {
	*ethtest.Account
	instance wire.Instance
	oracle   [20]byte
	token    [20]byte
	board    [20]byte
}

func newOutside(t *testing.T, ctx context.Context, n *testnet.Net, rpc string) *outside {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(n.Data, "chain", "keys", "minter"))
	must(t, err)
	o := &outside{Account: ethtest.NewAccount(t, rpc, strings.TrimSpace(string(key)))}
	o.instance, err = n.Client.Instance(ctx)
	must(t, err)
	o.oracle, o.token = addressIn(t, o.instance.Oracle), addressIn(t, o.instance.Token.Address)
	made, err := os.ReadFile(filepath.Join(n.Data, "chain", "oracle"))
	must(t, err)
	o.board = addressIn(t, strings.Fields(string(made))[1])
	return o
}

func addressIn(t *testing.T, text string) [20]byte {
	t.Helper()
	a, err := polls.ParseWallet(text)
	must(t, err)
	return a
}

// tokens are so many in base units.
func tokens(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)) }

// await waits until a contract's question is as wanted.
func await(t *testing.T, ctx context.Context, n *testnet.Net, number [32]byte, want func(wire.OracleStanding) bool) wire.OracleStanding {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, oraclePatience)
	defer cancel()
	var last wire.OracleStanding
	for {
		got, err := n.Client.OracleRequest(ctx, hex.EncodeToString(number[:]))
		if err == nil {
			if last = got; want(got) {
				return got
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the question of a contract is still %+v, %v", last, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func isIn(state string) func(wire.OracleStanding) bool {
	return func(s wire.OracleStanding) bool { return s.State == state }
}

// TestBoardHidesAPost: a contract asks whether to hide a post, people answer on their devices, and the verdict arrives in the
// contract, which hides it. Another contract asks what cannot be shown: it is told so at its deadline, by a header that pays
// nobody. An outsider recomputes all of it, by the chain and from files, and finds what is changed.
func TestBoardHidesAPost(t *testing.T) {
	t.Parallel() // it waits for a deadline
	rpc := freeAddress(t)
	testnet.Run(t, app.Config{Chain: app.ChainConfig{DevRPC: strings.TrimPrefix(rpc, "http://")}}, func(t *testing.T, ctx context.Context, n *testnet.Net) {
		o := newOutside(t, ctx, n, rpc)
		o.Mint(t, o.token, o.Address(), tokens(10))
		o.Approve(t, o.token, o.board)
		board := &ethtest.Board{Account: o.Account, At: o.board}
		eater := ethtest.NewEater(t, o.Account, o.token, o.oracle)
		o.Mint(t, o.token, eater.At, tokens(1))
		head, err := o.Client.HeaderByNumber(ctx, nil)
		must(t, err)
		deadline := time.Unix(int64(head.Time), 0)
		if now := time.Now(); deadline.Before(now) {
			deadline = now
		}
		refused := eater.Ask(t, ethtest.Question{
			Text: "Is this a bird?", Content: [32]byte{1}, Options: []string{"yes", "no"}, Min: 1, Max: 3, Deadline: deadline.Add(20 * time.Second), Payment: tokens(1),
		})
		post := board.Post(t, "You have won a phone.")
		number := board.Flag(t, post)

		asked := await(t, ctx, n, number, isIn("open"))
		if asked.Ask.Text != "You have won a phone." || asked.Ask.MinAnswers != 3 || asked.Ask.MaxAnswers != 15 || asked.Question == "" {
			t.Fatalf("asked %+v", asked)
		}
		answered := answerAll(t, ctx, n, asked.Question, 1)
		got := await(t, ctx, n, number, func(s wire.OracleStanding) bool { return s.Delivered })
		if got.State != "fulfilled" || got.Verdict == nil || got.Verdict.Outcome != "decided" || got.Verdict.Choice != 1 || got.Verdict.Answers != answered {
			t.Fatalf("%d answers came to %+v, %+v", answered, got, got.Verdict)
		}
		if !board.Hidden(t, post) {
			t.Error("the post is not hidden")
		}
		told := await(t, ctx, n, refused, isIn("fulfilled"))
		if told.Reason != "content_not_here" || told.Question != "" || told.Verdict.Outcome != "unanswered" || told.Verdict.Answers != 0 {
			t.Errorf("refused as %+v, %+v", told, told.Verdict)
		}
		report := n.AwaitLogged(t, ctx)
		if report.Requests != 2 || report.Questions != 1 {
			t.Errorf("verified %+v", report)
		}

		view, err := eth.OpenView(ctx, eth.ViewConfig{URL: rpc, Vault: rewards.Address(addressIn(t, o.instance.Vault)), Oracle: o.oracle})
		must(t, err)
		defer view.Close()
		if report, err := verify.Run(ctx, n.Client, verify.Config{Chain: view}); err != nil || !report.Chain {
			t.Errorf("by the chain: %+v, %v", report, err)
		}
		dir := filepath.Join(t.TempDir(), "records")
		sum, err := bundle.Write(ctx, n.Client, dir, func(string, int, int) {})
		must(t, err)
		files, err := bundle.Open(ctx, dir, sum.Manifest)
		must(t, err)
		defer files.Close()
		if report, err := verify.Run(ctx, files, verify.Config{}); err != nil || report.Requests != 2 {
			t.Errorf("from files: %+v, %v", report, err)
		}
		for name, change := range map[string]func(*wire.OracleRequest){
			"another choice":       func(r *wire.OracleRequest) { r.Verdict.Choice ^= 1 },
			"more confidence":      func(r *wire.OracleRequest) { r.Verdict.ConfidencePPM++ },
			"another outcome":      func(r *wire.OracleRequest) { r.Verdict.Outcome = "undecided" },
			"another record":       func(r *wire.OracleRequest) { r.Verdict.Record = strings.Repeat("00", 32) },
			"more answers":         func(r *wire.OracleRequest) { r.Verdict.Answers++ },
			"another organisation": func(r *wire.OracleRequest) { r.Org = "org_00000000000000000000000000" },
			"another reason":       func(r *wire.OracleRequest) { r.Reason += "x" },
			"no verdict":           func(r *wire.OracleRequest) { r.Verdict = nil },
			"another oracle":       func(r *wire.OracleRequest) { r.Oracle = r.Asker },
		} {
			for _, list := range []string{"requests", "verdicts"} {
				for of := range 2 {
					_, err := verify.Run(ctx, retold{files, list, of, change}, verify.Config{})
					if m, ok := errors.AsType[*verify.Mismatch](err); (!ok || m.Kind != "request" && m.Kind != "epoch") && (name != "another oracle" || list != "requests") {
						t.Errorf("%s in the %s, number %d: %v", name, list, of, err)
					}
				}
			}
		}
		for name, change := range map[string]func(*wire.OracleRequest){
			"another text":     func(r *wire.OracleRequest) { r.Ask.Text += "?" },
			"another option":   func(r *wire.OracleRequest) { r.Ask.Options = []string{"Keep", "Go"} },
			"another quorum":   func(r *wire.OracleRequest) { r.Ask.MinAnswers = 1 },
			"another target":   func(r *wire.OracleRequest) { r.Ask.TargetPPM = 900_000 },
			"another deadline": func(r *wire.OracleRequest) { r.Ask.Deadline++ },
		} {
			at := slices.IndexFunc([]wire.OracleStanding{told, got}, func(s wire.OracleStanding) bool { return s.ID == got.ID })
			if m, ok := errors.AsType[*verify.Mismatch](verified(ctx, retold{files, "requests", at, change})); !ok || m.Kind != "request" {
				t.Errorf("%s: %v", name, m)
			}
		}
	})
}

func verified(ctx context.Context, s verify.Source) error {
	_, err := verify.Run(ctx, s, verify.Config{})
	return err
}

// retold is a source in which one request of a list is another one.
type retold struct {
	verify.Source
	list   string
	of     int
	change func(*wire.OracleRequest)
}

func (s retold) changed(all iter.Seq2[wire.OracleRequest, error], list string) iter.Seq2[wire.OracleRequest, error] {
	return func(yield func(wire.OracleRequest, error) bool) {
		n := 0
		for r, err := range all {
			if list == s.list && (n == s.of || list == "verdicts") && err == nil && (r.Verdict != nil) {
				v := *r.Verdict
				r.Verdict = &v
				s.change(&r)
			}
			n++
			if !yield(r, err) {
				return
			}
		}
	}
}

func (s retold) OracleRequests(ctx context.Context) iter.Seq2[wire.OracleRequest, error] {
	return s.changed(s.Source.OracleRequests(ctx), "requests")
}

func (s retold) EpochVerdicts(ctx context.Context, epoch int64) iter.Seq2[wire.OracleRequest, error] {
	return s.changed(s.Source.EpochVerdicts(ctx, epoch), "verdicts")
}

// TestContractsQuestionOutlivesRestarts: a contract asks about a picture that was uploaded before, by the hash that the upload gave, and
// people see it. The instance is stopped after each step of a contract's question, and goes on. The contract
// eats the gas of the call, so that the verdict is there and not delivered; anybody has it delivered later.
func TestContractsQuestionOutlivesRestarts(t *testing.T) {
	rpc := freeAddress(t)
	data := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	start := func() *testnet.Net {
		return testnet.Start(t, app.Config{Data: data, Chain: app.ChainConfig{DevRPC: strings.TrimPrefix(rpc, "http://")}})
	}
	n := start()
	o := newOutside(t, ctx, n, rpc)
	eater := ethtest.NewEater(t, o.Account, o.token, o.oracle)
	o.Mint(t, o.token, eater.At, tokens(1))
	var raw bytes.Buffer
	must(t, jpeg.Encode(&raw, image.NewGray(image.Rect(0, 0, 30, 20)), nil))
	picture, err := n.Requester.Upload(ctx, raw.Bytes())
	must(t, err)
	content, err := hex.DecodeString(picture.Hash)
	must(t, err)
	number := eater.Ask(t, ethtest.Question{
		Text: "Is this spam?", Content: [32]byte(content), Options: []string{"yes", "no"}, Min: 2, Max: 2, Deadline: time.Now().Add(time.Hour), Payment: tokens(1), CallbackGas: 200_000,
	})
	n.Stop(t)
	n = start()
	asked := await(t, ctx, n, number, isIn("open"))
	n.Stop(t)
	n = start()
	if again := await(t, ctx, n, number, isIn("open")); again.Question != asked.Question {
		t.Errorf("it became %s, and then %s", asked.Question, again.Question)
	}
	person := n.Person(t, ctx)
	shown, err := person.Assignment(ctx, asked.Question)
	must(t, err)
	if i := shown.Question.Image; i == nil || i.Hash != picture.Hash || asked.Ask.Content != "0x"+picture.Hash {
		t.Errorf("asked about %s, people are shown %+v: %+v", picture.Hash, i, asked.Ask)
	}
	_, err = person.Answer(ctx, shown, 0)
	must(t, err)
	n.Stop(t)
	n = start()
	n.Answer(t, ctx, n.Person(t, ctx), asked.Question, 0)
	n.Stop(t)
	n = start()
	closed := await(t, ctx, n, number, func(s wire.OracleStanding) bool { return s.Verdict != nil })
	if closed.Verdict.Choice != 0 || closed.Verdict.Answers != 2 {
		t.Errorf("closed as %+v", closed.Verdict)
	}
	n.Stop(t)
	n = start()
	if got := await(t, ctx, n, number, isIn("fulfilled")); got.Delivered {
		t.Error("who ate the gas of the call has taken the verdict")
	}
	view, err := eth.OpenView(ctx, eth.ViewConfig{URL: rpc, Vault: rewards.Address(addressIn(t, o.instance.Vault)), Oracle: o.oracle})
	must(t, err)
	defer view.Close()
	eater.Behave(t)
	o.Deliver(t, o.oracle, number)
	for delivered := false; !delivered; {
		has, took, err := view.OracleVerdict(ctx, o.oracle, number)
		must(t, err)
		if has.Outcome != rewards.OutcomeDecided {
			t.Fatalf("the oracle has %+v", has)
		}
		if delivered = took; !took {
			must(t, client.Pause(ctx, 20*time.Millisecond))
		}
	}
	if report := n.AwaitLogged(t, ctx); report.Requests != 1 || report.Questions != 1 || report.Answers != 2 {
		t.Errorf("verified %+v", report)
	}
	n.Stop(t)
}

// answerAll has people give one answer until a question wants no more, and returns how many it took.
func answerAll(t *testing.T, ctx context.Context, n *testnet.Net, question string, choice int) (answers int) {
	t.Helper()
	for range 30 {
		who := n.Person(t, ctx)
		asg, err := who.Assignment(ctx, question)
		if err != nil {
			return answers
		}
		if _, err := who.Answer(ctx, asg, choice); err != nil {
			return answers
		}
		answers++
	}
	t.Fatal("the question wants no end of answers")
	return answers
}
