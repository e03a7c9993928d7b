package labeling

import "github.com/tasknet/tasknet/polls"

// Trial is a test, after each closed gold and audit, of whether verdicts in which a model's word counts are wrong more often
// than they may be. Each of these tasks was closed by people alone; what it would have closed with by the model's word is
// compared with that. The witness must not have counted the task, or it says what it has heard.
//
// If the policy asks for p and people's verdict has the posterior q (1 for gold), then they differ with a probability of at
// most e = (1-p) + (1-q) as long as both are what they say. The test is Wald's (Annals of Mathematical Statistics 16, 1945)
// against their differing twice, four and eight times as often: for each of these the likelihood ratio is a supermartingale
// when they differ as seldom as they may, so that it ever exceeds 3 * trialOdds once in 3 * trialOdds times at most (Ville
// 1939), and any of the three once in trialOdds, however long and however often one looks. A model whose verdicts are wrong
// half of the time where one in twenty may be is found after about 10 of them, one twice as wrong as it may be after about 400.
type Trial struct {
	Settled int // golds and audits that the model's word would have closed
	Differ  int // of these, with another choice than people's
	Odds    [len(worseTimes)]int64
}

// What a trial looks for, and how often it finds it where it is not.
var worseTimes = [...]int64{2, 4, 8}

const trialOdds = 1000

// errsMost is how often verdicts are taken to differ at most, in parts per million, so that each difference says something.
const errsMost = 900_000

// Add counts a closed gold or audit that the model's word would have settled. people is the posterior of people's verdict, in
// parts per million.
func (t *Trial) Add(p polls.Policy, people int, differ bool) {
	t.Settled++
	if differ {
		t.Differ++
	}
	may := min(int64(2*million-p.TargetPPM-people), errsMost/2)
	for i, times := range worseTimes {
		worse := min(times*may, errsMost)
		if differ {
			t.Odds[i] += log2Ratio(uint64(worse), uint64(may))
		} else {
			t.Odds[i] += log2Ratio(uint64(million-worse), uint64(million-may))
		}
	}
}

// See counts a closed gold or audit, unless the model's word would not have settled it.
func (t *Trial) See(h *Helped, p polls.Policy, r Reference) {
	choice, settled := h.Settles(p, r.Opinion, r.Votes)
	if !settled {
		return
	}
	people, sure := r.Gold, million
	if people == NoChoice {
		people, sure = Likeliest(r.Posterior)
	}
	t.Add(p, sure, choice != people)
}

// Hurts reports that the model is to be switched off.
func (t *Trial) Hurts() bool {
	for _, odds := range t.Odds {
		if odds >= log2(uint64(len(worseTimes))*trialOdds) {
			return true
		}
	}
	return false
}
