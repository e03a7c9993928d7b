package wire

import "github.com/tasknet/tasknet"

// Ask is the body of POST /v1/questions.
type Ask struct {
	Type     string          `json:"type,omitempty" enum:"choice" default:"choice" doc:"The question type"`
	Text     string          `json:"text,omitempty" maxLength:"1000" doc:"What is asked. May be empty when there is an image" example:"Is this spam?"`
	Choices  []string        `json:"choices" minItems:"2" maxItems:"20" doc:"Between 2 and 20 different choices" example:"[\"yes\",\"no\"]"`
	Image    string          `json:"image,omitempty" doc:"The hash that POST /v1/media returned"`
	ImageAlt string          `json:"image_alt,omitempty" maxLength:"300" doc:"What the image shows, for people who do not see it, without giving the answer away"`
	Quorum   Quorum          `json:"quorum,omitempty" doc:"How many answers are enough. Left out: fixed:3"`
	Price    *tasknet.Amount `json:"price,omitempty" doc:"What one answer pays. Left out: the instance's default price" example:"0.018"`
	Deadline int             `json:"deadline_seconds,omitempty" minimum:"10" maximum:"2592000" doc:"Seconds until the question closes with what it has. Left out: 86400"`
}

// Quorum says when a question has enough answers.
type Quorum struct {
	Policy string `json:"policy" doc:"fixed:n asks n people; confidence:p asks until the posterior of the leading choice reaches p, between min and max" example:"confidence:0.95"`
	Min    int    `json:"min,omitempty" doc:"For confidence: never stop under this many answers (default 2)"`
	Max    int    `json:"max,omitempty" doc:"For confidence: never ask more than this many people (default 10)"`
}

// Question is a question as its requester sees it.
type Question struct {
	ID        string         `json:"id"`
	Type      string         `json:"type"`
	Text      string         `json:"text,omitempty"`
	Choices   []string       `json:"choices"`
	Image     *Image         `json:"image,omitempty"`
	Quorum    Quorum         `json:"quorum"`
	Price     tasknet.Amount `json:"price" doc:"What one answer pays"`
	Fee       tasknet.Amount `json:"fee" doc:"The operator's fee on one answer, on top"`
	Hold      tasknet.Amount `json:"hold" doc:"What was set aside: max answers, with fee. What is not used comes back at the close"`
	Deadline  Time           `json:"deadline"`
	CreatedAt Time           `json:"created_at"`
	ClosedAt  *Time          `json:"closed_at,omitempty"`
	Status    string         `json:"status" enum:"open,closing,closed"`
	Answers   int            `json:"answers" doc:"Answers accepted so far"`
	Counts    []int          `json:"counts" doc:"Answers per choice, in the order of choices"`
	Wanted    int            `json:"wanted" doc:"How many more answers the policy now expects to need"`
	Hash      string         `json:"hash" doc:"What respondents sign: tasknet/question/v1 over the question"`
	Sample    bool           `json:"sample,omitempty"`
	Verdict   *Verdict       `json:"verdict,omitempty" doc:"Present once the question is closed"`
}

// Image is a picture that belongs to a question.
type Image struct {
	Hash   string `json:"hash" doc:"SHA-256 of the stored bytes"`
	URL    string `json:"url" doc:"Where it is served, relative to the server"`
	Type   string `json:"type" example:"image/png"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Bytes  int    `json:"bytes"`
	Alt    string `json:"alt,omitempty"`
}

// Verdict is what the answers amount to.
type Verdict struct {
	ID         string         `json:"id"`
	Outcome    string         `json:"outcome" enum:"decided,leaning,none" doc:"decided: the policy was met. leaning: it closed before. none: too few answers to say anything"`
	Choice     *int           `json:"choice" doc:"Index into choices; null when the outcome is none"`
	Label      string         `json:"label,omitempty" doc:"The chosen text"`
	Confidence string         `json:"confidence" doc:"The posterior of the choice, corrected as correction says, a decimal of six digits" example:"0.976190"`
	Posterior  []string       `json:"posterior" doc:"The posterior of every choice"`
	Claims     bool           `json:"claims" doc:"Whether gold shows that verdicts like this one have the confidence that the policy asks for. With under 59 golds nothing is claimed"`
	Correction string         `json:"correction" enum:"isotonic/1,discount/1" doc:"isotonic/1: confidence is what happened on gold. discount/1: too little gold is known, so three quarters of the model's log-odds are believed"`
	Golds      int            `json:"golds" doc:"Questions with a known truth that the correction knows"`
	Pooled     bool           `json:"pooled" doc:"Whether they are of all families of questions with as many choices, because this question's has too few"`
	Counts     []int          `json:"counts" doc:"Answers per choice"`
	CannotTell int            `json:"cannot_tell" doc:"Answers that say that one cannot tell"`
	Answers    int            `json:"answers" doc:"Of both kinds"`
	Method     string         `json:"method" enum:"majority/1,dawid-skene/1"`
	Snapshot   string         `json:"snapshot" doc:"Hash of the skill snapshot that weighted the answers"`
	Reason     string         `json:"reason" enum:"quorum,unsettled,deadline,cancelled" doc:"Why it closed. unsettled: no number of further answers would have been worth its price"`
	Paid       tasknet.Amount `json:"paid" doc:"To respondents"`
	Fee        tasknet.Amount `json:"fee" doc:"To the operator"`
	Released   tasknet.Amount `json:"released" doc:"Back to the requester"`
	At         Time           `json:"at"`
}

// Questions is a page of questions, newest first.
type Questions struct {
	Page
	Questions []Question `json:"questions"`
}

// Progress is the data of the event question.progress: something was answered.
type Progress struct {
	Question string `json:"question"`
	Status   string `json:"status" enum:"open,closing,closed"`
	Answers  int    `json:"answers"`
	Counts   []int  `json:"counts"`
	Wanted   int    `json:"wanted"`
}

// Balance is a requester's money.
type Balance struct {
	Available tasknet.Amount `json:"available" doc:"Can be spent on questions"`
	Held      tasknet.Amount `json:"held" doc:"Set aside for open questions"`
	Spent     tasknet.Amount `json:"spent" doc:"Paid to respondents and the operator so far"`
	Deposited tasknet.Amount `json:"deposited"`
	Symbol    string         `json:"symbol"`
}

// Deposits is how to deposit, and a page of what was deposited, newest first.
type Deposits struct {
	Page
	Vault         string    `json:"vault" doc:"Call deposit(reference, amount) on it, after approving the token"`
	Token         string    `json:"token"`
	Reference     string    `json:"reference" doc:"bytes32 that names your account in the vault"`
	Confirmations int       `json:"confirmations" doc:"Blocks before a deposit is credited"`
	Deposits      []Deposit `json:"deposits"`
}

// Deposit is money that arrived on chain.
type Deposit struct {
	Tx       string         `json:"tx"`
	Block    int64          `json:"block"`
	Amount   tasknet.Amount `json:"amount"`
	Credited Time           `json:"credited_at"`
}

// Faucet is the body of POST /v1/deposits/faucet, which exists on the dev chain only.
type Faucet struct {
	Amount tasknet.Amount `json:"amount" doc:"At most 1000 test tokens" example:"100"`
}

// NewKey is the body of POST /v1/keys.
type NewKey struct {
	Name string `json:"name" minLength:"1" maxLength:"80"`
}

// Key is an API key. Secret is present once, in the reply that makes it.
type Key struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Secret    string `json:"secret,omitempty" doc:"Send it as Authorization: Bearer. It is shown once and stored hashed"`
	CreatedAt Time   `json:"created_at"`
	UsedAt    *Time  `json:"used_at,omitempty"`
	RevokedAt *Time  `json:"revoked_at,omitempty"`
}

// Keys is a page of API keys, newest first.
type Keys struct {
	Page
	Keys []Key `json:"keys"`
}

// FetchMedia is the body of POST /v1/media/fetch.
type FetchMedia struct {
	URL string `json:"url" format:"uri" maxLength:"2000" doc:"An http or https address of an image, reachable from the public internet"`
}
