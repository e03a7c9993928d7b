package wire

import "github.com/tasknet/tasknet"

// Statement says what a person was paid for in a month, oldest first.
type Statement struct {
	Page
	Month      string          `json:"month" example:"2026-11"`
	Since      string          `json:"since" doc:"The month in which the person came" example:"2026-10"`
	Respondent string          `json:"respondent"`
	Symbol     string          `json:"symbol"`
	Earned     tasknet.Amount  `json:"earned" doc:"Became theirs in the month: the pay of answers that is not waiting, and what was released"`
	Waited     tasknet.Amount  `json:"waited" doc:"Began to wait in the month, as the pay of a newcomer: a line of its own says when it is released or forfeited"`
	Forfeited  tasknet.Amount  `json:"forfeited" doc:"Had waited, and is not paid"`
	Count      int             `json:"count" doc:"Lines in the month"`
	Lines      []StatementLine `json:"lines"`
}

// StatementLine is one line of a statement.
type StatementLine struct {
	At       Time           `json:"at" doc:"When the question closed, or what waited was released or forfeited"`
	What     string         `json:"what" enum:"answer,released,forfeited,bonus,work"`
	Question string         `json:"question,omitempty" doc:"That was answered; its public record has all that the pay stands on"`
	Amount   tasknet.Amount `json:"amount"`
	State    string         `json:"state" enum:"waiting,yours,in_epoch,on_chain,forfeited" doc:"Where this money is: of a newcomer's answer, that it waited; theirs, and in no epoch yet; in an epoch; or claimed"`
	Epoch    int64          `json:"epoch,omitempty"`
	Tx       string         `json:"tx,omitempty" doc:"Of the claim, where it is known"`
	Entry    string         `json:"entry" doc:"The transaction of the public ledger"`
}

// PayoutTerms is the body of PUT /v1/me/payout.
type PayoutTerms struct {
	Least tasknet.Amount `json:"least" doc:"The smallest payout, from 0 to 1000"`
}
