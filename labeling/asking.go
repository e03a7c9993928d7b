package labeling

import "github.com/tasknet/tasknet/polls"

// count is the decision after so many answers by a policy that only counts them.
func count(p polls.Policy, answers int) polls.Decision {
	left := max(p.Max-answers, 0)
	return polls.Decision{Stop: left == 0, Wanted: left}
}

// decide says whether a question with a confidence policy goes on after an answer, how many more it then takes, and why it
// does not. It stops
//
//   - at the policy's Max, and never under its Min;
//   - while too little gold is known to claim anything, at the number that the policy falls back to; but one that falls
//     back to the model's posterior when that reaches the confidence, of which a part only is believed;
//   - when gold shows that questions which stop there can claim the confidence or, where that cannot be claimed at all, when
//     the corrected posterior reaches it;
//   - when no number of further answers is worth its price, and then the reason is Unsettled.
//
// m more answers are worth what they take from the probability of error, times the price of an error: Max answers to each
// of the 1/(1-p) questions of which one may be wrong, since that is what who sets Max and p is ready to spend. The price
// of an answer is then on both sides.
func (f *Family) decide(p polls.Policy, s scores, answers int) (polls.Decision, Reason) {
	falls, left := f.FallsBack(p), p.Max-answers
	if falls {
		left = p.Fallback - answers
	}
	switch {
	case left <= 0:
		return polls.Decision{Stop: true}, Quorum
	case falls:
		return polls.Decision{Wanted: left}, ""
	}
	odds, wanted, reason := s.odds(), 0, Quorum
	if !f.enough(p, odds) {
		if wanted = f.worth(p, s, f.posterior(odds), left); wanted == 0 {
			reason = Unsettled
		}
	}
	if wanted = max(wanted, p.Min-answers); wanted > 0 {
		return polls.Decision{Wanted: wanted}, ""
	}
	return polls.Decision{Stop: true}, reason
}

// FallsBack reports whether questions with a policy end at a fixed number of answers, as too little gold is known. A posterior
// that nothing has checked is no reason to stop: where all who come first agree on a lie, it is sure at once.
func (f *Family) FallsBack(p polls.Policy) bool { return p.Fallback > 0 && f.Calibration.Golds < known }

// enough reports whether log-odds of the leading choice are those that a confidence policy asks for.
func (f *Family) enough(p polls.Policy, odds int64) bool {
	if from, may := f.claims(p); may {
		return odds >= from
	}
	return f.believed(odds) >= log2Ratio(uint64(p.TargetPPM), uint64(million-p.TargetPPM))
}

// ahead is how many answers are thought ahead at most, and what a probability of one is in that.
const (
	ahead = 32
	whole = 1_000_000_000
)

// worth returns how many more answers, of those that are left, are worth most over their price; 0 when none are. Only
// the leading choice and the next one are looked at, and answers of people who tell these two apart as well as the crowd
// does. If q is the probability that such an answer is right, then after m answers, j of them for the leader, the error is
// the smaller of posterior*P(j) and (1-posterior)*P(m-j), summed over j, with P the binomial distribution of m and q.
func (f *Family) worth(p polls.Policy, s scores, posterior int64, left int) int {
	top, next := s.leaders()
	q := f.apart[top*f.Choices+next]
	price := int64(p.Max) * million // of an error, times 1-p in parts per million
	best, most := 0, int64(0)
	var chance [ahead + 1]int64
	chance[0] = whole
	for m := 1; m <= min(left, ahead); m++ {
		for j := m; j > 0; j-- {
			chance[j] = (chance[j]*(million-q) + chance[j-1]*q) / million
		}
		chance[0] = chance[0] * (million - q) / million
		wrong := int64(0)
		for j := range m + 1 {
			wrong += min(posterior*chance[j], (million-posterior)*chance[m-j]) / million
		}
		gain := whole - posterior*(whole/million) - wrong
		if worth := gain*price/int64(million-p.TargetPPM) - int64(m)*whole; worth > most {
			best, most = m, worth
		}
	}
	return best
}

// leaders returns the choice with the highest score and the one with the next.
func (s scores) leaders() (top, next int) {
	top, next = s.leader(), -1
	for z := range s {
		if z != top && (next < 0 || s[z] > s[next]) {
			next = z
		}
	}
	return top, next
}

// odds returns the log-odds of the leading choice against all others together, at most oddsMax.
func (s scores) odds() int64 {
	top, others := s.leader(), uint64(0)
	for z, score := range s {
		if z != top {
			others += exp2Neg(s[top]-score) >> 5 // room for the sum of up to 32 choices
		}
	}
	if others == 0 {
		return oddsMax
	}
	return oddsMax - log2(others)
}

const oddsMax = 58 * logUnit
