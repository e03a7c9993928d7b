package wire

import "github.com/tasknet/tasknet"

// JobRecord is all that is needed to recompute what a settled job paid to whom.
type JobRecord struct {
	ID        string          `json:"id"`
	Org       string          `json:"org"`
	Kind      string          `json:"kind"`
	Work      string          `json:"work_sha256"`
	Rows      int             `json:"rows"`
	Price     tasknet.Amount  `json:"price" doc:"For all rows, done once"`
	Fee       tasknet.Amount  `json:"fee" doc:"The operator's, on the price"`
	Replicas  int             `json:"replicas"`
	AuditPPM  int             `json:"audit_ppm"`
	MinStake  tasknet.Amount  `json:"min_stake,omitzero" doc:"That owners of nodes had to have at stake. The job's leaf is then of tasknet/compute-job/v3, with min_stake"`
	Seed      string          `json:"audit_seed" doc:"32 bytes in hex, by which parts were drawn. Its hash is in the job's leaf in the public log, tasknet/compute-job/v1"`
	CreatedAt int64           `json:"created_ms"`
	SettledAt Time            `json:"settled_at"`
	Hidden    *HiddenRecord   `json:"hidden,omitempty" doc:"Of a training whose model was judged by tasks that no node had"`
	Receipts  []ReceiptRecord `json:"receipts" doc:"All that were accepted, in that order"`
	Checks    []JobCheck      `json:"checks"`
}

// HiddenRecord is the part of a training's data that no node got. It is in the job's leaf in the public log, which is then of
// tasknet/compute-job/v2, by the hash tasknet/hidden-part/v1 over {data, drawn, guess, held,
// labels, marks, tasks}, where drawn, guess and marks are the SHA-256 of what is here.
type HiddenRecord struct {
	Tasks  int    `json:"tasks" doc:"That have labels"`
	Held   int    `json:"held" doc:"Of them, that are hidden: those whose SHA-256 of \"tasknet/hidden-draw/v1\", the seed and the mark are the least, in that order"`
	Data   string `json:"data" doc:"Artefact of the hidden rows"`
	Labels string `json:"labels,omitempty" doc:"Likewise of IDX labels"`
	Marks  []byte `json:"marks" doc:"In base64, of each task in the data's order 8 bytes: they name it to who has the salt, the job's organisation"`
	Drawn  []byte `json:"drawn" doc:"Likewise of the hidden tasks, in the order in which they were drawn"`
	Guess  []byte `json:"guess" doc:"In base64, of each hidden task four bytes, the highest first: the loss, in millionths of a nat, of who says how frequent each class is among the other tasks, each counted once more. A probability below a tenth of an even guess counts as that"`
}

// TrialRecord is what came of judging a model.
type TrialRecord struct {
	State   string `json:"state" enum:"passed,failed,void" doc:"passed: the mean of guess less losses lies above 0 by more than 1.645 standard errors. void: its organisation had removed what is needed, or the server could not ask the model, which counts"`
	Losses  []byte `json:"losses,omitempty" doc:"The model's, as guess; left out where there was no model to be asked"`
	Problem string `json:"problem,omitempty" doc:"Why there was none"`
}

// ReceiptRecord is an accepted receipt of a node, with the keys that prove whose it is.
type ReceiptRecord struct {
	WorkReceipt
	Copy       int          `json:"copy" doc:"0, or which of those that check the part"`
	From       int          `json:"from_row"`
	To         int          `json:"to_row"`
	Owner      string       `json:"owner"`
	At         int64        `json:"at_ms" doc:"When the server accepted it"`
	State      string       `json:"state" enum:"paid,refused"`
	Why        string       `json:"why,omitempty" enum:"refuted,lied,undecided,worthless" doc:"refuted: others agree on another result. lied: the owner was refuted elsewhere meanwhile. undecided: too few owners came to the same. worthless: the model was not accepted"`
	Trial      *TrialRecord `json:"trial,omitempty" doc:"Of a model that was judged by tasks that no node had"`
	Delegation Delegation   `json:"delegation" doc:"The owner's wallet names the node's key"`
}

// JobRecords is a page of settled jobs, in the order in which they were settled.
type JobRecords struct {
	Page
	Jobs []JobRecord `json:"jobs"`
}

// MyWork is a page of what my nodes delivered, newest first.
type MyWork struct {
	Page
	Held     tasknet.Amount `json:"held" doc:"All that waits"`
	Paid     tasknet.Amount `json:"paid" doc:"All that was paid; it is part of my earnings"`
	Refused  tasknet.Amount `json:"refused"`
	Excluded *Time          `json:"excluded_until,omitempty" doc:"My nodes get no work before, since a result was refuted"`
	Symbol   string         `json:"symbol"`
	Stake    *MyStake       `json:"stake,omitempty" doc:"Where owners of nodes stake"`
	Work     []MyDelivery   `json:"work"`
}

// MyStake is what my wallet has at stake for the work of my nodes, as the chain has confirmed it.
type MyStake struct {
	Wallet string         `json:"wallet"`
	Staked tasknet.Amount `json:"staked"`
	Asked  tasknet.Amount `json:"asked" doc:"The part that was asked back"`
	Counts tasknet.Amount `json:"counts" doc:"For jobs that ask for a stake: what is neither asked back nor frozen"`
	Ready  *Time          `json:"ready_at,omitempty" doc:"When what was asked back can be taken"`
	Case   int64          `json:"case,omitempty" doc:"Number in the contract of the case by which all of it is frozen"`
	Wanted tasknet.Amount `json:"wanted,omitzero" doc:"The least that jobs ask for which wait, and that I do not have"`
}

// MyDelivery is a part of a job that a node of mine did.
type MyDelivery struct {
	Lease string         `json:"lease"`
	Job   string         `json:"job"`
	Kind  string         `json:"kind" enum:"train,evaluate,infer"`
	Node  string         `json:"node"`
	Rows  int            `json:"rows"`
	At    Time           `json:"at"`
	Pay   tasknet.Amount `json:"pay"`
	State string         `json:"state" enum:"held,paid,refused"`
	Until *Time          `json:"held_until,omitempty" doc:"Unless a check takes longer; left out while the job goes on"`
	Why   string         `json:"why,omitempty" enum:"refuted,lied,undecided,worthless" doc:"refuted: others agree on another result. lied: another result of my nodes was refuted. undecided: too few owners came to the same. worthless: on tasks that no node had, the model is not surely better than saying how frequent each class is"`
}
