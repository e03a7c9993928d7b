package verify

import (
	"fmt"
	"strings"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// statement is an erasure that a wallet signed.
type statement struct {
	respondent string
	wallet     polls.Wallet
	erasure    wire.Erasure
}

// erased checks an answer that is said to be erased: it is of a type that is, nothing is left of what was said and of that by which
// guesses could be tried, and its respondent's wallet asked for it after the answer was given. Of the record hash nothing is known
// but that it is one; it is looked for in the log.
func (v *verification) erased(q *polls.Question, w wire.AnswerRecord, wallet polls.Wallet, wrong func(string, any, any) error) error {
	if !q.Type.IsTyped() {
		return wrong("erased", "an answer that stays, as those of type "+string(q.Type)+" do", "one that is erased")
	}
	if w.Choice != nil || w.Value != nil || w.Nonce != "" || w.Signature != "" {
		return wrong("erased", "no choice, value, nonce and signature", "some of them")
	}
	if _, err := lowerHex(w.Hash, 32); err != nil {
		return wrong("hash", "32 bytes in hex", w.Hash)
	}
	e := polls.Erasure{Respondent: polls.RespondentID(w.Respondent), Wallet: wallet, At: time.Unix(w.Erased.At, 0)}
	if at := time.UnixMilli(w.At); at.After(e.Through()) {
		return wrong("erased at", fmt.Sprintf("at most ten minutes before the answer, which came at %d", at.Unix()), w.Erased.At)
	}
	said := statement{w.Respondent, wallet, *w.Erased}
	if v.statements.Contains(said) {
		return nil
	}
	signature, err := lowerHex(w.Erased.Signature, 65)
	if err != nil || w.Erased.At < 0 || !e.Signed(v.domain, [65]byte(signature)) {
		return wrong("erased signature", "one by wallet "+wallet.String()+", that its respondent be erased", w.Erased.Signature)
	}
	v.statements.Add(said, struct{}{})
	return nil
}

// claimed returns what a verdict says that does not follow from the answers any more, as some of them are erased.
func claimed(q *polls.Question, w wire.Verdict, wrong func(string, any, any) error) (value polls.Value, agreement int, err error) {
	_, text, err := wire.Given{Value: w.Value}.Read()
	value = polls.Value(text)
	if err == nil {
		err = q.CheckAnswer(0, value)
	}
	if err != nil {
		return "", 0, wrong("verdict value", "one that answers the question", err)
	}
	if agreement, err = wire.ParseProbability(w.Agreement); err != nil {
		return "", 0, wrong("verdict agreement", "a share with six digits", w.Agreement)
	}
	return value, agreement, nil
}

// unknowns are what cannot be known of a question any more since answers to it were erased.
type unknowns struct {
	answers int
	verdict bool // some of them count, so that the verdict's value and agreement do not follow from what is left
	gold    bool // and whether a known answer is suspended
}

func unknownsOf(r wire.Record, all, counting []polls.Vote) (e unknowns) {
	for _, vote := range all {
		if vote.Erased {
			e.answers++
		}
	}
	for _, vote := range counting {
		e.verdict = e.verdict || vote.Erased
	}
	e.gold = e.verdict && r.Gold != nil
	return e
}

// erasures are the questions about which something cannot be known any more.
type erasures struct {
	answers, golds int
	questions      []string // whose verdict is believed in part
}

func (e *erasures) add(c *checked) {
	e.answers += c.erased.answers
	if c.erased.verdict {
		e.questions = append(e.questions, c.bill.question)
	}
	if c.erased.gold {
		e.golds++
	}
}

// namedMost is how many questions the text of what is unproven names.
const namedMost = 10

// unproven returns what erased answers leave open, if there are any.
func (e *erasures) unproven() []Unproven {
	if e.answers == 0 {
		return nil
	}
	all := []Unproven{{
		Code: "erased_answers",
		Text: fmt.Sprintf("what %d answers said that their respondents had erased, by which device and on which assignment they were given: that their wallets asked for it is proven, and where there is a log, that each has a leaf of its own", e.answers),
	}}
	if len(e.questions) == 0 {
		return all
	}
	named, golds := strings.Join(e.questions[:min(namedMost, len(e.questions))], ", "), ""
	if more := len(e.questions) - namedMost; more > 0 {
		named += fmt.Sprintf(" and %d more", more)
	}
	if e.golds > 0 {
		golds = fmt.Sprintf(", whether the known answer of %d of them is suspended, and who gave it of those whose answer is erased", e.golds)
	}
	return append(all, Unproven{
		Code:      "erased_verdicts",
		Text:      fmt.Sprintf("the value and the agreement of the verdicts that rest on erased answers%s; all else of them was computed: %s", golds, named),
		Questions: e.questions,
	})
}
