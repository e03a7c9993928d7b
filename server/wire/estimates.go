package wire

import "github.com/tasknet/tasknet"

// NewEstimate is the body of POST /v1/estimates: a question or a project as it would be made, or a project that there is.
type NewEstimate struct {
	Question  *Ask        `json:"question,omitempty" doc:"As for POST /v1/questions"`
	Project   *NewProject `json:"project,omitempty" doc:"As for POST /v1/projects"`
	ProjectID string      `json:"project_id,omitempty" doc:"A project that there is, whose price and quorum of now are those of the tasks"`
	Open      bool        `json:"open,omitempty" doc:"Of a project that there is: what its open tasks still take, beyond the answers that they have. Tasks is left out"`
	Tasks     int         `json:"tasks,omitempty" minimum:"0" maximum:"10000000" doc:"How many tasks are put into the project. Left out: 1"`
}

// Fairness is what a price is held to. Where answers to such questions have shown how long they take, that counts, and not
// what is stated.
type Fairness struct {
	Seconds int  `json:"seconds_per_answer,omitempty" minimum:"0" maximum:"3600" doc:"How long you think that an answer takes, in seconds. It counts while too few answers have shown it"`
	TopUp   bool `json:"top_up,omitempty" doc:"Where the price is under the least that this server lets an answer pay, pay that, and do not refuse"`
}

// Estimate is what a question or a project is expected to take. Nothing of it is promised but the most that it costs.
type Estimate struct {
	Tasks  int            `json:"tasks"`
	Given  int            `json:"given,omitempty" doc:"Answers that open tasks have; answers and cost are what comes on top"`
	Price  tasknet.Amount `json:"price" doc:"What one answer pays"`
	Fee    tasknet.Amount `json:"fee" doc:"The operator's fee on one answer, on top"`
	Symbol string         `json:"symbol"`
	Each   EstimatedNeed  `json:"each" doc:"Answers that one task takes"`
	All    EstimatedTotal `json:"all" doc:"Answers that all tasks take together"`
	Cost   EstimatedCost  `json:"cost" doc:"Of all tasks, with fee"`
	Pace   EstimatedPace  `json:"pace"`
	Fair   FairPay        `json:"fair_pay"`
}

// EstimatedNeed is how many answers a task takes.
type EstimatedNeed struct {
	Low       int    `json:"low" doc:"Nine of ten tasks take as many, or more"`
	Expected  string `json:"expected" doc:"The mean, with three decimals" example:"3.250"`
	High      int    `json:"high" doc:"Nine of ten tasks take as many, or fewer"`
	Basis     string `json:"basis" enum:"policy,project,organisation,instance,prior" doc:"On what this stands. policy: it asks for so many, whatever is answered, or as long as too little gold is known. project, organisation, instance: closed questions of the same type, with as many choices and the same target, of the project, of yours, or of everybody. prior: too few are closed; made-up questions were asked, under this policy, of people who are right in three of four answers"`
	Questions int    `json:"questions" doc:"Closed questions on which it stands; 0 for policy and prior"`
}

// EstimatedTotal is how many answers all tasks take, eight times of ten between low and high.
type EstimatedTotal struct {
	Low      int `json:"low"`
	Expected int `json:"expected"`
	High     int `json:"high"`
}

// EstimatedCost is what all tasks cost, eight times of ten between low and high.
type EstimatedCost struct {
	Low      tasknet.Amount `json:"low"`
	Expected tasknet.Amount `json:"expected"`
	High     tasknet.Amount `json:"high"`
	Most     tasknet.Amount `json:"most" doc:"What is set aside when they are asked. It is never more"`
}

// EstimatedPace is how fast answers come.
type EstimatedPace struct {
	Known   bool   `json:"known" doc:"False when too few questions of this type have closed in the last seven days"`
	PerHour string `json:"answers_per_hour,omitempty" doc:"Answers to questions of this type with as many choices, of everybody's, lately" example:"120.500"`
	Seconds int    `json:"seconds,omitempty" doc:"Until all answers are there, if they come at that pace and no others are waited for"`
}

// FairPay is what a price pays for an hour's work, and what it must.
type FairPay struct {
	Basis   string          `json:"basis" enum:"project,organisation,instance,stated,nothing" doc:"On what the time that an answer takes stands: answers to closed questions like it, of the project, of yours or of everybody; what you stated; or nothing, as nobody knows"`
	Answers int             `json:"answers" doc:"On which it stands"`
	Seconds string          `json:"seconds_per_answer,omitempty" doc:"The median over people of the median of each" example:"7.250"`
	PerHour *tasknet.Amount `json:"pays_per_hour,omitempty" doc:"What the price pays in an hour of such answers, rounded down"`
	Floor   *tasknet.Amount `json:"floor_per_hour,omitempty" doc:"What it must pay at least; absent where nothing is refused"`
	Least   *tasknet.Amount `json:"least_price,omitempty" doc:"What an answer must pay at least, by the floor and the time that it takes"`
	Fair    bool            `json:"fair" doc:"Whether the price is accepted. With top_up it is the least price when that is more"`
}
