package polls

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet"
)

// PolicyKind is a way to decide that a question has enough answers.
type PolicyKind string

// The kinds of policy.
const (
	Fixed      PolicyKind = "fixed"      // a set number of answers
	Confidence PolicyKind = "confidence" // until the posterior of the leading choice reaches a target
)

// Policy says when a question has enough answers. Min and Max are the same for Fixed.
type Policy struct {
	Kind      PolicyKind
	TargetPPM int // Confidence: the posterior to reach, in parts per million
	Min, Max  int // never stop under Min answers, never ask more than Max people

	// Fallback, of Confidence, is how many answers are asked for while too little gold is known for any verdict to claim a
	// confidence: from Min to Max, or ByModel. It is 0 in questions that were asked before there was one, as ByModel.
	Fallback int
}

// ByModel is the Fallback that trusts the model's posterior, as far as one may that no gold has shown to be right.
const ByModel = -1

// Bounds on policies.
const (
	AnswersMax       = 1000
	ValuesMax        = 100 // as AnswersMax, of questions whose answers are values: all of them are compared with each other
	DefaultAnswers   = 3
	DefaultMin       = 2
	DefaultMax       = 10
	TargetPPMMin     = 500_001
	TargetPPMMax     = 999_999
	partsPerMillion  = 1_000_000
	targetDigitsMost = 6
)

var errPolicy = tasknet.NewError(tasknet.Invalid, "bad_policy",
	`Write the policy as "fixed:n" with n from 1 to 1000, or "confidence:p" with p between 0.5 and 1 and at most six decimals; after that ",fixed:n" or ",model" may say what holds while too little gold is known.`)

var errPolicyRange = tasknet.NewError(tasknet.Invalid, "bad_policy_range",
	"For a confidence policy min and max must satisfy 1 <= min <= max <= 1000, and what it falls back to lies between them; for a fixed policy leave them out.")

// ParsePolicy reads "fixed:n" or "confidence:p", which may be followed by ",fixed:n" or ",model". For confidence, zero bounds
// take the defaults; for fixed they must be zero or n.
func ParsePolicy(s string, least, most int) (Policy, error) {
	kind, arg, _ := strings.Cut(s, ":")
	switch PolicyKind(kind) {
	case Fixed:
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 || n > AnswersMax || strconv.Itoa(n) != arg {
			return Policy{}, errPolicy
		}
		if (least != 0 && least != n) || (most != 0 && most != n) {
			return Policy{}, errPolicyRange
		}
		return Policy{Kind: Fixed, Min: n, Max: n}, nil
	case Confidence:
		target, otherwise, falls := strings.Cut(arg, ",")
		frac, ok := strings.CutPrefix(target, "0.")
		if !ok || len(frac) > targetDigitsMost {
			return Policy{}, errPolicy
		}
		ppm, err := strconv.ParseUint(frac+strings.Repeat("0", targetDigitsMost-len(frac)), 10, 32)
		if err != nil || ppm < TargetPPMMin || ppm > TargetPPMMax {
			return Policy{}, errPolicy
		}
		p := Policy{Kind: Confidence, TargetPPM: int(ppm), Min: least, Max: most}
		if p.Min == 0 {
			p.Min = DefaultMin
			if most != 0 {
				p.Min = min(DefaultMin, most)
			}
		}
		if p.Max == 0 {
			p.Max = max(DefaultMax, p.Min)
		}
		if p.Min < 1 || p.Min > p.Max || p.Max > AnswersMax {
			return Policy{}, errPolicyRange
		}
		if falls {
			return p.fallingBack(otherwise)
		}
		return p, nil
	}
	return Policy{}, errPolicy
}

// fallingBack reads what follows the comma of a confidence policy.
func (p Policy) fallingBack(to string) (Policy, error) {
	if to == byModel {
		p.Fallback = ByModel
		return p, nil
	}
	n, err := strconv.Atoi(strings.TrimPrefix(to, "fixed:"))
	if err != nil || fmt.Sprintf("fixed:%d", n) != to {
		return Policy{}, errPolicy
	}
	if n < p.Min || n > p.Max {
		return Policy{}, errPolicyRange
	}
	p.Fallback = n
	return p, nil
}

const byModel = "model"

// WithFallback returns the policy with what it falls back to when nobody has said: half of the answers that it may ask for, but no
// fewer than are asked for by default.
func (p Policy) WithFallback() Policy {
	if p.Kind == Confidence && p.Fallback == 0 {
		p.Fallback = max(p.Min, p.Max/2, min(p.Max, DefaultAnswers))
	}
	return p
}

// String writes the policy as ParsePolicy reads it, without the bounds.
func (p Policy) String() string {
	if p.Kind == Fixed {
		return fmt.Sprintf("fixed:%d", p.Max)
	}
	text := "confidence:0." + strings.TrimRight(fmt.Sprintf("%06d", p.TargetPPM), "0")
	switch {
	case p.Fallback == ByModel:
		text += "," + byModel
	case p.Fallback > 0:
		text += fmt.Sprintf(",fixed:%d", p.Fallback)
	}
	return text
}
