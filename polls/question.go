package polls

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tasknet/tasknet"
)

// Ids of the things in this package.
type (
	QuestionID   string
	RespondentID string
	AssignmentID string
	AnswerID     string
	OrgID        string
)

// Prefixes of the ids.
const (
	QuestionPrefix   = "q"
	RespondentPrefix = "rsp"
	AssignmentPrefix = "asg"
	AnswerPrefix     = "ans"
	OrgPrefix        = "org"
	KeyPrefix        = "key"
	ReceiptPrefix    = "rcp"
)

// Limits of a question.
const (
	TextLengthMax    = 1000
	PassageLengthMax = 10_000
	AltLengthMax     = 300
	ChoiceLengthMax  = 500
	ChoicesMin       = 2
	ChoicesMax       = 20
	DeadlineMin      = 10 * time.Second
	DeadlineMax      = 30 * 24 * time.Hour
)

// Image is a picture that belongs to a question, by the SHA-256 of its bytes in hex.
type Image struct {
	Hash          string
	Type          string
	Width, Height int
	Bytes         int
	Alt           string
}

// Audio is a clip that belongs to a question, by the SHA-256 of its bytes in hex.
type Audio struct {
	Hash  string
	Type  string
	Bytes int
}

// Draft is a question before it is asked.
type Draft struct {
	Org     OrgID
	Project string // its id; empty for a question that stands alone
	Type    Type
	Text    string
	Passage string // what is to be read, when that is more than the text
	Choices []string
	Options
	Image        *Image
	Audio        *Audio
	ChoiceImages []Image // none, or one for each choice
	Policy       Policy
	Price        tasknet.Amount // what one answer pays
	Fee          tasknet.Amount // the operator's, on one answer, on top
	Lifetime     time.Duration  // from asking to the deadline
	Snapshot     string         // the newest skill snapshot, or empty when answers are values
	Sample       bool
	Content      Content

	// Began is when that began of which the question is a part, such as its project; zero for one that stands alone. Then
	// the id does not tell when it was asked, and many have the same deadline: those who are asked cannot tell by
	// these which belong together, as the golds may that are added in the end.
	Began time.Time

	// Part is which part of the whole it is in: ids of one part sort by chance, and before those of later parts. A database
	// that writes the questions of one part writes few pages.
	Part int

	// Deadline is when it closes, instead of after its Lifetime. Zero: after its Lifetime.
	Deadline time.Time
}

func (d *Draft) newID(now time.Time) QuestionID {
	if d.Began.IsZero() {
		return QuestionID(tasknet.NewID(QuestionPrefix, now))
	}
	return QuestionID(tasknet.NewIDWithin(QuestionPrefix, d.Began.Add(time.Duration(d.Part)*time.Millisecond)))
}

// deadlineSteps is how often within its lifetime the deadline of what is part of a whole moves on.
const deadlineSteps = 24

// deadline returns when a question that is asked now closes. As a part of a whole it does so up to a 24th of its lifetime
// sooner, and MixedFor before that, so that nobody is asked for longer than its requester said.
func (d *Draft) deadline(now time.Time) time.Time {
	switch {
	case !d.Deadline.IsZero():
		return d.Deadline
	case d.Began.IsZero():
		return now.Add(d.Lifetime).Truncate(time.Millisecond)
	}
	step := (d.Lifetime / deadlineSteps).Truncate(time.Millisecond)
	return d.Began.Add(max(now.Sub(d.Began), 0).Truncate(step) + d.Lifetime - MixedFor).UTC().Truncate(time.Millisecond)
}

// MixedFor is within which time after their common deadline the questions of a project close, each at a moment that only
// the store knows: it is their order, and chance.
const MixedFor = time.Second

// Status is where a question is on its way.
type Status string

// The states of a question.
const (
	Open    Status = "open"
	Paused  Status = "paused" // given to nobody; answers under leases that are out still count
	Closing Status = "closing"
	Closed  Status = "closed"
)

// Question is a question with what has come of it so far. All but Progress is fixed when it is asked.
type Question struct {
	ID      QuestionID
	Org     OrgID
	Project string
	Type    Type
	Text    string
	Passage string
	Choices []string
	Options
	Image        *Image
	Audio        *Audio
	ChoiceImages []Image
	Policy       Policy
	Price        tasknet.Amount
	Fee          tasknet.Amount
	Deadline     time.Time
	Snapshot     string // the newest skill snapshot when it was asked: no older one weighs its answers
	Salt         string // keeps the hash from telling the content before respondents see it
	Hash         string // what respondents sign; see HashOf
	Sample       bool
	CreatedAt    time.Time
	Content      Content // no part of what is signed: it says to whom the question is given, and no answer depends on it
	Progress
}

// Progress is what changes while a question is open.
type Progress struct {
	Status   Status
	Answers  int   // all that were accepted
	Struck   int   // of these, those that were found to be worth nothing
	Counts   []int // answers per choice of those that count; empty when an answer is no choice
	Wanted   int   // how many more answers the Stopper expects to need
	State    State // the Stopper's
	ClosedAt time.Time

	// Skills is the hash of the skill snapshot that weighs the answers, the newest when somebody first got a lease: a
	// project whose tasks are all asked at once learns from the first of them. Empty before, and when answers are values.
	Skills string

	// Witness is the hash of what a model's word is worth that helps to weigh the answers, and Opinion what it says of the question:
	// how probable each choice is, in parts per million. Both are settled with Skills, and empty when no model helps.
	Witness string
	Opinion []int
}

// WeighedBy returns the hash of the skill snapshot that weighs the answers, or would if they came now without a lease.
func (q *Question) WeighedBy() string { return cmp.Or(q.Skills, q.Snapshot) }

// Counting is how many answers count: all but those that were struck.
func (p *Progress) Counting() int { return p.Answers - p.Struck }

// Errors of asking.
var (
	errNoContent   = tasknet.NewError(tasknet.Invalid, "no_content", "Give the question a text, a passage, an image or an audio clip.")
	errText        = tasknet.NewError(tasknet.Invalid, "bad_text", "The text may have at most 1000 characters, the passage 10000, an image's description 300, in UTF-8 and without control characters.")
	errChoiceTwice = tasknet.NewError(tasknet.Invalid, "choice_twice", "Two choices are the same; make them different.")
	errImageCount  = tasknet.NewError(tasknet.Invalid, "bad_choice_images", "Give one image for each choice, or none.")
	errDeadline    = tasknet.NewError(tasknet.Invalid, "bad_deadline", "The deadline must be between 10 seconds and 30 days away.")
)

// ErrPrice reports a price that no answer may have.
var ErrPrice = tasknet.NewError(tasknet.Invalid, "bad_price", "The price of an answer must be more than nothing and at most 1000 tokens.")

// PriceMax is the most that one answer may pay.
var PriceMax = tasknet.Micro(1000 * tasknet.MicroPerToken)

// NewQuestion checks a draft and makes a question of it, asked now. The instance's id goes into the hash, so that an
// answer given to one instance is worth nothing at another.
func NewQuestion(d Draft, instance string, now time.Time) (*Question, error) {
	badAlt := func(i Image) bool { return !PlainText(i.Alt, AltLengthMax) }
	switch {
	case strings.TrimSpace(d.Text+d.Passage) == "" && d.Image == nil && d.Audio == nil:
		return nil, errNoContent
	case !PlainText(d.Text, TextLengthMax), !PlainText(d.Passage, PassageLengthMax), d.Image != nil && badAlt(*d.Image), slices.ContainsFunc(d.ChoiceImages, badAlt):
		return nil, errText
	case d.Lifetime < DeadlineMin || d.Lifetime > DeadlineMax:
		return nil, errDeadline
	case d.Price.Sign() <= 0 || d.Price.Cmp(PriceMax) > 0:
		return nil, ErrPrice
	}
	if err := checkType(&d); err != nil {
		return nil, err
	}
	if len(d.ChoiceImages) != 0 && len(d.ChoiceImages) != len(d.Choices) {
		return nil, errImageCount
	}
	now = now.UTC().Truncate(time.Millisecond)
	q := &Question{
		ID: d.newID(now), Org: d.Org, Project: d.Project, Type: d.Type, Text: d.Text, Passage: d.Passage, Choices: d.Choices,
		Options: d.Options, Image: d.Image, Audio: d.Audio, ChoiceImages: d.ChoiceImages, Policy: d.Policy, Price: d.Price, Fee: d.Fee, Deadline: d.deadline(now),
		Snapshot: d.Snapshot, Salt: randomHex(16), Sample: d.Sample, Content: d.Content, CreatedAt: now,
		Progress: Progress{Status: Open, Counts: []int{}, Wanted: d.Policy.Min},
	}
	if q.Type.IsLabel() {
		q.Counts = make([]int, len(q.Choices))
	}
	hash, err := HashOf(q, instance)
	if err != nil {
		return nil, err
	}
	q.Hash = hash
	return q, nil
}

// HashOf returns tasknet/question/v1 over all of a question that an answer depends on, in hex. What only some questions
// have is left out when a question does not have it.
func HashOf(q *Question, instance string) (string, error) {
	image, alt := "", ""
	if q.Image != nil {
		image, alt = q.Image.Hash, q.Image.Alt
	}
	fields := map[string]any{
		"choices": q.Choices, "deadline_ms": q.Deadline.UnixMilli(), "fee": q.Fee, "image": image, "image_alt": alt,
		"instance": instance, "max": q.Policy.Max, "min": q.Policy.Min, "policy": q.Policy.String(), "price": q.Price,
		"salt": q.Salt, "snapshot": q.Snapshot, "text": q.Text, "type": q.Type,
	}
	if q.Choices == nil {
		fields["choices"] = []string{}
	}
	for name, text := range map[string]string{"passage": q.Passage, "project": q.Project} {
		if text != "" {
			fields[name] = text
		}
	}
	for name, n := range map[string]int{"least": q.Least, "most": q.Most, "length": q.Length} {
		if n != 0 {
			fields[name] = n
		}
	}
	if q.Audio != nil {
		fields["audio"] = q.Audio.Hash
	}
	if len(q.ChoiceImages) > 0 {
		hashes, alts := make([]string, len(q.ChoiceImages)), make([]string, len(q.ChoiceImages))
		for i, c := range q.ChoiceImages {
			hashes[i], alts[i] = c.Hash, c.Alt
		}
		fields["choice_images"], fields["choice_alts"] = hashes, alts
	}
	if n := q.Number; n != nil {
		fields["number"] = map[string]any{"decimals": n.Decimals, "max": n.Max, "min": n.Min, "unit": n.Unit}
	}
	h, err := tasknet.Hash("tasknet/question/v1", fields)
	return hex.EncodeToString(h[:]), err
}

// CheckShown reports whether a question that was read from elsewhere has what answers to its type need.
func (q *Question) CheckShown() error {
	d := Draft{
		Type: q.Type, Passage: q.Passage, Choices: q.Choices, Options: q.Options, Image: q.Image, ChoiceImages: q.ChoiceImages, Policy: q.Policy,
	}
	return checkType(&d)
}

// Cost returns what n answers to the question cost its requester, fee included.
func (q *Question) Cost(n int) (tasknet.Amount, error) { return q.Price.Add(q.Fee).Times(n) }

// Hold returns what is set aside when the question is asked: the cost of the most answers it may get.
func (q *Question) Hold() (tasknet.Amount, error) { return q.Cost(q.Policy.Max) }

// PlainText reports whether s is UTF-8 of at most limit characters that hides nothing: no control characters but a
// newline, and none of the marks that turn the direction of the text around.
func PlainText(s string, limit int) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > limit {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (unicode.IsControl(r) && r != '\n') || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069)
	})
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}
