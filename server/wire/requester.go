package wire

import "github.com/tasknet/tasknet"

// Ask is the body of POST /v1/questions.
type Ask struct {
	Type         string          `json:"type,omitempty" enum:"choice,yes_no,scale,pair,multiple,ranking,number,text,boxes,polygons,mask,spans" default:"choice" doc:"What an answer is. Exactly one choice: choice, yes_no, scale (choices in ascending order), pair (the better of two). Something else: multiple, ranking, number, text; boxes, polygons and mask mark regions of the image, spans pieces of the passage, each with one of the choices as its class"`
	Text         string          `json:"text,omitempty" maxLength:"1000" doc:"What is asked. May be empty when there is something else to see or hear" example:"Is this spam?"`
	Passage      string          `json:"passage,omitempty" maxLength:"10000" doc:"A longer text that the question is about"`
	Choices      []string        `json:"choices,omitempty" maxItems:"20" doc:"2 to 20 different choices; none for yes_no, number and text; 1 to 20 classes for regions and spans" example:"[\"yes\",\"no\"]"`
	Number       *NumberRange    `json:"number,omitempty" doc:"For number: which numbers are answers"`
	Least        int             `json:"least,omitempty" minimum:"0" maximum:"20" doc:"For multiple: the fewest choices to select (default 0)"`
	Most         int             `json:"most,omitempty" minimum:"0" maximum:"20" doc:"For multiple: the most choices to select (default all)"`
	Length       int             `json:"length,omitempty" minimum:"0" maximum:"1000" doc:"For text: the most characters (default 200)"`
	Image        string          `json:"image,omitempty" doc:"The hash that POST /v1/media returned"`
	Audio        string          `json:"audio,omitempty" doc:"The hash of an audio clip that POST /v1/media returned"`
	ChoiceImages []AskedImage    `json:"choice_images,omitempty" maxItems:"20" doc:"One image for each choice, or none"`
	ImageAlt     string          `json:"image_alt,omitempty" maxLength:"300" doc:"What the image shows, for people who do not see it, without giving the answer away"`
	Quorum       Quorum          `json:"quorum,omitempty" doc:"How many answers are enough. Left out: fixed:3"`
	Price        *tasknet.Amount `json:"price,omitempty" doc:"What one answer pays. Left out: the instance's default price" example:"0.018"`
	Gold         *Given          `json:"gold,omitempty" doc:"The answer, if you know it: the question is asked as any other, and shows how good those are who answer it. Everybody can read it when the question has closed. A value that would be given without looking, as that nothing is marked, is refused" example:"{\"choice\":1}"`
	Deadline     int             `json:"deadline_seconds,omitempty" minimum:"10" maximum:"2592000" doc:"Seconds until the question closes with what it has. Left out: 86400"`
	Content
	Fairness
}

// Content says what a question shows and is about, beyond what it says itself.
type Content struct {
	Warnings []string `json:"warnings,omitempty" maxItems:"16" doc:"What it shows that not everybody wants to see: violence, blood, adult, hate, self_harm, drugs. Who avoids it does not get it, and everybody else is told" example:"blood"`
	Topics   []string `json:"topics,omitempty" maxItems:"32" doc:"What it is about, for who likes or avoids it: animals, arts, food, health, home, language, nature, news, people, places, politics, religion, science, shopping, sport, technology" example:"animals"`
}

// AskedImage is an image of a choice.
type AskedImage struct {
	Image string `json:"image" doc:"The hash that POST /v1/media returned"`
	Alt   string `json:"alt,omitempty" maxLength:"300"`
}

// Extras is what only some questions have.
type Extras struct {
	Project      string       `json:"project,omitempty"`
	Passage      string       `json:"passage,omitempty"`
	Audio        *Audio       `json:"audio,omitempty"`
	ChoiceImages []Image      `json:"choice_images,omitempty" doc:"One for each choice"`
	Number       *NumberRange `json:"number,omitempty"`
	Least        int          `json:"least,omitempty" doc:"Of multiple: the fewest choices to select"`
	Most         int          `json:"most,omitempty" doc:"Of multiple: the most choices to select"`
	Length       int          `json:"length,omitempty" doc:"Of text: the most characters"`
}

// NumberRange says which numbers answer a question.
type NumberRange struct {
	Min      string `json:"min" doc:"A decimal" example:"0"`
	Max      string `json:"max" doc:"A decimal" example:"100"`
	Decimals int    `json:"decimals" minimum:"0" maximum:"6" doc:"How many digits after the point"`
	Unit     string `json:"unit,omitempty" maxLength:"20" example:"kg"`
}

// Audio is a clip that belongs to a question.
type Audio struct {
	Hash  string `json:"hash" doc:"SHA-256 of the stored bytes"`
	URL   string `json:"url" doc:"Where it is served, relative to the server"`
	Type  string `json:"type" example:"audio/mpeg"`
	Bytes int    `json:"bytes"`
}

// Quorum says when a question has enough answers.
type Quorum struct {
	Policy string `json:"policy" doc:"fixed:n asks n people, at most 1000, or 100 where an answer is no single choice; confidence:p asks until the posterior of the leading choice reaches p, between min and max. While fewer than 59 golds show that this holds, it falls back to a fixed number of answers: half of max and no fewer than 3, or n of confidence:p,fixed:n; with confidence:p,model to the posterior all the same" example:"confidence:0.95"`
	Min    int    `json:"min,omitempty" doc:"For confidence: never stop under this many answers (default 2)"`
	Max    int    `json:"max,omitempty" doc:"For confidence: never ask more than this many people (default 10)"`
}

// Question is a question as its requester sees it.
type Question struct {
	ID      string   `json:"id"`
	Type    string   `json:"type"`
	Text    string   `json:"text,omitempty"`
	Choices []string `json:"choices"`
	Image   *Image   `json:"image,omitempty"`
	Extras
	Quorum    Quorum         `json:"quorum"`
	Price     tasknet.Amount `json:"price" doc:"What one answer pays"`
	Fee       tasknet.Amount `json:"fee" doc:"The operator's fee on one answer, on top"`
	Hold      tasknet.Amount `json:"hold" doc:"What was set aside: max answers, with fee. What is not used comes back at the close"`
	Deadline  Time           `json:"deadline"`
	CreatedAt Time           `json:"created_at"`
	ClosedAt  *Time          `json:"closed_at,omitempty"`
	Status    string         `json:"status" enum:"open,paused,closing,closed"`
	Answers   int            `json:"answers" doc:"Answers so far that count"`
	Struck    int            `json:"struck,omitempty" doc:"Answers that do not count, since what their respondents answer was found to be worth nothing. They are not paid"`
	Counts    []int          `json:"counts" doc:"Answers per choice, in the order of choices; empty when answers are values"`
	Content
	Wanted  int      `json:"wanted" doc:"How many more answers the policy now expects to need"`
	Hash    string   `json:"hash" doc:"What respondents sign: tasknet/question/v1 over the question"`
	Sample  bool     `json:"sample,omitempty"`
	Verdict *Verdict `json:"verdict,omitempty" doc:"Present once the question is closed"`
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
	Choice     *int           `json:"choice" doc:"Index into choices; null when the outcome is none, or when answers are values"`
	Value      Value          `json:"value,omitempty" doc:"What the answers amount to when they are values, in the form of an answer's value"`
	Agreement  string         `json:"agreement,omitempty" doc:"How much answers that are values are alike, from 0 to 1. It is no probability of being right" example:"0.910000"`
	Label      string         `json:"label,omitempty" doc:"The chosen text"`
	Confidence string         `json:"confidence" doc:"Of a choice; 0 when there is none. The posterior of the choice, corrected as correction says, a decimal of six digits" example:"0.976190"`
	Posterior  []string       `json:"posterior" doc:"The posterior of every choice; for multiple, how many selected each"`
	Claims     bool           `json:"claims" doc:"Whether gold shows that verdicts like this one have the confidence that the policy asks for. With under 59 golds nothing is claimed"`
	Correction string         `json:"correction,omitempty" enum:"isotonic/1,discount/1" doc:"isotonic/1: confidence is what happened on gold. discount/1: too few golds are known, so three quarters of the model's log-odds are believed. Absent when answers are values"`
	Golds      int            `json:"golds" doc:"Questions with a known truth that the correction knows"`
	Pooled     bool           `json:"pooled" doc:"Whether they are of all families of questions with as many choices, because this question's has too few"`
	Counts     []int          `json:"counts" doc:"Answers per choice; empty when answers are values"`
	CannotTell int            `json:"cannot_tell" doc:"Answers of people who cannot tell"`
	Answers    int            `json:"answers" doc:"Of all kinds that count"`
	Method     string         `json:"method" enum:"majority/1,dawid-skene/1,option-majority/1,borda/1,median/1,medoid/1,box-median/1,polygon-medoid/1,pixel-majority/1,span-majority/1"`
	Snapshot   string         `json:"snapshot" doc:"Hash of the skill snapshot that weighted the answers; empty when answers are values"`
	Model      *ModelWord     `json:"model,omitempty" doc:"Present when a model helped: its word counts in the posterior as one respondent's, who is no person: it is in no count, and is not paid"`
	Reason     string         `json:"reason" enum:"quorum,unsettled,deadline,cancelled" doc:"Why it closed. unsettled: no number of further answers would have been worth its price"`
	Paid       tasknet.Amount `json:"paid" doc:"To respondents"`
	Fee        tasknet.Amount `json:"fee" doc:"To the operator"`
	Forfeited  tasknet.Amount `json:"forfeited" doc:"To nobody: for answers that were struck and for which no others came before it closed"`
	Released   tasknet.Amount `json:"released" doc:"Back to the requester"`
	At         Time           `json:"at"`
}

// ModelWord is what a model said of a question, and what its word was worth.
type ModelWord struct {
	Witness string   `json:"witness" doc:"Hash of what its word was worth, see GET /v1/records/witnesses/{hash}"`
	Opinion []string `json:"opinion" doc:"How probable it said that each choice is, decimals of six digits with the sum 1"`
}

// NewModelWord writes what a model said in parts per million; nil when none did.
func NewModelWord(witness string, opinion []int) *ModelWord {
	if witness == "" {
		return nil
	}
	m := &ModelWord{Witness: witness, Opinion: make([]string, len(opinion))}
	for i, p := range opinion {
		m.Opinion[i] = Probability(p)
	}
	return m
}

// Read returns what was said in parts per million.
func (m *ModelWord) Read() (opinion []int, err error) {
	opinion = make([]int, len(m.Opinion))
	for i, text := range m.Opinion {
		if opinion[i], err = ParseProbability(text); err != nil {
			return nil, err
		}
	}
	return opinion, nil
}

// Questions is a page of questions, newest first.
type Questions struct {
	Page
	Questions []Question `json:"questions"`
}

// Progress is the data of the event question.progress: something was answered.
type Progress struct {
	Question string `json:"question"`
	Status   string `json:"status" enum:"open,paused,closing,closed"`
	Answers  int    `json:"answers" doc:"Those that count"`
	Struck   int    `json:"struck,omitempty" doc:"Those that do not. When it grows there may be fewer that count than before, and a question that was closing be open again"`
	Counts   []int  `json:"counts"`
	Wanted   int    `json:"wanted"`
}

// Balance is a requester's money.
type Balance struct {
	Available tasknet.Amount `json:"available" doc:"Can be spent on questions"`
	Held      tasknet.Amount `json:"held" doc:"Set aside for open questions"`
	Frozen    tasknet.Amount `json:"frozen" doc:"Cannot be spent: the owner of a deposit has given notice of a withdrawal"`
	Withdrawn tasknet.Amount `json:"withdrawn" doc:"Taken back out of the vault"`
	Debt      tasknet.Amount `json:"debt" doc:"Spent, and gone from the vault; the next deposits, and what comes back from questions, pay it"`
	Spent     tasknet.Amount `json:"spent" doc:"Paid to respondents and the operator so far, or forfeited"`
	Deposited tasknet.Amount `json:"deposited"`
	Symbol    string         `json:"symbol"`
}

// Deposits is how to deposit, and a page of what was deposited, newest first.
type Deposits struct {
	Page
	Vault         string    `json:"vault" doc:"Call deposit(owner, reference, amount) on it, after approving the token"`
	Token         string    `json:"token"`
	Reference     string    `json:"reference" doc:"bytes32 that names your account in the vault"`
	Confirmations int       `json:"confirmations" doc:"Blocks before a deposit is credited"`
	Deposits      []Deposit `json:"deposits"`
}

// Deposit is money that arrived on chain.
type Deposit struct {
	Tx       string         `json:"tx"`
	Block    int64          `json:"block"`
	Owner    string         `json:"owner" doc:"Who may withdraw what is not spent of it"`
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
	URL string `json:"url" format:"uri" maxLength:"2000" doc:"An http or https address of an image or an audio clip, reachable from the public internet"`
}
