package wire

import "time"

// Problem is an RFC 9457 problem document: every error of the API has this form.
type Problem struct {
	Type   string `json:"type" doc:"Where the server says more of the code, relative to its address: /docs/problems#CODE"`
	Title  string `json:"title" doc:"The HTTP status in words"`
	Status int    `json:"status" doc:"The HTTP status"`
	Code   string `json:"code" doc:"A stable machine code" example:"question_closed"`
	Detail string `json:"detail" doc:"One sentence that says what to do"`

	Refusal *Refusal `json:"refusal,omitempty" doc:"The server's signed statement that it does not accept an answer"`
}

// Refusal is a signed statement that an answer is not accepted; the code of its problem says why.
type Refusal struct {
	Answer    string `json:"answer" doc:"tasknet/answer/v1, which the device signed"`
	Device    string `json:"device"`
	At        int64  `json:"at_ms"`
	Signature string `json:"signature" doc:"By the receipt key, of tasknet/refusal/v1 over {instance, answer, device, code, at_ms}"`
}

// Page is the cursor part of a list reply. Next is empty on the last page.
type Page struct {
	Next string `json:"next,omitempty" doc:"Pass it as ?cursor= for the next page; absent on the last"`
}

// TimeLayout is how times are written: UTC, milliseconds.
const TimeLayout = "2006-01-02T15:04:05.000Z"

// Time is a moment in UTC to the millisecond.
type Time struct{ time.Time }

// At returns t as it will be written.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// MarshalJSON writes TimeLayout.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(t.UTC().Format(`"` + TimeLayout + `"`)), nil
}

// Instance describes a server: what a client must know before it signs or spends anything.
type Instance struct {
	Instance      string   `json:"instance" doc:"This instance's id: 32 bytes in hex. Every signature names it"`
	Version       string   `json:"version"`
	Token         Token    `json:"token"`
	FeeBasisPts   int      `json:"fee_basis_points" doc:"The operator's fee on top of each answer's price, in ten-thousandths" example:"1500"`
	DefaultPrice  string   `json:"default_price" example:"0.018"`
	RelayBasisPts int      `json:"relay_basis_points" doc:"The most of a payout that its gas may cost for the operator to pay it, in ten-thousandths; what is less waits, or is claimed by the person. 0: the operator pays whatever it costs"`
	ChainID       int64    `json:"chain_id"`
	Node          string   `json:"node,omitempty" doc:"JSON-RPC address of a node of the chain that pages may ask, so that they need not believe this server"`
	DevChain      bool     `json:"dev_chain" doc:"True when tokens are test tokens on a chain inside this server"`
	Vault         string   `json:"vault" doc:"The address of the contract that holds deposits and pays claims"`
	Oracle        string   `json:"oracle,omitempty" doc:"The address of the contract by which other contracts ask; absent where they cannot"`
	Stake         *Stakes  `json:"stake,omitempty" doc:"The contract in which owners of nodes stake; absent where they stake nothing"`
	ReceiptKey    string   `json:"receipt_key" doc:"The Ed25519 key that signs receipts at this time, in hex"`
	Log           Log      `json:"log" doc:"The public log, at /log"`
	Limits        Limits   `json:"limits"`
	Time          Time     `json:"time" doc:"The server's clock"`
	Policies      []string `json:"policies" doc:"Quorum policies that a question may use" example:"fixed:n"`

	KeyChanges []KeyChange `json:"key_changes,omitempty" doc:"How the keys that sign receipts and checkpoints came to be the ones they are: in order, all that followed the first of each use. Absent while both are the first"`
	LogStart   *LogStart   `json:"log_start,omitempty" doc:"When the public log began to take what this server had recorded before it had a log. Absent where there was nothing before"`
}

// LogStart is a server's statement that all it had recorded before a time is in its public log a day later, signed by a key of the log:
// the hash tasknet/log-start/v1. The log has a leaf of it, once: "tn-from", a byte 1 and the first 24 bytes.
type LogStart struct {
	At        Time   `json:"at" doc:"When the log began to take it"`
	By        Time   `json:"by" doc:"When the log has all of it"`
	Signature string `json:"signature" doc:"In hex"`
}

// KeyChange is a server's statement that another of its keys takes the place of one, signed by both: the hash
// tasknet/key-change/v1 of all but the signatures. The public log has a leaf of it: "tn-keys", a byte 1 and the first 24 bytes.
type KeyChange struct {
	Use       string `json:"use" enum:"receipts,log" doc:"What the keys sign; those of receipts sign refusals, too"`
	Number    int    `json:"number" doc:"Of the new key; the first key is number 1"`
	Old       string `json:"old" doc:"An Ed25519 key, in hex"`
	New       string `json:"new" doc:"An Ed25519 key, in hex"`
	From      Time   `json:"from" doc:"When the new key takes the place of the old one"`
	Until     Time   `json:"until" doc:"What the old key signs before this time counts; a log's keys sign together until then"`
	Signature string `json:"signature" doc:"By the old key, in hex"`
	Proof     string `json:"proof" doc:"A signature by the new key, in hex"`
}

// Stakes are the terms of a contract of stakes. None of them can be changed.
type Stakes struct {
	Contract string `json:"contract"`
	Court    string `json:"court" doc:"Who decides whether a stake is slashed"`
	Operator string `json:"operator" doc:"Who never gets anything of one, besides the court"`
	Delay    int64  `json:"delay_seconds" doc:"From asking a stake back to taking it back"`
	CaseTime int64  `json:"case_seconds" doc:"For which a case freezes a stake at the most"`
	CapPPM   int    `json:"cap_ppm" doc:"The most that one case takes, in millionths of the stake"`
}

// Token is the reward token.
type Token struct {
	Address  string `json:"address"`
	Symbol   string `json:"symbol" example:"tUSD"`
	Decimals int    `json:"decimals"`
	Rate     *Rate  `json:"rate,omitempty" doc:"What it is worth; absent where nobody knows"`
}

// Rate is what one token is worth, for people to read. Nothing is priced or paid by it.
type Rate struct {
	Currency string `json:"currency" doc:"Of ISO 4217" example:"EUR"`
	PerToken string `json:"per_token" doc:"A decimal" example:"0.93"`
	At       *Time  `json:"at,omitempty" doc:"When it was read; absent where the operator has set it"`
	Stale    bool   `json:"stale,omitempty" doc:"It is older than an hour"`
}

// Log says which public log is the server's.
type Log struct {
	Name string `json:"name" doc:"The origin of its checkpoints, and the name of the key that signs them"`
	Key  string `json:"key" doc:"The Ed25519 key that signs checkpoints at this time, in hex; others may sign them beside it, see key_changes"`
}

// Limits are the bounds that requests are checked against.
type Limits struct {
	TextLength   int `json:"text_length"`
	ChoiceLength int `json:"choice_length"`
	Choices      int `json:"choices"`
	Answers      int `json:"answers" doc:"The most answers that one question may ask for"`
	Values       int `json:"values" doc:"The most answers that a question of type multiple, ranking, number, text, boxes, polygons, mask or spans may ask for"`
	BodyBytes    int `json:"body_bytes"`
	MediaBytes   int `json:"media_bytes"`

	ArtefactBytes int64 `json:"artefact_bytes" doc:"Of one artefact"`
	DeadlineMin   int   `json:"deadline_seconds_min"`
	DeadlineMax   int   `json:"deadline_seconds_max"`
}
