package wire

import "github.com/tasknet/tasknet"

// Record is all that is needed to recompute one closed question's verdict and its settlement.
type Record struct {
	Question   AskedQuestion  `json:"question"`
	Org        string         `json:"org"`
	Fee        tasknet.Amount `json:"fee" doc:"On one answer"`
	ClosedAt   Time           `json:"closed_at"`
	Verdict    Verdict        `json:"verdict"`
	Answers    []AnswerRecord `json:"answers" doc:"All of them, those that were struck among them, in the order in which they were accepted"`
	Gold       *Gold          `json:"gold,omitempty" doc:"The answer that its requester knew, if any"`
	Settlement string         `json:"settlement" doc:"Id of the ledger transaction that paid them"`
}

// Gold is the known answer of a closed question.
type Gold struct {
	Given
	Suspended bool `json:"suspended" doc:"Skilled people contradict it or, where answers are values, nobody gave it and several gave one other answer: it is held against nobody"`
}

// AnswerRecord is an answer with the keys that prove whose it is.
type AnswerRecord struct {
	ID         string `json:"id"`
	Respondent string `json:"respondent"`
	Assignment string `json:"assignment"`
	Given
	Nonce      string     `json:"nonce,omitempty" doc:"Absent when it is erased"`
	Time       int64      `json:"time_ms"`
	At         int64      `json:"at_ms" doc:"When the server accepted it"`
	Signature  string     `json:"signature,omitempty" doc:"The device's. Absent when it is erased"`
	Hash       string     `json:"hash" doc:"tasknet/answer-record/v1"`
	Delegation Delegation `json:"delegation"`
	Struck     *Strike    `json:"struck,omitempty" doc:"Why it does not count, if it does not: it weighs nothing and is not paid"`
	Erased     *Erasure   `json:"erased,omitempty" doc:"Present when the respondent had it erased: it was a text, and has no value, nonce and signature any more. Its hash is still that of its leaf in the public log, and nobody can find out from it what was said"`
}

// Erasure is a wallet's statement that what its respondent typed shall be erased, signed by EIP-712.
type Erasure struct {
	At        int64  `json:"at" doc:"Unix seconds; the answer was accepted at most ten minutes later"`
	Signature string `json:"signature" doc:"The delegation's wallet's, of Erase(string respondent,address wallet,uint64 at) in the domain of delegations, 65 bytes in hex"`
}

// Strike says by what an answer was found to be worth nothing when its question was about to close.
type Strike struct {
	Snapshot string `json:"snapshot" doc:"Of the question's family, by which the respondent is void"`
	Answers  int    `json:"answers" doc:"How many had been accepted by then"`
	Counted  int    `json:"counted" doc:"How many of these had counted until then, this one among them"`
	At       Time   `json:"at"`
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

// Snapshot is a version of what is known of a family of questions and of the people who answer them. Its hash is
// tasknet/skills/v2 over all of this but hash and at.
type Snapshot struct {
	Hash    string  `json:"hash"`
	At      Time    `json:"at"`
	Family  string  `json:"family" doc:"Which questions it is about"`
	Version int     `json:"version" doc:"1, 2, 3, ... of its family; 0 when nothing is known"`
	Choices int     `json:"choices" doc:"How many each of the questions has"`
	Truths  []int   `json:"truths" doc:"How often each choice was true, in thousandths"`
	People  []Skill `json:"people" doc:"Ordered by respondent"`
	Golds   int     `json:"golds" doc:"Questions with a known truth that confidence is corrected by"`
	Pooled  bool    `json:"pooled" doc:"Whether they are of all families with as many choices, because this one has too few"`
	Steps   []Step  `json:"steps" doc:"What happened on gold at each confidence, by from"`
}

// Witness is a version of what the word of a model is worth that helps a project. Its hash is tasknet/witness/v1 over all of this but
// hash and at; its leaf in the public log is tasknet/witness-record/v1.
type Witness struct {
	Hash     string       `json:"hash"`
	At       Time         `json:"at"`
	Project  string       `json:"project"`
	Version  int          `json:"version" doc:"1, 2, 3, ... of its project"`
	Skills   string       `json:"skills" doc:"Hash of the skill snapshot that it goes with"`
	Model    WitnessModel `json:"model" doc:"Where the model comes from"`
	Audits   string       `json:"audits" doc:"tasknet/audit-seed/v1: stands for the secret seed that decides which tasks people answer all the same"`
	AuditPPM int          `json:"audit_ppm" doc:"How many these are, in parts per million"`
	Choices  int          `json:"choices"`
	Counts   [][]int      `json:"counts" doc:"For each bound of how sure it said to be (0, 0.5, 0.7, 0.85, 0.95, 0.99), how often it said each choice given each truth, in thousandths: number truth*choices+said"`
	Golds    int          `json:"golds" doc:"Questions with a known truth that confidence is corrected by where its word counts"`
	Steps    []Step       `json:"steps" doc:"What happened on gold at each confidence, by from"`
}

// WitnessModel says where a model comes from.
type WitnessModel struct {
	Weights string `json:"weights" doc:"Id of the artefact"`
	Data    string `json:"data" doc:"Id of the artefact with the labels that it learned from"`
	Job     string `json:"job" doc:"That trained it"`
	Receipt string `json:"receipt" doc:"tasknet/compute-receipt/v1: the word of the node that did"`
}

// Skill is how one person answers. Numbers are thousandths of answers.
type Skill struct {
	Respondent string `json:"respondent"`
	Wrong      int    `json:"wrong" doc:"Wrong answers to all other families"`
	Expected   int    `json:"expected" doc:"How many of those would be wrong if everybody erred alike"`
	Counts     []int  `json:"counts,omitempty" doc:"How often they gave each answer for each truth: number truth*choices+answer. Absent for somebody known from other families only"`
	Void       bool   `json:"void,omitempty" doc:"Whether their answers weigh nothing: gold proves them worthless, or they copy each other"`
}

// Step is what happened on gold while the log-odds of the leading choice against all others were in a range.
type Step struct {
	From   int `json:"from" doc:"Where the range begins, in thousandths of log2 units; it ends where the next begins"`
	Golds  int `json:"golds" doc:"How many got at least so far"`
	Missed int `json:"missed" doc:"Of these, how many with a wrong choice when they first did"`
	Times  int `json:"times" doc:"Answers after which the odds were in the range"`
	Wrong  int `json:"wrong" doc:"Of these, those with a wrong choice in the lead"`
}

// Epochs is a page of epochs, oldest first.
type Epochs struct {
	Page
	Epochs []Epoch `json:"epochs"`
}

// Epoch is one payout root.
type Epoch struct {
	Number     int64          `json:"number"`
	State      string         `json:"state" enum:"planned,built,posted,confirmed,active,settled,blocked,voided"`
	Root       string         `json:"root"`
	Amount     tasknet.Amount `json:"amount" doc:"Added by this epoch, to all"`
	Cumulative tasknet.Amount `json:"cumulative" doc:"The sum of all leaves"`
	Payees     int            `json:"payees"`
	Header     *Header        `json:"header,omitempty" doc:"What the vault is told; absent while the epoch is planned, and of epochs of a first vault"`
	Tx         string         `json:"tx,omitempty"`
	Block      int64          `json:"block,omitempty"`
	Gas        int64          `json:"gas" doc:"Spent on the root and on relayed claims"`
	At         Time           `json:"at"`
}

// Header is all that a vault is told of an epoch. Roots are in hex, sums in the token's base units.
type Header struct {
	Hash     string `json:"hash" doc:"keccak256 of the nine words epoch, payouts, spending, verdicts, total, spent, through, log_root and log_size: what the vault keeps"`
	Payouts  string `json:"payouts" doc:"The epoch's root, over (address, cumulative)"`
	Spending string `json:"spending" doc:"Root over (account, spent)"`
	Verdicts string `json:"verdicts" doc:"Root over verdicts that contracts wait for"`
	Total    string `json:"total"`
	Spent    string `json:"spent"`
	Through  int64  `json:"through" doc:"Newest block whose deposits the spending tree knows"`
	LogRoot  string `json:"log_root" doc:"Of the public log"`
	LogSize  int64  `json:"log_size"`
}

// EpochSpending is a page of what accounts in the vault had spent by an epoch, in the order of its spending tree.
type EpochSpending struct {
	Page
	Epoch    Epoch          `json:"epoch"`
	Accounts []VaultAccount `json:"accounts"`
}

// VaultAccount is what one owner had in the vault for one organisation by an epoch, as the ledger has it.
type VaultAccount struct {
	Account   string         `json:"account" doc:"keccak256(abi.encode(owner, reference)), the key of its leaf"`
	Owner     string         `json:"owner" doc:"Who may withdraw"`
	Reference string         `json:"reference" doc:"Names the organisation that spends: its id in ASCII, filled up with zeros"`
	Org       string         `json:"org,omitempty"`
	Deposited tasknet.Amount `json:"deposited"`
	Withdrawn tasknet.Amount `json:"withdrawn"`
	Spent     tasknet.Amount `json:"spent" doc:"In all; the leaf holds it in the token's base units"`
}

// EpochTree is all that people and requesters need of an epoch to take their own out of the vault without this server.
type EpochTree struct {
	ChainID  int64          `json:"chain_id"`
	Vault    string         `json:"vault"`
	Token    Token          `json:"token"`
	Epoch    Epoch          `json:"epoch"`
	Payouts  []PayoutLeaf   `json:"payouts" doc:"In the order of the tree"`
	Accounts []VaultAccount `json:"accounts" doc:"In the order of the tree"`
}

// PayoutLeaf is what an address may have claimed in all.
type PayoutLeaf struct {
	Address    string         `json:"address"`
	Cumulative tasknet.Amount `json:"cumulative" doc:"The leaf holds it in the token's base units"`
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
	Kind    string  `json:"kind" enum:"deposit,hold,settlement,work,release,forfeit,bonus,epoch,claim,notice,withdrawal,undo"`
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
	Withdrawn   tasknet.Amount `json:"withdrawn" doc:"By requesters"`
	Frozen      tasknet.Amount `json:"frozen" doc:"About to be withdrawn"`
	Debts       tasknet.Amount `json:"debts" doc:"Zero or negative: what was spent and is gone from the vault"`
	Requesters  tasknet.Amount `json:"requesters"`
	Held        tasknet.Amount `json:"held"`
	Pending     tasknet.Amount `json:"pending" doc:"Pay of newcomers that is not final"`
	Respondents tasknet.Amount `json:"respondents"`
	InEpoch     tasknet.Amount `json:"in_epoch"`
	Claimed     tasknet.Amount `json:"claimed"`
	Operator    tasknet.Amount `json:"operator"`
	Forfeits    tasknet.Amount `json:"forfeits" doc:"What worthless answers would have been paid: nobody's"`
	Questions   int            `json:"questions_closed"`
	Answers     int            `json:"answers_closed"`
	OpenUntil   *Time          `json:"open_until,omitempty" doc:"The latest deadline of the questions that are not closed; none when all are"`
}
