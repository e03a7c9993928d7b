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
	Seed      string          `json:"audit_seed" doc:"32 bytes in hex, by which parts were drawn. Its hash is in the job's leaf in the public log, tasknet/compute-job/v1"`
	CreatedAt int64           `json:"created_ms"`
	SettledAt Time            `json:"settled_at"`
	Receipts  []ReceiptRecord `json:"receipts" doc:"All that were accepted, in that order"`
	Checks    []JobCheck      `json:"checks"`
}

// ReceiptRecord is an accepted receipt of a node, with the keys that prove whose it is.
type ReceiptRecord struct {
	WorkReceipt
	Copy       int        `json:"copy" doc:"0, or which of those that check the part"`
	From       int        `json:"from_row"`
	To         int        `json:"to_row"`
	Owner      string     `json:"owner"`
	At         int64      `json:"at_ms" doc:"When the server accepted it"`
	State      string     `json:"state" enum:"paid,refused"`
	Why        string     `json:"why,omitempty" enum:"refuted,lied,undecided" doc:"refuted: others agree on another result. lied: the owner was refuted elsewhere meanwhile. undecided: too few owners came to the same"`
	Delegation Delegation `json:"delegation" doc:"The owner's wallet names the node's key"`
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
	Work     []MyDelivery   `json:"work"`
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
	Why   string         `json:"why,omitempty" enum:"refuted,lied,undecided" doc:"refuted: others agree on another result. lied: another result of my nodes was refuted. undecided: too few owners came to the same"`
}
