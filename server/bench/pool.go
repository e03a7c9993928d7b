package bench

import (
	"container/heap"
	"context"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// Crowds is what a simulation of pools is made of.
type Crowds struct {
	Questions int           // asked in all, but for small pools, where each person can give one answer in three hours
	Days      int           // over which they are asked
	Answers   int           // that a question needs
	Deadline  time.Duration // after which it is given up
	Streams   float64       // share of open apps that hear at once of what is offered; the others ask each minute
	Seed      uint64
}

// Pool is how one pool did.
type Pool struct {
	People         int     `json:"people"`
	Warm           bool    `json:"warm"`
	Questions      int     `json:"questions"`
	InTime         float64 `json:"in_time"` // share of the questions that had all answers by the deadline
	P50            float64 `json:"p50_s"`   // from asking to the last answer needed; the deadline where that did not come
	P95            float64 `json:"p95_s"`
	Woken          int     `json:"woken"`
	WokenPerAnswer float64 `json:"woken_per_answer"`
	Came           float64 `json:"came"` // share of the wakes after which somebody came
	WokenPerDay    float64 `json:"woken_per_person_day"`
	Leases         float64 `json:"leases_per_answer"`
	Quiet          int     `json:"woken_in_quiet_hours"`
}

// The model of people. Where no source is named, it is assumed.
const (
	// A session of somebody who opens the app by themselves: 72 s on average, what is known of apps in general (Böhmer et al.,
	// MobileHCI 2011).
	sessionMedian, sessionSigma = 50.0, 0.85

	// How often people open the app in a day: a few do so most of the time.
	opensMedian, opensSigma, opensMost = 0.4, 1.3, 12.0

	// Of pushes of apps that are no messengers 15 to 25 of 100 are followed (Pielot, Vradi, Park, MobileHCI 2018). Each person has a
	// share of their own around that: Beta(1, 4).
	followedAlpha, followedBeta = 1, 4

	// After how long those come who do: half of them within 40 s, five in six within five minutes.
	comesMedian, comesSigma = 40.0, 2.1

	// From the tap to the answer.
	answerMedian, answerSigma = 9.0, 0.7

	// Somebody who took a question leaves without an answer.
	leavesChance = 0.05

	// Who never comes again has not said so: at the start, and of the others with a mean time. As many join.
	lapsedShare, lapseTime = 0.3, 50 * 24 * time.Hour

	// From the decision to the phone: the office sends once a second.
	deliveryTime = 1500 * time.Millisecond

	pollEvery = time.Minute

	// answersPerDay is how many answers are asked of a person in a day at the most, on average.
	answersPerDay = 8
	leaseFor      = 15 * time.Minute

	// leasesBeyond is how many leases a question may have out beyond the answers that it needs: as polls.ServiceConfig has it.
	leasesBeyond = 1
)

// zoneShares is where people live: of each hundred, by time zone.
var zoneShares = []struct {
	name  string
	share int
}{
	{"America/Los_Angeles", 5},
	{"America/Chicago", 8},
	{"America/Sao_Paulo", 11},
	{"Europe/London", 8},
	{"Europe/Berlin", 12},
	{"Africa/Lagos", 9},
	{"Africa/Nairobi", 6},
	{"Asia/Kolkata", 17},
	{"Asia/Jakarta", 9},
	{"Asia/Shanghai", 9},
	{"Asia/Tokyo", 6},
}

// hourly is how many people open an app at an hour of their day, against the average.
var hourly = [24]float64{0.35, 0.2, 0.12, 0.1, 0.12, 0.25, 0.6, 0.95, 1.15, 1.2, 1.2, 1.25, 1.35, 1.3, 1.2, 1.2, 1.25, 1.35, 1.45, 1.55, 1.65, 1.6, 1.25, 0.75}

// hourlyMost is no less than any of these.
const hourlyMost = 1.65

// Simulate has a pool answer questions in virtual time. Whom to wake is decided by the server's own code (pipeline.WakeDue and what
// it calls) on a store in memory. The same crowds give the same pool. told hears how many questions are over.
func (c Crowds) Simulate(ctx context.Context, people int, warm bool, told func(done, of int)) (Pool, error) {
	c.Questions = max(1, min(c.Questions, people*c.Days*answersPerDay/c.Answers))
	w := newPoolWorld(c, people, warm)
	scheduler, err := pipeline.New(poolStores{world: w}, nil, nil, nil, pipeline.Config{Instance: emptyInstance, Presence: w, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return Pool{}, err
	}
	for n := 0; w.over < c.Questions; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return Pool{}, ctx.Err()
		}
		e := heap.Pop(&w.events).(poolEvent)
		w.now = e.at
		switch e.kind {
		case opens:
			w.opens(e.who)
		case comes:
			w.begin(e.who)
		case asksAgain:
			w.asks(e.who, e.turn)
		case gives:
			w.gives(e.who, int(e.question))
		case isAsked:
			w.ask()
		case isClosed:
			w.close(int(e.question))
			told(w.over, c.Questions)
		case isDue:
			scheduler.WakeDue(ctx)
		case joins:
			w.join()
		}
	}
	return w.pool(), nil
}

// emptyInstance is the id of an instance that signs nothing.
const emptyInstance = "0000000000000000000000000000000000000000000000000000000000000000"

// poolPerson is somebody in a pool.
type poolPerson struct {
	seen, woken, came time.Time
	until             time.Time // the app is open until then
	lapses            time.Time // they do not come after it
	after             time.Duration
	opens             float64 // times in a day
	follows           float64 // share of pushes
	day               int32
	turn              int32 // of the loop in which the open app asks: only the newest goes on
	today, wakes      int16
	times             int16 // that they came because of a wake
	zone              uint8
	stream            bool
	busy              bool // has a question in hand
}

// poolQuestion is a question under way.
type poolQuestion struct {
	id       polls.QuestionID
	asked    time.Time
	answers  int
	leases   int
	step     int
	next     time.Time
	closed   bool
	had      map[int32]bool // who had a lease
	earlier  []poolWake
	wokenNow map[int32]bool
}

type poolWake struct {
	who   int32
	woken polls.Woken
}

type poolKind uint8

const (
	opens poolKind = iota
	asksAgain
	gives
	isAsked
	isClosed
	isDue
	joins
	comes
)

type poolEvent struct {
	at       time.Time
	order    int // of those at the same time
	kind     poolKind
	who      int32
	turn     int32
	question int32
}

// poolEvents are what is to happen, the next first.
type poolEvents []poolEvent

func (e poolEvents) Len() int { return len(e) }
func (e poolEvents) Less(i, j int) bool {
	if !e[i].at.Equal(e[j].at) {
		return e[i].at.Before(e[j].at)
	}
	return e[i].order < e[j].order
}
func (e poolEvents) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *poolEvents) Push(x any)   { *e = append(*e, x.(poolEvent)) }
func (e *poolEvents) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// poolSeen is that somebody was seen: it stands while nothing newer is known of them.
type poolSeen struct {
	at  time.Time
	who int32
}

// poolWorld is a pool with its questions.
type poolWorld struct {
	crowds    Crowds
	warm      bool
	random    *rand.Rand
	start     time.Time
	now       time.Time
	end       time.Time // of the asking
	events    poolEvents
	order     int
	zones     []*time.Location
	people    []poolPerson
	log       []poolSeen // in the order of time; who was seen since is passed over
	questions []*poolQuestion
	live      []int // the places of those that are not closed
	over      int

	took                              []time.Duration
	answers, leases, woken, came, bad int
	inTime                            int
}

func newPoolWorld(c Crowds, people int, warm bool) *poolWorld {
	start := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	w := &poolWorld{
		crowds: c, warm: warm, random: rand.New(rand.NewPCG(c.Seed, uint64(people))), start: start, now: start, end: start.AddDate(0, 0, c.Days),
		people: make([]poolPerson, people), events: make(poolEvents, 0, people+people/8+c.Questions),
	}
	for _, z := range zoneShares {
		zone, err := polls.Zone(z.name)
		if err != nil {
			panic(err) // the program carries them
		}
		w.zones = append(w.zones, zone)
	}
	for i := range w.people {
		w.born(int32(i), w.random.Float64() < lapsedShare)
	}
	slices.SortFunc(w.log, func(a, b poolSeen) int { return a.at.Compare(b.at) })
	gap := w.end.Sub(start) / time.Duration(c.Questions)
	for i := range c.Questions { // one in each gap, at a time of its own
		w.at(start.Add(gap*time.Duration(i)+time.Duration(w.random.Int64N(int64(gap)))), poolEvent{kind: isAsked})
	}
	w.nextJoin()
	return w
}

// born puts a person in a place, who was here before, some time ago.
func (w *poolWorld) born(who int32, lapsed bool) {
	r := w.random
	p := &w.people[who]
	turn := p.turn + 1
	*p = poolPerson{
		opens: min(lognormal(r, opensMedian, opensSigma), opensMost), follows: 1 - math.Pow(r.Float64(), 1.0/followedBeta), // Beta(1, b)
		zone: w.zone(), turn: turn, stream: r.Float64() < w.crowds.Streams, lapses: w.now.Add(w.exponential(lapseTime)),
	}
	ago := w.exponential(time.Duration(float64(24*time.Hour) / p.opens))
	if lapsed {
		p.lapses = w.now
		ago += w.exponential(30 * 24 * time.Hour)
	}
	w.seen(who, w.now.Add(-ago))
	w.nextOpen(who)
}

func (w *poolWorld) zone() uint8 {
	n := w.random.IntN(100)
	for i, z := range zoneShares {
		if n -= z.share; n < 0 {
			return uint8(i)
		}
	}
	return 0
}

func lognormal(r *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}

func (w *poolWorld) exponential(mean time.Duration) time.Duration {
	return time.Duration(w.random.ExpFloat64() * float64(mean))
}

func (w *poolWorld) seconds(median, sigma float64) time.Duration {
	return time.Duration(min(lognormal(w.random, median, sigma), 24*60*60) * float64(time.Second))
}

func (w *poolWorld) at(when time.Time, e poolEvent) {
	w.order++
	e.at, e.order = when, w.order
	heap.Push(&w.events, e)
}

// nextOpen finds when somebody opens the app next: at random, by the hours of their day.
func (w *poolWorld) nextOpen(who int32) {
	p := &w.people[who]
	mean := time.Duration(float64(24*time.Hour) / (p.opens * hourlyMost))
	for when := w.now; when.Before(w.end.Add(w.crowds.Deadline)) && when.Before(p.lapses); {
		when = when.Add(w.exponential(mean))
		if w.random.Float64()*hourlyMost < hourly[when.In(w.zones[p.zone]).Hour()] {
			if when.Before(p.lapses) {
				w.at(when, poolEvent{kind: opens, who: who, turn: p.turn})
			}
			return
		}
	}
}

// nextJoin has as many join as leave for good.
func (w *poolWorld) nextJoin() {
	w.at(w.now.Add(w.exponential(time.Duration(float64(lapseTime)/((1-lapsedShare)*float64(len(w.people)))))), poolEvent{kind: joins})
}

// join puts somebody new in the place of one who has left.
func (w *poolWorld) join() {
	for range 64 { // few have left of a small pool
		who := int32(w.random.IntN(len(w.people)))
		if p := &w.people[who]; w.now.After(p.lapses) && !p.busy {
			w.born(who, false)
			break
		}
	}
	w.nextJoin()
}

// seen notes a request.
func (w *poolWorld) seen(who int32, at time.Time) {
	p := &w.people[who]
	p.seen = at
	w.log = append(w.log, poolSeen{at, who})
	if p.woken.After(p.came) && at.Sub(p.woken) <= 30*time.Minute { // as the store has it
		p.came = at
		p.times++
		w.came++
		if after := at.Sub(p.woken); p.after == 0 {
			p.after = after
		} else {
			p.after = (3*p.after + after) / 4
		}
	}
	if len(w.log) > 4*len(w.people)+1<<16 {
		w.log = slices.DeleteFunc(w.log, func(s poolSeen) bool { return !w.people[s.who].seen.Equal(s.at) })
	}
}

// opens begins a session of somebody who came by themselves.
func (w *poolWorld) opens(who int32) {
	w.nextOpen(who)
	w.begin(who)
}

// begin has an open app ask for something to answer.
func (w *poolWorld) begin(who int32) {
	p := &w.people[who]
	if until := w.now.Add(w.seconds(sessionMedian, sessionSigma)); until.After(p.until) {
		p.until = until
	}
	if !p.busy {
		p.turn++
		w.asks(who, p.turn)
	}
}

// asks has an app ask, and again a minute later while it is open.
func (w *poolWorld) asks(who, turn int32) {
	p := &w.people[who]
	if p.turn != turn || p.busy {
		return
	}
	w.seen(who, w.now)
	for _, i := range w.live {
		if q := w.questions[i]; q.leases < w.crowds.Answers-q.answers+leasesBeyond && !q.had[who] {
			w.take(who, i)
			return
		}
	}
	if again := w.now.Add(pollEvery); !again.After(p.until) {
		w.at(again, poolEvent{kind: asksAgain, who: who, turn: turn})
	}
}

// take gives somebody a lease.
func (w *poolWorld) take(who int32, i int) {
	q, p := w.questions[i], &w.people[who]
	q.had[who] = true
	q.leases++
	w.leases++
	p.busy = true
	when := w.now.Add(w.seconds(answerMedian, answerSigma))
	if w.random.Float64() < leavesChance {
		when = w.now.Add(leaseFor)
	}
	w.at(when, poolEvent{kind: gives, who: who, question: int32(i)})
}

// gives ends a lease: by an answer, or by the time of the lease when that was given up.
func (w *poolWorld) gives(who int32, i int) {
	q, p := w.questions[i], &w.people[who]
	p.busy = false
	q.leases--
	left := w.now.Sub(p.seen) >= leaseFor
	if !left && !q.closed {
		q.answers++
		w.answers++
		if q.answers == w.crowds.Answers {
			w.inTime++
			w.close(i)
		}
	}
	if !left {
		p.turn++
		w.asks(who, p.turn)
	}
}

// ask asks a question.
func (w *poolWorld) ask() {
	i := len(w.questions)
	q := &poolQuestion{id: polls.QuestionID(tasknet.NewID(polls.QuestionPrefix, w.now)), asked: w.now, next: w.now, had: make(map[int32]bool), wokenNow: make(map[int32]bool)}
	w.questions = append(w.questions, q)
	w.live = append(w.live, i)
	w.at(w.now.Add(w.crowds.Deadline), poolEvent{kind: isClosed, question: int32(i)})
	if w.warm {
		w.at(w.now.Add(time.Duration(w.random.Int64N(int64(time.Second)))), poolEvent{kind: isDue}) // the server looks each second
	}
}

func (w *poolWorld) close(i int) {
	q := w.questions[i]
	if q.closed {
		return
	}
	q.closed = true
	w.over++
	w.took = append(w.took, w.now.Sub(q.asked))
	w.live = slices.DeleteFunc(w.live, func(j int) bool { return j == i })
}

func (w *poolWorld) pool() Pool {
	slices.Sort(w.took)
	quantile := func(share float64) float64 {
		return math.Round(w.took[min(len(w.took)-1, int(share*float64(len(w.took))))].Seconds()*10) / 10
	}
	ratio := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	return Pool{
		People: len(w.people), Warm: w.warm, Questions: len(w.took), InTime: ratio(w.inTime, len(w.took)), P50: quantile(0.5), P95: quantile(0.95),
		Woken: w.woken, WokenPerAnswer: ratio(w.woken, w.answers), Came: ratio(w.came, w.woken),
		WokenPerDay: float64(w.woken) / float64(len(w.people)) / (w.now.Sub(w.start).Hours() / 24), Leases: ratio(w.leases, w.answers), Quiet: w.bad,
	}
}
