package labeling

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Help says how a model helps a project: what it says of a task joins the posterior as one more respondent, who is no person
// and is paid nothing, and people are asked only where the posterior stays open.
//
//	labels enough ──▶ trained ──▶ its word is measured on golds and audits ──▶ closes what is sure ──▶ people are asked the rest
//	                     ▲                                                                                  │
//	                     └──────────────────────── labels half as many again ◀──────────────────────────────┘
//
// Golds and audits are closed by people alone, and no model learns from them: so what its word is worth, and whether it hurts
// (see Trial), is seen on tasks that are drawn at random and that it does not know.
type Help struct {
	Labels   int // how many tasks people must have labeled before the first model
	AuditPPM int // share of the tasks that people answer all the same, in parts per million

	// Least is how many people must have answered before a question closes in whose posterior the model's word counts. It may be
	// 0: then what the model is sure of is asked of nobody but the audits.
	Least int
}

// Bounds of Help.
const (
	HelpLabelsMin     = 20
	HelpLabelsDefault = 200
	HelpLabelsMax     = 1_000_000
	AuditPPMMin       = 50_000 // what is audited less may go wrong for longer than its project lasts
	AuditPPMDefault   = 50_000
	AuditPPMMax       = million
)

var errHelp = tasknet.NewError(tasknet.Invalid, "bad_help", "A model helps from 20 to 1000000 labels on, its audit share is from 0.05 to 1, and the fewest people is a number from 0 to the policy's min.")

// Check reports what is wrong with the help for questions with a policy, which must be one of confidence.
func (h Help) Check(p polls.Policy) error {
	if p.Kind != polls.Confidence || h.Labels < HelpLabelsMin || h.Labels > HelpLabelsMax || h.AuditPPM < AuditPPMMin || h.AuditPPM > AuditPPMMax || h.Least < 0 || h.Least > p.Min {
		return errHelp
	}
	return nil
}

// NextTraining returns from how many labels on a model is trained, when the last one learned from so many; 0 for none yet.
// Half as many labels more: then all trainings together cost three times the last.
func (h Help) NextTraining(learned int) int {
	if learned == 0 {
		return h.Labels
	}
	return learned + (learned+1)/2
}

// Audited says whether a task is one that people answer all the same. Nothing but a secret seed decides, whose hash is
// published before the first task closes, so that nobody can choose which tasks are looked at, or know.
//
//	draw    = the first 8 bytes of SHA-256(seed, task), modulo 1,000,000
//	audited = draw < AuditPPM
func (h Help) Audited(seed [32]byte, task string) bool {
	sum := sha256.Sum256(append(seed[:], task...))
	return int(binary.BigEndian.Uint64(sum[:8])%million) < h.AuditPPM
}

// MayClose returns how many more tasks may close in which the model's word counts, when so many have, and so many audits are
// over since the model was trained that the first of them is of. Audits are as large a share of what closes at any time as they
// are in the end, so that a model that turns bad does harm only until the next of them show it.
func (h Help) MayClose(audits, closed int) int {
	return max(audits*million/h.AuditPPM-closed, 0)
}

// Helped is a family whose people a model helps.
type Helped struct {
	family  *Family // with the calibration of the witness
	witness *Witness
	least   int
}

// HelpedBy returns the family as a model helps it, in questions that may close after least people's answers.
func (f *Family) HelpedBy(w *Witness, least int) *Helped {
	family := *f
	family.Calibration, family.curve = w.Calibration, w.Calibration.regress()
	return &Helped{&family, w, least}
}

// decide is as Family.decide, of scores in which the model's word counts. Only what may claim the confidence that the policy
// asks for closes before its Min, and from the fewest people on that the help allows; a model that says nothing sure changes
// nothing of that.
func (h *Helped) decide(p polls.Policy, s scores, answers int) (polls.Decision, Reason) {
	if answers < p.Min && h.claims(p, s, answers) {
		return polls.Decision{Stop: true}, Quorum
	}
	return h.family.decide(p, s, answers)
}

// claims says whether a verdict with these scores may claim the policy's confidence.
func (h *Helped) claims(p polls.Policy, s scores, answers int) bool {
	from, may := h.family.Calibration.claims(p, answers < p.Min)
	return may && answers >= h.least && s.odds() >= from
}

// scores returns those of a task before any person's answer.
func (h *Helped) scores(o Opinion) scores {
	s := slices.Clone(h.family.start)
	h.witness.weigh(s, o)
	return s
}

// Settles returns the choice that a question closes with in whose posterior the model's word counts, by as many of its votes as
// that takes and in their order, when it would claim the policy's confidence.
func (h *Helped) Settles(p polls.Policy, o Opinion, votes []polls.Vote) (choice int, settled bool) {
	s := h.scores(o)
	for n := range len(votes) + 1 {
		if n > 0 {
			h.family.weigh(s, votes[n-1])
		}
		if h.claims(p, s, n) {
			return s.leader(), true
		}
	}
	return NoChoice, false
}
