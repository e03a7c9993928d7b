package polls_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

const instance = "5bd0a5c1e3f2476d8899aabbccddeeff00112233445566778899aabbccddeeff"

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func draft() polls.Draft {
	return polls.Draft{
		Org: "org_1", Type: polls.Choice, Text: "Is this spam?", Choices: []string{"yes", "no"},
		Policy: polls.Policy{Kind: polls.Fixed, Min: 3, Max: 3}, Price: tasknet.Micro(18_000), Fee: tasknet.Micro(2_700),
		Lifetime: time.Hour, Snapshot: strings.Repeat("0", 64),
	}
}

func TestNewQuestionRefuses(t *testing.T) {
	many := strings.Split(strings.Repeat("a,b,c,d,e,f,g,", 3), ",")
	for name, c := range map[string]struct {
		change func(*polls.Draft)
		code   string
	}{
		"no type":               {func(d *polls.Draft) { d.Type = "" }, "bad_type"},
		"unknown type":          {func(d *polls.Draft) { d.Type = "essay" }, "bad_type"},
		"nothing to see":        {func(d *polls.Draft) { d.Text = " \n" }, "no_content"},
		"long text":             {func(d *polls.Draft) { d.Text = strings.Repeat("é", 1001) }, "bad_text"},
		"control character":     {func(d *polls.Draft) { d.Text = "a\x07b" }, "bad_text"},
		"direction override":    {func(d *polls.Draft) { d.Text = "a\u202eb" }, "bad_text"},
		"not UTF-8":             {func(d *polls.Draft) { d.Text = "a\xff" }, "bad_text"},
		"long description":      {func(d *polls.Draft) { d.Image = &polls.Image{Alt: strings.Repeat("x", 301)} }, "bad_text"},
		"one choice":            {func(d *polls.Draft) { d.Choices = d.Choices[:1] }, "bad_choices"},
		"21 choices":            {func(d *polls.Draft) { d.Choices = many[:21] }, "bad_choices"},
		"an empty choice":       {func(d *polls.Draft) { d.Choices = []string{"yes", " "} }, "bad_choices"},
		"a long choice":         {func(d *polls.Draft) { d.Choices = []string{"yes", strings.Repeat("n", 501)} }, "bad_choices"},
		"a choice twice":        {func(d *polls.Draft) { d.Choices = []string{"yes", "no", "yes"} }, "choice_twice"},
		"a deadline too near":   {func(d *polls.Draft) { d.Lifetime = 9 * time.Second }, "bad_deadline"},
		"a deadline too far":    {func(d *polls.Draft) { d.Lifetime = 31 * 24 * time.Hour }, "bad_deadline"},
		"no price":              {func(d *polls.Draft) { d.Price = tasknet.Amount{} }, "bad_price"},
		"a negative price":      {func(d *polls.Draft) { d.Price = tasknet.Micro(-1) }, "bad_price"},
		"a price of 2^62 micro": {func(d *polls.Draft) { d.Price = tasknet.Micro(1 << 62) }, "bad_price"},
	} {
		d := draft()
		c.change(&d)
		if q, err := polls.NewQuestion(d, instance, now); tasknet.Describe(err).Code != c.code {
			t.Errorf("%s: %+v, %v; want %s", name, q, err, c.code)
		}
	}
}

// TestQuestionHashCoversEverything changes one thing at a time that an answer depends on.
// TestPartsOfAWhole: questions of one whole that are asked within a 24th of their lifetime have one deadline, never later
// than they were to have by themselves, and their ids say when the whole began.
func TestPartsOfAWhole(t *testing.T) {
	began := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	d := draft()
	d.Lifetime, d.Began = 24*time.Hour, began
	first := began.Add(d.Lifetime - polls.MixedFor)
	for after, want := range map[time.Duration]time.Time{
		-time.Second: first, 0: first, time.Hour - time.Millisecond: first, time.Hour: first.Add(time.Hour), 100*time.Hour + time.Minute: first.Add(100 * time.Hour),
	} {
		q, err := polls.NewQuestion(d, "", began.Add(after))
		if err != nil || !q.Deadline.Equal(want) || !q.CreatedAt.Equal(began.Add(after)) {
			t.Errorf("asked after %s: until %s, %v; want %s", after, q.Deadline, err, want)
		}
		if low, high := tasknet.NewID("q", began.Add(-time.Millisecond)), tasknet.NewID("q", began.Add(time.Millisecond)); string(q.ID) < low || string(q.ID) > high {
			t.Errorf("asked after %s: %s is not of when the whole began", after, q.ID)
		}
	}
	d.Deadline = began.Add(7 * time.Minute)
	if q, err := polls.NewQuestion(d, "", began); err != nil || !q.Deadline.Equal(d.Deadline) {
		t.Errorf("with a deadline of its own: %v", err)
	}
}

func TestQuestionHashCoversEverything(t *testing.T) {
	base, err := polls.NewQuestion(draft(), instance, now)
	check(t, err)
	seen := map[string]string{base.Hash: "nothing"}
	for name, change := range map[string]func(*polls.Question){
		"text":        func(q *polls.Question) { q.Text += "?" },
		"choices":     func(q *polls.Question) { q.Choices = []string{"no", "yes"} },
		"image":       func(q *polls.Question) { q.Image = &polls.Image{Hash: "ab"} },
		"description": func(q *polls.Question) { q.Image = &polls.Image{Alt: "ab"} },
		"policy": func(q *polls.Question) {
			q.Policy = polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 3, Max: 3}
		},
		"max":                   func(q *polls.Question) { q.Policy.Max++ },
		"min":                   func(q *polls.Question) { q.Policy.Min-- },
		"price":                 func(q *polls.Question) { q.Price = tasknet.Micro(17_999) },
		"fee":                   func(q *polls.Question) { q.Fee = tasknet.Micro(2_701) },
		"deadline":              func(q *polls.Question) { q.Deadline = q.Deadline.Add(time.Millisecond) },
		"snapshot":              func(q *polls.Question) { q.Snapshot = strings.Repeat("1", 64) },
		"salt":                  func(q *polls.Question) { q.Salt = strings.Repeat("1", 32) },
		"type":                  func(q *polls.Question) { q.Type = polls.Scale },
		"passage":               func(q *polls.Question) { q.Passage = "a" },
		"project":               func(q *polls.Question) { q.Project = "a" },
		"least":                 func(q *polls.Question) { q.Least = 1 },
		"most":                  func(q *polls.Question) { q.Most = 1 },
		"length":                func(q *polls.Question) { q.Length = 1 },
		"audio":                 func(q *polls.Question) { q.Audio = &polls.Audio{Hash: "ab"} },
		"range":                 func(q *polls.Question) { q.Number = &polls.NumberRange{Max: 1} },
		"unit":                  func(q *polls.Question) { q.Number = &polls.NumberRange{Max: 1, Unit: "a"} },
		"decimals":              func(q *polls.Question) { q.Number = &polls.NumberRange{Max: 1, Decimals: 1} },
		"choices' images":       func(q *polls.Question) { q.ChoiceImages = []polls.Image{{Hash: "ab"}, {Hash: "cd"}} },
		"choices' descriptions": func(q *polls.Question) { q.ChoiceImages = []polls.Image{{Hash: "ab", Alt: "a"}, {Hash: "cd"}} },
	} {
		q := *base
		change(&q)
		h, err := polls.HashOf(&q, instance)
		check(t, err)
		if other, ok := seen[h]; ok {
			t.Errorf("a change of %s gives the hash of a change of %s", name, other)
		}
		seen[h] = name
	}
	if h, err := polls.HashOf(base, strings.Repeat("0", 64)); err != nil || seen[h] != "" {
		t.Errorf("another instance gives the same hash, %v", err)
	}
}

func TestHoldIsTheMostThatCanBeSpent(t *testing.T) {
	q, err := polls.NewQuestion(draft(), instance, now)
	check(t, err)
	hold, err := q.Hold()
	if err != nil || hold != tasknet.Micro(3*(18_000+2_700)) {
		t.Fatalf("Hold = %s, %v", hold, err)
	}
}

// TestIDsByParts: ids of one part of a whole sort by chance, and before those of the next.
func TestIDsByParts(t *testing.T) {
	began := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	id := func(part int, asked time.Duration) polls.QuestionID {
		d := draft()
		d.Began, d.Part = began, part
		q, err := polls.NewQuestion(d, instance, began.Add(asked))
		if err != nil {
			t.Fatal(err)
		}
		return q.ID
	}
	rising := 0
	const n = 200
	for i := range n {
		a, b, later := id(3, time.Duration(i)*time.Second), id(3, time.Duration(i+1)*time.Second), id(4, time.Duration(i)*time.Second)
		if a < b {
			rising++
		}
		if later < a || later < b {
			t.Fatalf("%s of a later part sorts before %s or %s", later, a, b)
		}
	}
	if rising < n/4 || rising > 3*n/4 {
		t.Errorf("of %d pairs of ids %d are in the order in which they were asked", n, rising)
	}
}
