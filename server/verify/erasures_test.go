package verify_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"

	"github.com/tasknet/tasknet"
)

// typed adds a question that three people answered in their own words, the first of whom had that erased; of a second one nobody
// had.
func typed(b *builder) {
	for _, erased := range []bool{true, false} {
		policy, err := polls.ParsePolicy("fixed:3", 0, 0)
		b.check(err)
		q, err := polls.NewQuestion(polls.Draft{
			Org: bob, Type: polls.Text, Text: "What does it say?", Policy: policy, Price: tasknet.Micro(18_013), Fee: tasknet.Micro(18_013).BasisPoints(1500), Lifetime: time.Minute,
		}, b.r.Instance.Instance, b.tick())
		b.check(err)
		hold, err := q.Hold()
		b.check(err)
		b.post(rewards.Hold(bob, string(q.ID), hold, b.at))
		a := &asked{builder: b, q: q}
		for person, text := range []polls.Value{`"bird ahead"`, `"bird"`, `"birds"`} {
			a.says(person, text)
		}
		at := a.tick()
		verdict, err := labeling.Decide(q, a.votes, nil, labeling.Quorum, at)
		b.check(err)
		bill := rewards.Bill{Org: bob, Cause: string(q.ID), Hold: hold}
		bill.Fee, err = q.Fee.Times(3)
		b.check(err)
		for _, v := range a.votes {
			bill.Pays = append(bill.Pays, rewards.Pay{Payee: string(v.Respondent), Amount: q.Price})
		}
		s, err := rewards.Settle(bill, at)
		b.check(err)
		b.post(s.Transaction)
		b.spent[bob] = b.spent[bob].Add(s.Paid).Add(s.Fee)
		if erased {
			h := b.people[0]
			e := polls.Erasure{Respondent: polls.RespondentID(h.id), Wallet: h.delegation.Wallet, At: at.Truncate(time.Second)}
			signature := e.Sign(b.domain, h.keys.Wallet)
			w := &a.answers[0]
			w.Given, w.Nonce, w.Signature, w.Erased = wire.Given{}, "", "", &wire.Erasure{At: e.At.Unix(), Signature: hex.EncodeToString(signature[:])}
		}
		b.r.Questions = append(b.r.Questions, wire.Record{
			Org: bob, Fee: q.Fee, ClosedAt: wire.At(at), Answers: a.answers, Settlement: string(s.ID),
			Verdict: wire.Verdict{
				ID: string(verdict.ID), Outcome: string(verdict.Outcome), Value: wire.Value(verdict.Value), Agreement: ppm(verdict.Agreement), Confidence: ppm(0), Posterior: []string{}, Counts: []int{},
				Answers: 3, Method: string(verdict.Method), Reason: string(verdict.Reason), Paid: s.Paid, Fee: s.Fee, Released: s.Released, At: wire.At(at),
			},
			Question: wire.AskedQuestion{
				ID: string(q.ID), Hash: q.Hash, Salt: q.Salt, Type: string(q.Type), Text: q.Text, Choices: []string{}, Extras: wire.Extras{Length: q.Length},
				Quorum: wire.Quorum{Policy: q.Policy.String(), Min: 3, Max: 3}, Price: q.Price, Fee: q.Fee, Deadline: wire.At(q.Deadline), AskedBy: "somebody", Answers: 3,
			},
		})
		b.r.Totals.Answers += 3
	}
}

// says has a person answer in their own words.
func (a *asked) says(person int, text polls.Value) {
	a.t.Helper()
	a.answer(person, 0, 0)
	h, w := a.people[person], &a.answers[len(a.answers)-1]
	w.Given = wire.Give(0, string(text))
	answer := polls.Answer{
		ID: polls.AnswerID(w.ID), Question: a.q.ID, Assignment: polls.AssignmentID(w.Assignment), Respondent: polls.RespondentID(w.Respondent), Device: h.delegation.Device,
		Value: text, Nonce: w.Nonce, ClientMS: w.Time, AcceptedAt: time.UnixMilli(w.At),
	}
	digest := answer.Digest(a.r.Instance.Instance, a.q.Hash)
	copy(answer.Signature[:], ed25519.Sign(h.keys.Device, digest[:]))
	hash := answer.RecordHash(a.r.Instance.Instance, a.q.Hash)
	w.Signature, w.Hash = hex.EncodeToString(answer.Signature[:]), hex.EncodeToString(hash[:])
	a.votes[len(a.votes)-1] = polls.Vote{Respondent: answer.Respondent, Value: text}
}

// TestErased: an answer that its respondent had erased fits by its leaf and their wallet's word; all else of its question is
// recomputed, and what cannot be is said, with the question's name. Whoever claims an erasure that nobody asked for is found.
func TestErased(t *testing.T) {
	good := buildWith(t, labeling.General(len(choices)), typed)
	at := slices.IndexFunc(good.Questions, func(q wire.Record) bool { return q.Question.Type == "text" })
	l, leaves, _ := loggedAs(t, good)
	report, err := l.verify(t)
	if err != nil || report.Erased != 1 || report.Unlogged != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	q := good.Questions[at].Question.ID
	texts := make(map[string]string)
	for _, u := range report.Unproven {
		if texts[u.Code] = u.Text; (u.Code == "erased_verdicts") != slices.Equal(u.Questions, []string{q}) {
			t.Errorf("unproven: %+v", u)
		}
	}
	if !strings.HasPrefix(texts["erased_answers"], "what 1 answers said") || !strings.HasSuffix(texts["erased_verdicts"], "computed: "+q) {
		t.Errorf("unproven: %v", texts)
	}
	if plain, err := verify.Run(t.Context(), build(t).client(t), verify.Config{}); err != nil || slices.ContainsFunc(plain.Unproven, func(u verify.Unproven) bool { return strings.HasPrefix(u.Code, "erased") }) {
		t.Errorf("where nothing is erased: %+v, %v", plain, err)
	}
	dir, hash := bundled(t, clientOf(t, l))
	if again, err := verifyBundle(t, dir, hash); err != nil || again.Erased != 1 {
		t.Errorf("a bundle: %+v, %v", again, err)
	}
	is := good.Questions[at]
	answer, other, verdict := is.Answers[0].ID, is.Answers[1], is.Verdict.ID
	person := func(r *records, i int) *wire.AnswerRecord { return &r.Questions[at].Answers[i] }
	for name, c := range map[string]struct {
		change          func(r *records)
		kind, id, field string
	}{
		"a statement of another time":  {func(r *records) { person(r, 0).Erased.At-- }, "answer", answer, "erased signature"},
		"a time before there was time": {func(r *records) { person(r, 0).Erased.At = -1 }, "answer", answer, "erased at"},
		"a signature of another":       {func(r *records) { person(r, 0).Erased.Signature = person(r, 0).Delegation.Signature }, "answer", answer, "erased signature"},
		"no signature":                 {func(r *records) { person(r, 0).Erased.Signature = "" }, "answer", answer, "erased signature"},
		"a signature in capitals":      {func(r *records) { e := person(r, 0).Erased; e.Signature = strings.ToUpper(e.Signature) }, "answer", answer, "erased signature"},
		"another's statement": {func(r *records) {
			a := person(r, 1)
			a.Erased, a.Given, a.Nonce, a.Signature = person(r, 0).Erased, wire.Given{}, "", ""
		}, "answer", other.ID, "erased signature"},
		"an answer long after":     {func(r *records) { person(r, 0).At = (person(r, 0).Erased.At + 601) * 1000 }, "answer", answer, "erased at"},
		"no statement":             {func(r *records) { person(r, 0).Erased = nil }, "answer", answer, "choice or value"},
		"a value that is left":     {func(r *records) { person(r, 0).Value = wire.Value(`"bird"`) }, "answer", answer, "erased"},
		"a nonce that is left":     {func(r *records) { person(r, 0).Nonce = other.Nonce }, "answer", answer, "erased"},
		"a signature that is left": {func(r *records) { person(r, 0).Signature = other.Signature }, "answer", answer, "erased"},
		"a choice that is left":    {func(r *records) { person(r, 0).Choice = new(int) }, "answer", answer, "erased"},
		"a hash that is none":      {func(r *records) { person(r, 0).Hash = "ab" }, "answer", answer, "hash"},
		"a leaf that there is not": {func(r *records) { person(r, 0).Hash = strings.Repeat("ab", 32) }, "answer", answer, "log"},
		"the leaf of another":      {func(r *records) { person(r, 0).Hash = other.Hash }, "answer", other.ID, "log"},
		"an answer of another type": {func(r *records) {
			a := &r.Questions[0].Answers[0]
			a.Erased, a.Given, a.Nonce, a.Signature = is.Answers[0].Erased, wire.Given{}, "", ""
		}, "answer", good.Questions[0].Answers[0].ID, "erased"},
		"another value of the verdict": {func(r *records) { r.Questions[at].Verdict.Value = wire.Value(`"crow"`) }, "verdict", verdict, "log"},
		"a value of the verdict too long": {func(r *records) {
			r.Questions[at].Verdict.Value = wire.Value(fmt.Sprintf("%q", strings.Repeat("x", 201)))
		}, "question", q, "verdict value"},
		"no value of the verdict":      {func(r *records) { r.Questions[at].Verdict.Value = nil }, "question", q, "verdict value"},
		"another agreement":            {func(r *records) { r.Questions[at].Verdict.Agreement = "0.999999" }, "verdict", verdict, "log"},
		"an agreement over one":        {func(r *records) { r.Questions[at].Verdict.Agreement = "1.000001" }, "question", q, "verdict agreement"},
		"a value that does not follow": {func(r *records) { r.Questions[at+1].Verdict.Value = wire.Value(`"crow"`) }, "question", good.Questions[at+1].Question.ID, "verdict value"},
		"a verdict that only leans":    {func(r *records) { r.Questions[at].Verdict.Outcome = "leaning" }, "question", q, "verdict outcome"},
		"fewer answers":                {func(r *records) { r.Questions[at].Verdict.Answers = 2 }, "question", q, "verdict answers"},
		"other pay":                    {func(r *records) { v := &r.Questions[at].Verdict; v.Paid, v.Released = v.Fee, v.Paid }, "question", q, "verdict paid"},
		"a known answer that there was not": {func(r *records) {
			r.Questions[at].Gold = &wire.Gold{Given: wire.Give(0, `"a bird"`)}
		}, "gold", q, "log"},
	} {
		r := good.copied(t)
		c.change(r)
		_, err := logged{r, l.files}.verify(t)
		m, ok := errors.AsType[*verify.Mismatch](err)
		if !ok || m.Kind != c.kind || m.ID != c.id || m.Field != c.field {
			t.Errorf("%s: %v, want %s %s: %s", name, err, c.kind, c.id, c.field)
		}
	}
	grown := append(slices.Clone(leaves), [32]byte{9}, [32]byte{9, 9})
	l.files = publish(t, l.Instance.Log.Name, grown)
	if report, err := l.verify(t); err != nil || report.Log != int64(len(grown)) || report.Erased != 1 {
		t.Errorf("when the log has grown: %+v, %v", report, err)
	}
}
