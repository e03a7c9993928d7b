package pipeline

import (
	"encoding/hex"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// Config is what a Pipeline needs to know about its instance.
type Config struct {
	Instance string // the instance's id, 64 hex digits
	ChainID  int64

	// FeeBasisPoints is the operator's fee on each answer, on top of its price, in ten-thousandths. It is fixed for a
	// question when it is asked.
	FeeBasisPoints int

	// Sweep is how often questions past their deadline are looked for. Default one second.
	Sweep time.Duration

	// Learn is after how long a family of questions is learned anew when any have closed since, few as they are. What is
	// learned is kept for good, because the questions asked then name it. Default one hour.
	Learn time.Duration

	// HoldNewcomers keeps the pay of people back who have not shown yet that they do not guess, where golds could show it.
	HoldNewcomers bool

	// Hold is for how long at the most it is kept back. Default HoldDefault.
	Hold time.Duration

	// AddressDelay is how long a change of a payout address waits that the new address did not sign. Default
	// AddressDelayDefault.
	AddressDelay time.Duration

	// FairPay is what work must pay at least, in an hour: a price is refused that pays less, where it is known how long an
	// answer takes. Zero: nothing is refused.
	FairPay tasknet.Amount

	// Reported is how many closed tasks a report is about at most. Default 200,000.
	Reported int

	// Files and Media are of imports of tasks. Media is also asked for what contracts ask about.
	Files TaskFiles
	Media TaskMedia

	// Artefacts says where those are kept, and how many.
	Artefacts ArtefactConfig

	// Work says how nodes are checked and paid.
	Work WorkConfig

	// Stakes is the contract in which owners of nodes stake. Default: there is none, and no job may ask for a stake.
	Stakes rewards.StakeTerms

	// Exam judges trained models. Default: none is, and replicas and audits alone check trainings.
	Exam Exam

	// Woken is told when pushes wait to be sent. It must not block. Default: nobody is told.
	Woken func()

	// Presence tells who is here, and need not be woken. Default: what the stores know.
	Presence Presence

	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Log gets what an operator should see. Default: nothing is logged.
	Log *slog.Logger
}

// Notice tells, in this process and after the commit, that something happened to a question. It may be dropped on the
// way: the stores have the truth.
type Notice struct {
	Kind     EventKind
	Org      polls.OrgID
	Question *polls.Question
}

// Feed takes notices. It must not block.
type Feed interface {
	Publish(Notice)
}

// Pipeline runs what spans domains.
type Pipeline struct {
	stores  Stores
	stopper *labeling.Stopper
	feed    Feed
	faucet  rewards.Faucet // nil where there is no test money
	domain  polls.Domain
	cfg     Config

	refusals  refusals
	unknown   sync.Map // *labeling.Snapshot by the number of choices; see unknownOf
	due       dueSet
	projects  chan struct{} // wakes RunProjects
	sealing   chan struct{} // wakes RunSealing
	contests  chan struct{} // wakes RunContests
	artefacts chan struct{} // wakes RunArtefacts
	idle      idle          // nodes that wait for work
	bells     bells         // who waits for an ask of a live job, or for its answer
	here      counted       // nodes that are here
	attending attendance    // those, for who does copies
	given     lately
	turns     recent
	rowKeys   rowKeys
	keys      *lru.Cache[[32]byte, authenticated]
	works     *lru.Cache[labeling.Like, worked]
	revoked   atomic.Uint64 // counts revocations: a key that was looked up before one is not kept after it
}

// New returns a Pipeline. Faucet may be nil.
func New(stores Stores, stopper *labeling.Stopper, feed Feed, faucet rewards.Faucet, cfg Config) (*Pipeline, error) {
	if cfg.Reported == 0 {
		cfg.Reported = 200_000
	}
	if cfg.Sweep == 0 {
		cfg.Sweep = time.Second
	}
	if cfg.Learn == 0 {
		cfg.Learn = time.Hour
	}
	if cfg.Hold == 0 {
		cfg.Hold = HoldDefault
	}
	if cfg.AddressDelay == 0 {
		cfg.AddressDelay = AddressDelayDefault
	}
	if cfg.Artefacts.Max == 0 {
		cfg.Artefacts.Max = ArtefactMaxDefault
	}
	if cfg.Artefacts.Quota == 0 {
		cfg.Artefacts.Quota = ArtefactQuotaDefault
	}
	cfg.Work = cfg.Work.WithDefaults()
	if err := cfg.Work.validate(); err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	instance, err := hex.DecodeString(cfg.Instance)
	if err != nil || len(instance) != 32 {
		return nil, tasknet.NewError(tasknet.Internal, "bad_instance", "The instance's id must be 64 hex digits.")
	}
	keys, err := lru.New[[32]byte, authenticated](keyCacheSize)
	if err != nil {
		return nil, err
	}
	works, err := lru.New[labeling.Like, worked](worksKept)
	if err != nil {
		return nil, err
	}
	return &Pipeline{
		stores: stores, stopper: stopper, feed: feed, faucet: faucet, cfg: cfg, keys: keys, works: works, due: newDueSet(), projects: make(chan struct{}, 1), sealing: make(chan struct{}, 1), contests: make(chan struct{}, 1), artefacts: make(chan struct{}, 1), idle: idle{over: make(chan struct{})},
		domain: polls.Domain{Instance: [32]byte(instance), ChainID: cfg.ChainID},
	}, nil
}

// Recorded is polls.ServiceConfig.Recorded: it tells of progress, and has what stopped closed.
func (p *Pipeline) Recorded(touched []*polls.Question) {
	for _, q := range touched {
		p.feed.Publish(Notice{Kind: AnswerAccepted, Org: q.Org, Question: q})
		if q.Status == polls.Closing {
			p.due.add(q.ID)
		}
	}
}

func (p *Pipeline) now() time.Time { return p.cfg.Now().UTC().Truncate(time.Millisecond) }
