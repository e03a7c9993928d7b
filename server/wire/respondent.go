package wire

import "github.com/tasknet/tasknet"

// Register is the body of POST /v1/respondents: a wallet says that a device speaks for it.
type Register struct {
	Wallet    string `json:"wallet" doc:"The wallet's address, 0x and 40 hex digits"`
	Device    string `json:"device" doc:"The device's Ed25519 public key, 64 hex digits"`
	Issued    int64  `json:"issued" doc:"Unix seconds"`
	Expires   int64  `json:"expires" doc:"Unix seconds; at most two years after issued"`
	Signature string `json:"signature" doc:"The wallet's EIP-712 signature of the delegation, 65 bytes in hex"`
	Proof     string `json:"proof" doc:"The device's Ed25519 signature of tasknet/register/v1 over {instance, wallet, device, issued, expires}"`
}

// Session is a bearer token of a respondent's device.
type Session struct {
	Respondent string `json:"respondent"`
	Token      string `json:"token" doc:"Send it as Authorization: Bearer"`
	Expires    Time   `json:"expires_at"`
}

// ChallengeRequest is the body of POST /v1/sessions/challenge.
type ChallengeRequest struct {
	Device string `json:"device"`
}

// Challenge is what a device signs for a new token.
type Challenge struct {
	Challenge string `json:"challenge"`
	Expires   Time   `json:"expires_at"`
}

// Login is the body of POST /v1/sessions.
type Login struct {
	Device    string `json:"device"`
	Challenge string `json:"challenge"`
	Signature string `json:"signature" doc:"Ed25519 signature of tasknet/session/v1 over {instance, device, challenge}"`
}

// Me is the respondent's own summary: the three numbers of the bottom bar, and who they are.
type Me struct {
	Respondent string         `json:"respondent"`
	Wallet     string         `json:"wallet"`
	Available  int            `json:"available" doc:"Questions that could be answered now, at most 99"`
	Answered   int            `json:"answered"`
	Earned     tasknet.Amount `json:"earned" doc:"All final pay so far, claimed or not"`
	Held       tasknet.Amount `json:"held" doc:"Pay of answers whose question is still open, and pending pay"`
	Capped     bool           `json:"capped,omitempty" doc:"So much pay is pending that, until some answers to questions with a known answer show how good they are, there are no more questions from where these are"`
	Until      *Time          `json:"pending_until,omitempty" doc:"When all pay that is pending now is final at the latest, unless those answers are proven to be worth nothing"`
	Symbol     string         `json:"symbol"`
	Devices    []Device       `json:"devices" doc:"The 20 newest, oldest of them first"`
	Moves      *AddressChange `json:"moves,omitempty" doc:"A change of the address that pay goes to, which waits and can be cancelled"`
	Refused    int            `json:"refused" doc:"Kinds of questions that are not given to this person any more, because their answers to questions with a known answer are no better than guesses, or are copies of others'. My answers show which those were"`
}

// Device is a device key that a wallet delegated.
type Device struct {
	Key     string `json:"key"`
	Issued  Time   `json:"issued_at"`
	Expires Time   `json:"expires_at"`
	Revoked *Time  `json:"revoked_at,omitempty"`
}

// TakeAssignments is the body of POST /v1/assignments.
type TakeAssignments struct {
	Count    int    `json:"count,omitempty" minimum:"1" maximum:"10" default:"1" doc:"How many to hold at once; leases already held count and are returned first"`
	Question string `json:"question,omitempty" doc:"A question to answer, under the same rules; left out, the server chooses"`

	// Reads keeps what is in other languages away where the server chooses.
	Reads []string `json:"reads,omitempty" maxItems:"20" doc:"Languages that the respondent reads, as BCP 47 tags: the server chooses no project that is in others. Left out: any" example:"[\"en\",\"pt-BR\"]"`

	Avoids []string `json:"avoids,omitempty" maxItems:"60" doc:"Warnings, topics and types of questions: the server chooses none that has one of them" example:"[\"adult\",\"politics\",\"text\"]"`
	Likes  []string `json:"likes,omitempty" maxItems:"32" doc:"Topics: where the server chooses, questions about these come first" example:"[\"animals\"]"`
}

// Assignments are leases on questions. Empty when there is nothing to answer now.
type Assignments struct {
	Assignments []Assignment `json:"assignments"`
}

// Assignment is a lease: the question is yours to answer until it expires. An answer that comes later still counts
// while the question is open.
type Assignment struct {
	ID       string        `json:"id"`
	Expires  Time          `json:"expires_at"`
	Question AskedQuestion `json:"question"`
}

// AskedQuestion is a question as a respondent sees it: all that its hash covers, so that the device can check what it signs.
type AskedQuestion struct {
	ID      string   `json:"id"`
	Hash    string   `json:"hash"`
	Salt    string   `json:"salt"`
	Type    string   `json:"type"`
	Text    string   `json:"text"`
	Choices []string `json:"choices"`
	Image   *Image   `json:"image,omitempty"`
	Extras
	Quorum   Quorum         `json:"quorum"`
	Price    tasknet.Amount `json:"price"`
	Fee      tasknet.Amount `json:"fee" doc:"The operator's fee on one answer; the hash covers it"`
	Deadline Time           `json:"deadline"`
	Snapshot string         `json:"snapshot" doc:"Hash of the newest skill snapshot when it was asked; the verdict names the one that weighs the answers, which may be newer"`
	AskedBy  string         `json:"asked_by"`
	Answers  int            `json:"answers,omitempty" doc:"How many answered, once the question is closed"`
	Sample   bool           `json:"sample,omitempty"`
	Warnings []string       `json:"warnings,omitempty" doc:"What it shows that not everybody wants to see, as who asks has marked it. The hash does not cover it"`
}

// Skip is the body of POST /v1/assignments/{id}/skip.
type Skip struct {
	Reason string `json:"reason,omitempty" enum:"none,unclear,broken,not_for_me,wrong_choices,offensive,other" doc:"Why; it never counts against the person"`
}

// Answer is the body of POST /v1/answers. The signature alone says who answers; no token is needed.
type Answer struct {
	Assignment string `json:"assignment"`
	Question   string `json:"question"`
	Device     string `json:"device" doc:"The device's public key"`
	Given
	Nonce     string `json:"nonce" doc:"16 random bytes in hex"`
	Time      int64  `json:"time_ms" doc:"The device's clock, Unix milliseconds; advisory"`
	Signature string `json:"signature" doc:"Ed25519 signature of tasknet/answer/v1 over {instance, question: the question's hash, assignment, choice or value, nonce, time_ms}"`
}

// Accepted is the reply to an answer. The answer is durable when this is sent; sending it again gives the same reply.
type Accepted struct {
	Answer  string         `json:"answer" doc:"The answer's id"`
	Pays    tasknet.Amount `json:"pays" doc:"Held until the question closes"`
	At      Time           `json:"at"`
	Receipt Receipt        `json:"receipt"`
}

// Receipt is the server's signed promise that an answer is recorded: an RFC 6962 path from the answer's record hash
// to the root of the batch it was committed with, and where the public log will have it.
type Receipt struct {
	ID        string   `json:"id"`
	Record    string   `json:"record" doc:"The answer's record hash: tasknet/answer-record/v1"`
	Root      string   `json:"root"`
	Index     int      `json:"index"`
	Size      int      `json:"size"`
	Path      []string `json:"path"`
	Log       string   `json:"log" doc:"The public log's name"`
	First     int64    `json:"first" doc:"Index in the log of the batch's first answer; this one's is index further"`
	At        int64    `json:"at_ms"`
	By        int64    `json:"by_ms" doc:"When the log has it at the latest"`
	Signature string   `json:"signature" doc:"By the receipt key, of tasknet/receipt/v2 over {instance, id, root, size, log, first, at_ms, by_ms}"`
}

// MyAnswers is a page of one's own answers, newest first.
type MyAnswers struct {
	Page
	Answers []MyAnswer `json:"answers"`
}

// MyAnswer is an answer as the person who gave it sees it. Verdict fields are present once the question is closed.
type MyAnswer struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Text     string   `json:"text"`
	Image    *Image   `json:"image,omitempty"`
	Type     string   `json:"type"`
	Choices  []string `json:"choices,omitempty"`
	Given
	Erased       bool           `json:"erased,omitempty" doc:"What was typed is erased: there is neither a choice nor a value"`
	Label        string         `json:"label,omitempty" doc:"The text of the choice"`
	At           Time           `json:"at"`
	Pays         tasknet.Amount `json:"pays" doc:"Nothing when it was struck"`
	Struck       bool           `json:"struck,omitempty" doc:"It does not count and is not paid: answers of this person to questions of this kind with a known answer are no better than guesses, or are copies of others'"`
	State        string         `json:"state" enum:"held,pending,final" doc:"held until the question closes; pending while the pay of a newcomer waits; final when it does not any more, whether it became theirs or was forfeited"`
	Pay          AnswerPay      `json:"pay" doc:"What became of its pay"`
	Outcome      string         `json:"outcome,omitempty"`
	Verdict      string         `json:"verdict,omitempty" doc:"The label that was decided"`
	VerdictValue Value          `json:"verdict_value,omitempty" doc:"The value that was decided"`
	Confidence   string         `json:"confidence,omitempty"`
	Counts       []int          `json:"counts,omitempty"`
	Known        *Gold          `json:"known,omitempty" doc:"The answer that was known before, if the question was one that shows how good answers are. Told when it has closed"`
}

// AnswerPay is what became of the pay of one answer.
type AnswerPay struct {
	State    string         `json:"state" enum:"held,waiting,paid,forfeited,none" doc:"held until the question closes; waiting while it is the pay of a newcomer; paid: theirs; forfeited: waited, and is nobody's; none: the answer was struck before its question closed"`
	Amount   tasknet.Amount `json:"amount" doc:"That is held, waits, was paid or was forfeited"`
	Why      string         `json:"why,omitempty" enum:"newcomer,worthless,struck" doc:"Why it is not paid: newcomer while too few answers to questions with a known answer are there to tell; worthless or struck when these proved that answers to questions of this kind are no better than guesses, or copies of others', after the question had closed or before"`
	Until    *Time          `json:"until,omitempty" doc:"Of what waits: when it is paid at the latest, if it is not forfeited"`
	Snapshot string         `json:"snapshot,omitempty" doc:"Of what is not paid: the hash of the public record that proves it, GET /v1/records/snapshots/{hash}"`
}

// Earnings is a respondent's money by where it is, with a row a day.
type Earnings struct {
	Held      tasknet.Amount `json:"held" doc:"Answers whose question is open, and pending pay"`
	Pending   tasknet.Amount `json:"pending" doc:"Of that, the pay of a newcomer for closed questions: it is final as soon as a few answers to questions with a known answer show that they are not guessed"`
	Until     *Time          `json:"pending_until,omitempty" doc:"When all that is pending now is final at the latest, unless those answers are proven to be worth nothing"`
	Yours     tasknet.Amount `json:"yours" doc:"Final, waits for the next epoch"`
	InEpoch   tasknet.Amount `json:"in_epoch" doc:"Under a payout root, not yet claimed"`
	OnChain   tasknet.Amount `json:"on_chain" doc:"Claimed to the wallet"`
	Forfeited tasknet.Amount `json:"forfeited" doc:"Was pending, and will not be paid: answers to questions with a known answer proved that what it was for is worth nothing"`
	Least     tasknet.Amount `json:"least" doc:"What is theirs waits until it is so much, and enters an epoch then; nothing: as small as the server pays"`
	Symbol    string         `json:"symbol"`
	Wallet    string         `json:"wallet"`
	Address   string         `json:"address" doc:"Where pay goes now: the wallet, unless it was changed"`
	Moves     *AddressChange `json:"moves,omitempty" doc:"A change of it that waits, and can be cancelled"`
	Days      []EarningsDay  `json:"days" doc:"The last 14 days, oldest first, UTC"`
}

// EarningsDay is what became final on one day, and how many paid answers closed.
type EarningsDay struct {
	Date    string         `json:"date" example:"2026-11-21"`
	Amount  tasknet.Amount `json:"amount" doc:"What became final: by answers whose question closed, and of what was pending"`
	Answers int            `json:"answers" doc:"Answers that are paid and whose question closed on that day, though their pay may be pending"`
}

// Payouts is a page of a respondent's payouts, newest epoch first.
type Payouts struct {
	Page
	Payouts []Payout `json:"payouts"`
}

// Payout is what one epoch gives one person. With the proof, anybody can claim it for them.
type Payout struct {
	Epoch      int64          `json:"epoch"`
	State      string         `json:"state" enum:"planned,built,posted,confirmed,active,settled,blocked,voided"`
	Respondent string         `json:"respondent,omitempty"`
	Address    string         `json:"address"`
	Amount     tasknet.Amount `json:"amount" doc:"Added by this epoch"`
	Cumulative tasknet.Amount `json:"cumulative" doc:"All this address may claim up to this epoch; the leaf holds it in the token's base units"`
	Claimed    bool           `json:"claimed"`
	Tx         string         `json:"tx,omitempty" doc:"The claim's transaction"`
	Root       string         `json:"root"`
	Proof      []string       `json:"proof" doc:"OpenZeppelin standard Merkle proof"`
	At         Time           `json:"at"`
}
