package verify

import "github.com/tasknet/tasknet/server/wire"

// Sealed is what is not public yet, and so was not verified.
type Sealed struct {
	What  string     `json:"what"`
	Count int        `json:"count,omitempty"` // how many there are, where that can be known
	Until string     `json:"until"`
	By    *wire.Time `json:"by,omitempty"` // when it ends for all there were at the beginning, by the server's word
}

// Unproven is what records that fit leave open.
type Unproven struct {
	Code      string   `json:"code"`
	Text      string   `json:"text"`
	Questions []string `json:"questions,omitempty"` // which it is about, where these can be named
}

// sealed returns what was sealed when the ledger ended: what belongs to questions for which money is set aside. How many of them
// have a known answer is not public while they are open: who saw that number rise with a question would know which has one.
func (v *verification) sealed() []Sealed {
	open := len(v.ledger.holders)
	if open == 0 {
		return nil
	}
	by := v.start.OpenUntil
	return []Sealed{
		{"questions that are open, with their answers", open, "each closes, by its deadline at the latest", by},
		{"gold: which of the open questions have a known answer, and what that is", 0, "each closes; how many there are is not told, as that would tell which", by},
		{"skill snapshots that only open questions name", 0, "the first of these questions closes", by},
	}
}

// unproven returns what cannot be seen in the records.
func (v *verification) unproven() []Unproven {
	all := []Unproven{
		{Code: "invented_respondents", Text: "whether respondents are people, and different ones"},
		{Code: "refused_answers", Text: "whether answers were refused, or kept back, that should have been taken"},
		{Code: "times", Text: "when answers came, in which order, and when a question was asked"},
		{Code: "address_changes", Text: "that no change of a payout address, or its cancelling, was kept back; that changes waited for their time, and their payouts went where they say, is proven"},
		{Code: "pending_pay", Text: "who is new, so that their pay waits, and that what was released should not have been forfeited"},
		{Code: "choice_skills", Text: "that a snapshot of skills at choices was learned as it should be; that verdicts follow from it is proven"},
		{Code: "golds_left_out", Text: "that no known answer was left out that was told when its question closed; that who is found to be worthless follows from those that are there is proven"},
		{Code: "models", Text: "that a model that helped says what it is said to say, and that its word is worth what its record says; that verdicts follow from both is proven"},
		{Code: "descriptions", Text: "names, addresses of images and of transactions, gas and prices that the server suggests"},
	}
	all = append(all, v.log.unproven(v.report)...)
	all = append(all, v.erasures.unproven()...)
	if v.cfg.Chain == nil {
		all = append(all, Unproven{Code: "chain", Text: "deposits, claims and what contracts asked: they are the server's word, as they were not compared with its chain"})
	}
	return all
}
