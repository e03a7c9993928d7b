package polls

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/oasisprotocol/curve25519-voi/primitives/ed25519"
	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
)

// batchMax is the most answers that are verified, or committed, at once.
const batchMax = 512

// clientClockSkew is how far a device's clock may be off. It is advisory, but a date far away shows a broken client.
const clientClockSkew = 365 * 24 * time.Hour

// Recorded is an answer that is durable.
type Recorded struct {
	Answer  Answer
	Receipt Receipt
	Pays    tasknet.Amount
	Fresh   bool // false when the same answer had been recorded before
}

// pending is an answer on its way through the stages, and the one who waits for it.
type pending struct {
	Submission
	key    *ed25519.ExpandedPublicKey
	digest [32]byte
	result Recorded
	done   chan error // of capacity 1
}

// Answer records an answer and returns when it is durable. The answer's Question, Assignment, Device, Choice or Value, Nonce,
// ClientMS and Signature are the device's; the rest is set here. The same answer sent again returns what was recorded.
// When ctx ends first the answer may still be recorded; sending it again tells.
func (s *Service) Answer(ctx context.Context, a Answer) (Recorded, error) {
	now := s.now()
	if raw, err := hex.DecodeString(a.Nonce); err != nil || len(raw) != 16 || hex.EncodeToString(raw) != a.Nonce {
		return Recorded{}, ErrBadAnswer
	}
	if age := now.Sub(time.UnixMilli(a.ClientMS)); age > clientClockSkew || age < -clientClockSkew {
		return Recorded{}, ErrBadAnswer
	}
	if err := tasknet.CheckID(AssignmentPrefix, string(a.Assignment)); err != nil {
		return Recorded{}, err
	}
	device, err := s.usableDevice(ctx, a.Device)
	if err != nil {
		return Recorded{}, err
	}
	a.Respondent = device.device.Respondent
	q, err := s.question(ctx, a.Question)
	if err != nil {
		return Recorded{}, err
	}
	if err := q.CheckAnswer(a.Choice, a.Value); err != nil {
		return Recorded{}, err
	}
	if err := s.cfg.Prepare(ctx, q); err != nil {
		return Recorded{}, err
	}
	p := &pending{Submission: Submission{Answer: a, Question: q, Until: device.device.Expires}, key: device.key, digest: a.Digest(s.cfg.Instance, q.Hash), done: make(chan error, 1)}
	select {
	case s.waiting <- p:
	case <-ctx.Done():
		return Recorded{}, ctx.Err()
	}
	select {
	case err := <-p.done:
		return p.result, err
	case <-ctx.Done():
		return Recorded{}, ctx.Err()
	}
}

// Run verifies and commits answers until ctx ends, then those that are under way. No Answer may be called after.
//
// Answers are verified while those before them are committed, and handed over when that commit is done. Until then what
// is verified grows: large batches cost less an answer, and nobody waits for a timer.
func (s *Service) Run(ctx context.Context) error {
	ending := context.WithoutCancel(ctx)
	verified := make(chan []*pending)
	committed := make(chan recorded, 1)
	stages := new(errgroup.Group)
	stages.Go(func() error {
		defer close(verified)
		for batch := s.next(ctx); len(batch) > 0; {
			good := verify(batch)
			if batch = nil; len(good) > 0 {
				batch = s.handOver(good, verified)
			}
			if len(batch) == 0 {
				batch = s.next(ctx)
			}
		}
		return nil
	})
	stages.Go(func() error {
		defer close(committed)
		for batch := range verified {
			s.commit(ending, batch, committed)
		}
		return nil
	})
	stages.Go(func() error {
		for r := range committed {
			s.reply(ending, r)
		}
		return nil
	})
	return stages.Wait()
}

// verifyMin is how many answers must wait before they are verified for a batch that is ready: fewer cost more each.
const verifyMin = 96

// handOver gives a batch to the commit stage. While that is busy, it adds to the batch what comes and is verified in the
// meantime. It returns what came and is not verified.
func (s *Service) handOver(good []*pending, verified chan<- []*pending) (more []*pending) {
	for {
		waiting := s.waiting
		if len(good)+len(more) >= batchMax {
			waiting = nil
		}
		select {
		case verified <- good:
			return more
		case p := <-waiting:
			if more = append(more, p); len(more) >= verifyMin {
				good, more = append(good, verify(more)...), nil
			}
		}
	}
}

// next returns what waits, up to batchMax: one answer when the load is low, many when it is high. It waits for the
// first, and returns none when ctx has ended and nothing waits.
func (s *Service) next(ctx context.Context) []*pending {
	batch := make([]*pending, 0, 64)
	select {
	case p := <-s.waiting:
		batch = append(batch, p)
	case <-ctx.Done():
	}
	for len(batch) < batchMax {
		select {
		case p := <-s.waiting:
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// verify returns those with good signatures, and refuses the others.
func verify(batch []*pending) (good []*pending) {
	verifier := ed25519.NewBatchVerifierWithCapacity(len(batch))
	for _, p := range batch {
		verifier.AddExpandedWithOptions(p.key, p.digest[:], p.Answer.Signature[:], zip215)
	}
	all, each := verifier.Verify(nil)
	if all {
		return batch
	}
	for i, p := range batch {
		if each[i] {
			good = append(good, p)
		} else {
			p.done <- ErrBadSignature
		}
	}
	return good
}

// commitTime bounds one commit. A database that takes longer is as good as away.
const commitTime = 20 * time.Second

// recorded is a batch that was committed, or why it could not be.
type recorded struct {
	answers []*pending
	batch   *Batch
	err     error
}

// commit records a batch in one transaction and has everybody in it answered. A batch that fails as a whole is tried one
// by one, so that what breaks one answer does not break its neighbours; but not when the database is away.
func (s *Service) commit(ctx context.Context, answers []*pending, done chan<- recorded) {
	bounded, cancel := context.WithTimeout(ctx, commitTime)
	b, err := s.record(bounded, answers)
	cancel()
	if err == nil || len(answers) == 1 || tasknet.Describe(err).Kind == tasknet.Unavailable || errors.Is(err, context.DeadlineExceeded) {
		done <- recorded{answers, b, err}
		return
	}
	for _, p := range answers {
		s.commit(ctx, []*pending{p}, done)
	}
}

// reply answers everybody in a batch. It is a stage of its own so that the next batch is committed meanwhile.
func (s *Service) reply(ctx context.Context, r recorded) {
	b, err := r.batch, r.err
	if err == nil && len(b.Touched) > 0 {
		s.cfg.Recorded(b.Touched)
	}
	var receipts []Receipt
	if err == nil && b.Commit != nil {
		receipts, err = b.Commit.Receipts(s.cfg.Instance, s.cfg.ReceiptKey())
	}
	for _, p := range r.answers {
		switch {
		case r.err != nil:
			p.done <- r.err
		case p.Err != nil:
			p.done <- s.refuse(p, b.At)
		case p.Before != nil:
			p.done <- s.recordedBefore(ctx, p, b.Commit, receipts)
		case err != nil:
			p.done <- err
		default:
			p.result = Recorded{Answer: p.Answer, Receipt: receipts[p.Answer.Index], Pays: p.Question.Price, Fresh: true}
			p.done <- nil
		}
	}
}

func (s *Service) record(ctx context.Context, batch []*pending) (*Batch, error) {
	b := &Batch{Instance: s.cfg.Instance, At: s.now(), Submissions: make([]*Submission, len(batch))}
	for i, p := range batch {
		b.Submissions[i] = &p.Submission
	}
	return b, s.store.RecordAnswers(ctx, b, s.stopper)
}

// recordedBefore fills in the result of an answer that was recorded earlier, perhaps a moment ago in the same commit.
func (s *Service) recordedBefore(ctx context.Context, p *pending, now *Commit, receipts []Receipt) error {
	before := *p.Before
	if now == nil || before.Receipt != now.ID {
		commit, err := s.store.Commit(ctx, before.Receipt)
		if err != nil {
			return err
		}
		if receipts, err = commit.Receipts(s.cfg.Instance, s.cfg.ReceiptKey()); err != nil {
			return err
		}
	}
	p.result = Recorded{Answer: before, Receipt: receipts[before.Index], Pays: p.Question.Price}
	return nil
}
