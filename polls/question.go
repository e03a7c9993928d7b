package polls

import (
	"crypto/rand"
	"encoding/hex"
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

// Type is the type of a question: what an answer to it is. The set is closed; a new type is a row in types.
type Type string

// Choice questions are answered by one of their choices.
const Choice Type = "choice"

// typeRules are what differs from type to type.
type typeRules struct {
	check       func(Draft) error
	checkAnswer func(q *Question, choice int) error
}

var types = map[Type]typeRules{
	Choice: {check: checkChoices, checkAnswer: checkChoice},
}

// Limits of a question.
const (
	TextLengthMax   = 1000
	AltLengthMax    = 300
	ChoiceLengthMax = 80
	ChoicesMin      = 2
	ChoicesMax      = 20
	DeadlineMin     = 10 * time.Second
	DeadlineMax     = 30 * 24 * time.Hour
)

// Image is a picture that belongs to a question, by the SHA-256 of its bytes in hex.
type Image struct {
	Hash          string
	Type          string
	Width, Height int
	Bytes         int
	Alt           string
}

// Draft is a question before it is asked.
type Draft struct {
	Org      OrgID
	Type     Type
	Text     string
	Choices  []string
	Image    *Image
	Policy   Policy
	Price    tasknet.Amount // what one answer pays
	Fee      tasknet.Amount // the operator's, on one answer, on top
	Lifetime time.Duration  // from asking to the deadline
	Snapshot string         // the skill snapshot that will weigh the answers
	Sample   bool
}

// Status is where a question is on its way.
type Status string

// The states of a question.
const (
	Open    Status = "open"
	Closing Status = "closing"
	Closed  Status = "closed"
)

// ParseStatus reads a status.
func ParseStatus(s string) (Status, error) {
	switch st := Status(s); st {
	case Open, Closing, Closed:
		return st, nil
	}
	return "", tasknet.NewError(tasknet.Invalid, "bad_status", "A status is open, closing or closed.")
}

// Question is a question with what has come of it so far. All but Progress is fixed when it is asked.
type Question struct {
	ID        QuestionID
	Org       OrgID
	Type      Type
	Text      string
	Choices   []string
	Image     *Image
	Policy    Policy
	Price     tasknet.Amount
	Fee       tasknet.Amount
	Deadline  time.Time
	Snapshot  string
	Salt      string // keeps the hash from telling the content before respondents see it
	Hash      string // what respondents sign; see HashOf
	Sample    bool
	CreatedAt time.Time
	Progress
}

// Progress is what changes while a question is open.
type Progress struct {
	Status   Status
	Answers  int
	Counts   []int // answers per choice
	Wanted   int   // how many more answers the Stopper expects to need
	State    State // the Stopper's
	ClosedAt time.Time
}

// Errors of asking.
var (
	errNoContent   = tasknet.NewError(tasknet.Invalid, "no_content", "Give the question a text, an image, or both.")
	errText        = tasknet.NewError(tasknet.Invalid, "bad_text", "The text may have at most 1000 characters, the image's description 300, in UTF-8 and without control characters.")
	errChoiceCount = tasknet.NewError(tasknet.Invalid, "bad_choices", "Give between 2 and 20 choices, each with 1 to 80 characters.")
	errChoiceTwice = tasknet.NewError(tasknet.Invalid, "choice_twice", "Two choices are the same; make them different.")
	errType        = tasknet.NewError(tasknet.Invalid, "bad_type", `The type of a question is "choice".`)
	errDeadline    = tasknet.NewError(tasknet.Invalid, "bad_deadline", "The deadline must be between 10 seconds and 30 days away.")
	errPrice       = tasknet.NewError(tasknet.Invalid, "bad_price", "The price of an answer must be more than nothing and at most 1000 tokens.")
)

// PriceMax is the most that one answer may pay.
var PriceMax = tasknet.Micro(1000 * tasknet.MicroPerToken)

// NewQuestion checks a draft and makes a question of it, asked now. The instance's id goes into the hash, so that an
// answer given to one instance is worth nothing at another.
func NewQuestion(d Draft, instance string, now time.Time) (*Question, error) {
	rules, ok := types[d.Type]
	switch {
	case !ok:
		return nil, errType
	case strings.TrimSpace(d.Text) == "" && d.Image == nil:
		return nil, errNoContent
	case !plainText(d.Text, TextLengthMax) || (d.Image != nil && !plainText(d.Image.Alt, AltLengthMax)):
		return nil, errText
	case d.Lifetime < DeadlineMin || d.Lifetime > DeadlineMax:
		return nil, errDeadline
	case d.Price.Sign() <= 0 || d.Price.Cmp(PriceMax) > 0:
		return nil, errPrice
	}
	if err := rules.check(d); err != nil {
		return nil, err
	}
	now = now.UTC().Truncate(time.Millisecond)
	q := &Question{
		ID: QuestionID(tasknet.NewID(QuestionPrefix, now)), Org: d.Org, Type: d.Type, Text: d.Text, Choices: d.Choices,
		Image: d.Image, Policy: d.Policy, Price: d.Price, Fee: d.Fee, Deadline: now.Add(d.Lifetime).Truncate(time.Millisecond),
		Snapshot: d.Snapshot, Salt: randomHex(16), Sample: d.Sample, CreatedAt: now,
		Progress: Progress{Status: Open, Counts: make([]int, len(d.Choices)), Wanted: d.Policy.Min},
	}
	hash, err := HashOf(q, instance)
	if err != nil {
		return nil, err
	}
	q.Hash = hash
	return q, nil
}

// HashOf returns tasknet/question/v1 over all of a question that an answer depends on, in hex.
func HashOf(q *Question, instance string) (string, error) {
	image, alt := "", ""
	if q.Image != nil {
		image, alt = q.Image.Hash, q.Image.Alt
	}
	h, err := tasknet.Hash("tasknet/question/v1", map[string]any{
		"choices": q.Choices, "deadline_ms": q.Deadline.UnixMilli(), "fee": q.Fee, "image": image, "image_alt": alt,
		"instance": instance, "max": q.Policy.Max, "min": q.Policy.Min, "policy": q.Policy.String(), "price": q.Price,
		"salt": q.Salt, "snapshot": q.Snapshot, "text": q.Text, "type": q.Type,
	})
	return hex.EncodeToString(h[:]), err
}

// Cost returns what n answers to the question cost its requester, fee included.
func (q *Question) Cost(n int) (tasknet.Amount, error) { return q.Price.Add(q.Fee).Times(n) }

// Hold returns what is set aside when the question is asked: the cost of the most answers it may get.
func (q *Question) Hold() (tasknet.Amount, error) { return q.Cost(q.Policy.Max) }

// CheckAnswer reports whether choice is an answer to the question at all.
func (q *Question) CheckAnswer(choice int) error { return types[q.Type].checkAnswer(q, choice) }

func checkChoices(d Draft) error {
	if len(d.Choices) < ChoicesMin || len(d.Choices) > ChoicesMax {
		return errChoiceCount
	}
	seen := make(map[string]bool, len(d.Choices))
	for _, c := range d.Choices {
		if strings.TrimSpace(c) == "" || !plainText(c, ChoiceLengthMax) {
			return errChoiceCount
		}
		if seen[c] {
			return errChoiceTwice
		}
		seen[c] = true
	}
	return nil
}

func checkChoice(q *Question, choice int) error {
	if choice < 0 || choice >= len(q.Choices) {
		return ErrNoSuchChoice
	}
	return nil
}

// plainText reports whether s is UTF-8 of at most limit characters that hides nothing: no control characters but a
// newline, and none of the marks that turn the direction of the text around.
func plainText(s string, limit int) bool {
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
