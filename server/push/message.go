package push

import (
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/tasknet/tasknet/polls"
)

// addressTopic is that of the notice that somebody's pay is to go elsewhere: no question takes its place.
const addressTopic = "address"

// topic is the name under which a push service keeps one message for a device: a newer one takes the place of one that was not
// delivered yet, and on the device of one that was not looked at.
const topic = "work"

// textShown is how many characters of a question a notification shows.
const textShown = 200

// ttlMax is for how long push services keep a message at the most: four weeks at Firebase.
const ttlMax = 28 * 24 * time.Hour

// Message is what a push says: that there is a question, of a project, which has many, not which; or a notice.
type Message struct {
	Wake     string
	Notice   string          // what else it says than that there are questions: addressNotice
	Question *polls.Question // nil of a project
	Pays     string
	Symbol   string
	Deadline time.Time
}

// payload is a message as the service worker reads it. It is encrypted for the browser: no push service can read it.
type payload struct {
	Wake     string   `json:"wake"`
	Notice   string   `json:"notice,omitempty"`
	Question string   `json:"question,omitempty"`
	Type     string   `json:"type,omitempty"`
	Text     string   `json:"text,omitempty"`
	Choices  []string `json:"choices,omitempty"` // when there are two and nothing else must be seen, so that buttons can answer
	Pays     string   `json:"pays,omitempty"`
	Symbol   string   `json:"symbol,omitempty"`
	Until    int64    `json:"until_ms"`
}

func (m *Message) encode() ([]byte, error) {
	p := payload{Wake: m.Wake, Notice: m.Notice, Pays: m.Pays, Symbol: m.Symbol, Until: m.Deadline.UnixMilli()}
	if q := m.Question; q != nil {
		p.Question, p.Type, p.Text = string(q.ID), string(q.Type), shortened(q.Text)
		whole := p.Text == q.Text && q.Text != "" && q.Passage == "" && q.Image == nil && q.Audio == nil && len(q.ChoiceImages) == 0
		if whole && q.Type.IsLabel() && len(q.Choices) == 2 {
			p.Choices = q.Choices
		}
	}
	return json.Marshal(p)
}

// shortened cuts a text where a notification would.
func shortened(text string) string {
	if utf8.RuneCountInString(text) <= textShown {
		return text
	}
	return string([]rune(text)[:textShown-1]) + "…"
}

// ttl is for how long a message is worth delivering: until the question's deadline.
func (m *Message) ttl(now time.Time) time.Duration {
	return min(max(m.Deadline.Sub(now), 0), ttlMax)
}

// urgent reports whether a phone that saves power should be woken: when it would else hear too late.
func (m *Message) urgent(now time.Time) bool { return m.Notice != "" || m.ttl(now) <= time.Hour }

// topic is under what name a push service keeps it: see topic.
func (m *Message) topic() string {
	if m.Notice != "" {
		return addressTopic
	}
	return topic
}

// tries is how often it is sent until it is given up.
func (m *Message) tries() int {
	if m.Notice != "" {
		return noticeTries
	}
	return triesMax
}
