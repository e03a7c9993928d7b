package wire

import "github.com/tasknet/tasknet"

// NewContest is the body of POST /v1/contests.
type NewContest struct {
	Text       string          `json:"text" minLength:"1" maxLength:"1000" doc:"What is asked about each pair" example:"Which headline would you rather read?"`
	Items      []ContestItem   `json:"items" minItems:"2" maxItems:"1000"`
	Top        int             `json:"top,omitempty" minimum:"0" maximum:"999" doc:"How many best items are to be known, in no order among them. Left out: the order of all"`
	Confidence string          `json:"confidence,omitempty" doc:"How probable it must be that the ranking is right, a decimal between 0.5 and 1. Left out: 0.95" example:"0.95"`
	Max        int             `json:"max" minimum:"1" maximum:"20000" doc:"The most comparisons, of all pairs together"`
	AtOnce     int             `json:"at_once,omitempty" minimum:"0" maximum:"100" doc:"How many comparisons are open at a time. Fewer need fewer in all. Left out: 10"`
	Price      *tasknet.Amount `json:"price,omitempty" doc:"What a comparison pays. Left out: the instance's default price"`
	Deadline   int             `json:"deadline_seconds,omitempty" minimum:"10" maximum:"2592000" doc:"Seconds until a comparison that nobody answers is given up. Left out: 86400"`
	Fairness
}

// ContestItem is what is compared with others.
type ContestItem struct {
	Name  string `json:"name" minLength:"1" maxLength:"80"`
	Image string `json:"image,omitempty" doc:"The hash that POST /v1/media returned; shown when both items of a pair have one"`
	Alt   string `json:"alt,omitempty" maxLength:"300"`
}

// Contest is items that people compare two by two until the ranking that is asked for is settled.
type Contest struct {
	ID         string         `json:"id"`
	Text       string         `json:"text"`
	Items      []ContestItem  `json:"items"`
	Top        int            `json:"top"`
	Confidence string         `json:"confidence" doc:"That was asked for"`
	Max        int            `json:"max"`
	AtOnce     int            `json:"at_once"`
	Price      tasknet.Amount `json:"price"`
	Fee        tasknet.Amount `json:"fee" doc:"The operator's fee on one comparison, on top"`
	Deadline   int            `json:"deadline_seconds"`
	Status     string         `json:"status" enum:"running,settled,spent,cancelled" doc:"settled: the ranking has the confidence. spent: it had max comparisons before"`
	Problem    string         `json:"problem,omitempty" doc:"The code of the error that keeps it from asking, such as insufficient_funds; it goes on by itself once that is mended. cancelled while a cancelled one closes its questions"`
	Asked      int            `json:"asked" doc:"Comparisons that were asked"`
	Ranking    *Ranking       `json:"ranking,omitempty" doc:"What is known so far"`
	CreatedAt  Time           `json:"created_at"`
	EndedAt    *Time          `json:"ended_at,omitempty"`
}

// Ranking is what comparisons say of items.
type Ranking struct {
	Confidence  string       `json:"confidence" doc:"At least so probable is it that the ranking that is asked for is right"`
	Comparisons int          `json:"comparisons" doc:"Answers that it is made of"`
	CannotTell  int          `json:"cannot_tell" doc:"Of these, by people who could not tell"`
	Reliability string       `json:"reliability" doc:"How often people say what the scores say, on the whole"`
	Places      []RankedItem `json:"places" doc:"The best first"`
}

// RankedItem is an item in its place. An item of score s beats one of score t with probability 1/(1+exp(t-s)).
type RankedItem struct {
	Item  int    `json:"item" doc:"Index into items"`
	Name  string `json:"name"`
	Score string `json:"score"`
	Low   string `json:"low" doc:"The score is in this range with probability 0.95"`
	High  string `json:"high"`
}

// Contests is a page of contests, newest first.
type Contests struct {
	Page
	Contests []Contest `json:"contests"`
}
