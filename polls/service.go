package polls

import (
	"context"
	stdlib "crypto/ed25519"
	"math/rand/v2"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/oasisprotocol/curve25519-voi/primitives/ed25519"

	"github.com/tasknet/tasknet"
)

// Service applies the rules of this package over a store. Its methods may be called from many goroutines; Answer
// needs Run to be running.
type Service struct {
	store   Store
	stopper Stopper
	cfg     ServiceConfig

	// The fixed parts of questions, and devices, which change by RevokeDevice and Registered only.
	questions *lru.Cache[QuestionID, *Question]
	devices   *lru.Cache[DeviceKey, cachedDevice]
	forgotten atomic.Uint64 // counts removals from devices: what was looked up before one is not kept after it

	waiting chan *pending // to be verified and committed
}

// ServiceConfig is what a Service needs to know about its instance.
type ServiceConfig struct {
	Instance   string                   // the instance's id, 64 hex digits
	ReceiptKey func() stdlib.PrivateKey // signs receipts and refusals now

	// Lease is how long a respondent has a question to themselves. Shorter gives a question to others sooner when
	// somebody walks away; too short, and people on slow networks answer in vain. Default 15 minutes.
	Lease time.Duration

	// Margin is how many more leases a question may have out than answers it still wants. More closes questions
	// sooner; each costs somebody an unpaid answer now and then. Default 1.
	Margin int

	// PendingMost is how much of a newcomer's pay is pending at the most before they get no more questions among golds.
	// Default: however much.
	PendingMost tasknet.Amount

	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Prepare is called with an answer's question before the transaction that records it, so that a Stopper can load
	// what it will read there. Default: nothing to prepare.
	Prepare func(context.Context, *Question) error

	// Refused is told of each refusal: whose answer it is of, and tasknet/refusal/v1. It must not block. Default: nobody is told.
	Refused func(device DeviceKey, leaf [32]byte, at time.Time)

	// Recorded is told of each question that got answers, with its progress, after the commit. It must not block.
	// Default: nobody is told.
	Recorded func([]*Question)
}

const (
	questionCacheSize = 10_000
	deviceCacheSize   = 50_000

	// deviceCacheAge bounds for how long another server of the same store may go on accepting a device that was revoked.
	deviceCacheAge = 30 * time.Second
)

// cachedDevice is a device as it was at a moment, with its key made ready for checking signatures: that takes as long
// as a third of a check, and a device gives many answers.
type cachedDevice struct {
	device *Device
	key    *ed25519.ExpandedPublicKey
	at     time.Time
}

// NewService returns a service over store that stops questions by stopper.
func NewService(store Store, stopper Stopper, cfg ServiceConfig) *Service {
	if cfg.Lease == 0 {
		cfg.Lease = 15 * time.Minute
	}
	if cfg.Margin == 0 {
		cfg.Margin = 1
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Prepare == nil {
		cfg.Prepare = func(context.Context, *Question) error { return nil }
	}
	if cfg.Refused == nil {
		cfg.Refused = func(DeviceKey, [32]byte, time.Time) {}
	}
	if cfg.Recorded == nil {
		cfg.Recorded = func([]*Question) {}
	}
	questions, _ := lru.New[QuestionID, *Question](questionCacheSize) // fails for sizes under 1 only
	devices, _ := lru.New[DeviceKey, cachedDevice](deviceCacheSize)
	return &Service{
		store: store, stopper: stopper, cfg: cfg, questions: questions, devices: devices,
		waiting: make(chan *pending, batchMax),
	}
}

// Assign returns the leases that a respondent then holds, at most count: on question if it is named, else on what the
// store chooses for somebody of that taste. None is no error. With question: ErrNoQuestion, ErrNotAvailable,
// ErrMostTasks.
func (s *Service) Assign(ctx context.Context, by RespondentID, taste Taste, count int, question QuestionID) ([]Lease, error) {
	now := s.now()
	return s.store.ClaimAssignments(ctx, Claim{
		Respondent: by, Question: question, Count: count, At: now, ExpiresAt: now.Add(s.cfg.Lease), Margin: s.cfg.Margin, Taste: taste, Draw: rand.IntN(partsPerMillion),
		PendingMost: s.cfg.PendingMost,
	})
}

// Skip gives a lease back for good: the respondent will not get the question again. ErrNoAssignment, ErrAnswered.
func (s *Service) Skip(ctx context.Context, by RespondentID, id AssignmentID, reason string) error {
	return s.store.SkipAssignment(ctx, by, id, reason, s.now())
}

// Standing counts what a respondent of some taste has answered and could answer now.
func (s *Service) Standing(ctx context.Context, by RespondentID, taste Taste) (Standing, error) {
	return s.store.Standing(ctx, Claim{Respondent: by, Count: availableMax, At: s.now(), Margin: s.cfg.Margin, Taste: taste, PendingMost: s.cfg.PendingMost})
}

// availableMax is where counting what a respondent could answer ends.
const availableMax = 99

// Device returns a device that may act now. ErrUnknownDevice, ErrDeviceEnded.
func (s *Service) Device(ctx context.Context, key DeviceKey) (*Device, error) {
	cached, err := s.usableDevice(ctx, key)
	return cached.device, err
}

func (s *Service) usableDevice(ctx context.Context, key DeviceKey) (cachedDevice, error) {
	now, forgotten := s.now(), s.forgotten.Load()
	cached, ok := s.devices.Get(key)
	if !ok || now.Sub(cached.at) > deviceCacheAge {
		d, err := s.store.Device(ctx, key)
		if err != nil {
			return cachedDevice{}, err
		}
		if cached.key == nil {
			if cached.key, err = ed25519.NewExpandedPublicKey(key[:]); err != nil {
				return cachedDevice{}, ErrBadSignature // no signature fits what is no key
			}
		}
		cached.device, cached.at = d, now
		s.devices.Add(key, cached)
		if s.forgotten.Load() != forgotten {
			s.devices.Remove(key)
		}
	}
	return cached, cached.device.Usable(now)
}

// RevokeDevice ends a device of the respondent: what it signs from now on is refused. ErrUnknownDevice.
func (s *Service) RevokeDevice(ctx context.Context, by RespondentID, key DeviceKey) error {
	err := s.store.RevokeDevice(ctx, by, key, s.now())
	s.Registered(key)
	return err
}

// Registered tells the service that a device was registered anew, so that it is looked up again.
func (s *Service) Registered(key DeviceKey) {
	s.forgotten.Add(1)
	s.devices.Remove(key)
}

// question returns the fixed part of a question, with the skills that weigh its answers once somebody has a lease. The rest of
// its progress may be old.
func (s *Service) question(ctx context.Context, id QuestionID) (*Question, error) {
	if q, ok := s.questions.Get(id); ok {
		return q, nil
	}
	q, err := s.store.Question(ctx, id)
	if err != nil {
		return nil, err
	}
	if q.Skills != "" || q.Snapshot == "" || q.Status == Closed { // else its skills are still to come
		s.questions.Add(id, q)
	}
	return q, nil
}

func (s *Service) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Millisecond) }
