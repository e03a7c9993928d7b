package wire

import "github.com/tasknet/tasknet"

// Record is all that is needed to recompute one closed question's verdict and its settlement.
type Record struct {
	Question   AskedQuestion  `json:"question"`
	Org        string         `json:"org"`
	Fee        tasknet.Amount `json:"fee" doc:"On one answer"`
	ClosedAt   Time           `json:"closed_at"`
	Verdict    Verdict        `json:"verdict"`
	Answers    []AnswerRecord `json:"answers" doc:"In the order in which they were accepted"`
	Settlement string         `json:"settlement" doc:"Id of the ledger transaction that paid them"`
}

// AnswerRecord is an answer with the keys that prove whose it is.
type AnswerRecord struct {
	ID         string `json:"id"`
	Respondent string `json:"respondent"`
	Assignment string `json:"assignment"`
	Given
	Nonce      string     `json:"nonce"`
	Time       int64      `json:"time_ms"`
	At         int64      `json:"at_ms" doc:"When the server accepted it"`
	Signature  string     `json:"signature"`
	Hash       string     `json:"hash" doc:"tasknet/answer-record/v1"`
	Delegation Delegation `json:"delegation"`
}

// Delegation is a wallet's statement that a device speaks for it, signed by EIP-712.
type Delegation struct {
	Wallet    string `json:"wallet"`
	Device    string `json:"device"`
	Issued    int64  `json:"issued"`
	Expires   int64  `json:"expires"`
	Signature string `json:"signature"`
}

// Records is a page of closed questions, in the order in which they closed.
type Records struct {
	Page
	Records []Record `json:"records"`
}

// Snapshot is a version of everybody's skill, as the hash of a verdict's snapshot names it.
type Snapshot struct {
	Hash   string  `json:"hash"`
	At     Time    `json:"at"`
	Skills []Skill `json:"skills" doc:"Ordered by respondent"`
}

// Skill is how often one person's answers agreed with the verdict of closed questions.
type Skill struct {
	Respondent string `json:"respondent"`
	Agreed     int    `json:"agreed"`
	Answered   int    `json:"answered"`
}

// Epochs is a page of epochs, oldest first.
type Epochs struct {
	Page
	Epochs []Epoch `json:"epochs"`
}

// Epoch is one payout root.
type Epoch struct {
	Number     int64          `json:"number"`
	State      string         `json:"state" enum:"planned,posted,confirmed,settled"`
	Root       string         `json:"root"`
	Amount     tasknet.Amount `json:"amount" doc:"Added by this epoch, to all"`
	Cumulative tasknet.Amount `json:"cumulative" doc:"The sum of all leaves"`
	Payees     int            `json:"payees"`
	Tx         string         `json:"tx,omitempty"`
	Block      int64          `json:"block,omitempty"`
	Gas        int64          `json:"gas" doc:"Spent on the root and on relayed claims"`
	At         Time           `json:"at"`
}

// EpochPayouts is a page of the leaves of one epoch's tree, in the order of the tree.
type EpochPayouts struct {
	Page
	Epoch   Epoch    `json:"epoch"`
	Payouts []Payout `json:"payouts"`
}

// Ledger is a page of ledger transactions, in the order in which they were posted.
type Ledger struct {
	Page
	Transactions []Transaction `json:"transactions"`
}

// Transaction is one movement of money: entries that sum to zero.
type Transaction struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind" enum:"deposit,hold,settlement,epoch,claim"`
	Cause   string  `json:"cause" doc:"What it is for; no two transactions have the same"`
	At      Time    `json:"at"`
	Entries []Entry `json:"entries"`
}

// Entry adds an amount to an account, or takes it away.
type Entry struct {
	Account string         `json:"account"`
	Amount  tasknet.Amount `json:"amount"`
}

// Totals are the sums that the ledger must reproduce.
type Totals struct {
	Deposited   tasknet.Amount `json:"deposited"`
	Requesters  tasknet.Amount `json:"requesters"`
	Held        tasknet.Amount `json:"held"`
	Respondents tasknet.Amount `json:"respondents"`
	InEpoch     tasknet.Amount `json:"in_epoch"`
	Claimed     tasknet.Amount `json:"claimed"`
	Operator    tasknet.Amount `json:"operator"`
	Questions   int            `json:"questions_closed"`
	Answers     int            `json:"answers_closed"`
}
