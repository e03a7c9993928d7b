package wire

import "github.com/tasknet/tasknet"

// Money is a requester's balance, with where it came from and went.
type Money struct {
	Balance
	Refunded tasknet.Amount `json:"refunded" doc:"Of what was set aside for questions, back when they closed"`
	Bonuses  tasknet.Amount `json:"bonuses" doc:"Paid as bonuses; among what is spent"`
}

// Costs are what something cost, by where the money went. cost is the sum of paid, bonus, fee and forfeited.
type Costs struct {
	Questions int            `json:"questions" doc:"That closed"`
	Answers   int            `json:"answers" doc:"That were paid"`
	Bonuses   int            `json:"bonuses" doc:"That were paid"`
	Paid      tasknet.Amount `json:"paid" doc:"To respondents, for answers"`
	Bonus     tasknet.Amount `json:"bonus" doc:"To respondents, as bonuses"`
	Fee       tasknet.Amount `json:"fee" doc:"To the operator"`
	Forfeited tasknet.Amount `json:"forfeited" doc:"To nobody: for answers that were struck and for which no others came"`
	Refunded  tasknet.Amount `json:"refunded" doc:"Of what was set aside, back to you"`
	Cost      tasknet.Amount `json:"cost"`
}

// Spending is what was spent in a time, all of it and by parts.
type Spending struct {
	From   string         `json:"from" doc:"The first day, of UTC" example:"2026-11-01"`
	To     string         `json:"to" doc:"The last day" example:"2026-11-30"`
	By     string         `json:"by" enum:"day,month,project"`
	Symbol string         `json:"symbol"`
	All    Costs          `json:"all"`
	Parts  []SpendingPart `json:"parts" doc:"Days and months in order, those without anything left out; projects by cost, the dearest first"`
}

// SpendingPart is a day, a month or a project.
type SpendingPart struct {
	Day     string `json:"day,omitempty" example:"2026-11-21"`
	Month   string `json:"month,omitempty" example:"2026-11"`
	Project string `json:"project,omitempty" doc:"Its id; absent for what is of no project"`
	Name    string `json:"name,omitempty" doc:"The project's"`
	Costs
}

// Line is one transaction: the settlement of a question, or a bonus.
type Line struct {
	At        Time           `json:"at"`
	Tx        string         `json:"tx" doc:"The transaction of the public ledger"`
	Kind      string         `json:"kind" enum:"settlement,bonus"`
	Question  string         `json:"question"`
	Project   string         `json:"project,omitempty"`
	About     string         `json:"about,omitempty" doc:"The project's name, or else the question's text, in at most 120 characters"`
	Answers   int            `json:"answers" doc:"That were paid"`
	Paid      tasknet.Amount `json:"paid"`
	Bonus     tasknet.Amount `json:"bonus"`
	Fee       tasknet.Amount `json:"fee"`
	Forfeited tasknet.Amount `json:"forfeited"`
	Refunded  tasknet.Amount `json:"refunded"`
	Cost      tasknet.Amount `json:"cost" doc:"The sum of paid, bonus, fee and forfeited"`
}

// Refunds is a page of settlements that gave something back, newest first.
type Refunds struct {
	Page
	Refunds []Line `json:"refunds"`
}

// Invoice is what a month cost, with a page of its transactions, oldest first.
type Invoice struct {
	Page
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Month        string `json:"month" doc:"Of UTC" example:"2026-11"`
	Over         bool   `json:"over" doc:"Whether the month is over: before, more may come"`
	Symbol       string `json:"symbol"`
	All          *Costs `json:"all,omitempty" doc:"What all of the month cost; on the first page only"`
	Lines        []Line `json:"lines"`
}

// NewBonus is the body of POST /v1/questions/{id}/bonuses.
type NewBonus struct {
	Answer string         `json:"answer" doc:"The id of an answer to the question, as its record lists them"`
	Amount tasknet.Amount `json:"amount" doc:"More than nothing, and at most 1000 tokens" example:"0.5"`
	Reason string         `json:"reason" minLength:"1" maxLength:"280" doc:"What it is for: the respondent reads it"`
}

// Bonus is what was paid for an answer on top of its price. No fee is on it.
type Bonus struct {
	ID       string         `json:"id"`
	Question string         `json:"question"`
	Answer   string         `json:"answer"`
	Amount   tasknet.Amount `json:"amount"`
	Reason   string         `json:"reason"`
	At       Time           `json:"at"`
	By       string         `json:"by" doc:"The name of who paid it"`
}

// Bonuses is a page of bonuses, newest first.
type Bonuses struct {
	Page
	Bonuses []Bonus `json:"bonuses"`
}
