package wire

// OracleRequest is what a contract asked by an oracle, with what came of it.
type OracleRequest struct {
	ID        string         `json:"id" doc:"The oracle's number of it: 32 bytes in hex, which is also the reference of its payment in the vault"`
	Oracle    string         `json:"oracle"`
	Asker     string         `json:"asker" doc:"The contract that asked"`
	Org       string         `json:"org" doc:"Whose money its payment is in the ledger"`
	Tx        string         `json:"tx"`
	Block     int64          `json:"block"`
	Ask       OracleAsk      `json:"ask"`
	State     string         `json:"state" enum:"asked,open,closed,fulfilled,gone" doc:"closed when the verdict is fixed, fulfilled when the oracle has it, gone when the chain has taken the request back"`
	Question  string         `json:"question,omitempty" doc:"That people answer"`
	Reason    string         `json:"reason,omitempty" doc:"A code, of why it was refused and not put to people" example:"underpaid"`
	Verdict   *OracleVerdict `json:"verdict,omitempty"`
	At        *Time          `json:"at,omitempty" doc:"When the verdict was fixed"`
	Delivered bool           `json:"delivered" doc:"Whether the asker was called with the verdict, and took it"`
	Epoch     int64          `json:"epoch,omitempty" doc:"The newest whose tree has the verdict"`
}

// OracleAsk are the terms of a contract's question.
type OracleAsk struct {
	Text        string   `json:"text"`
	Content     string   `json:"content,omitempty" doc:"SHA-256, in hex, of the image or clip that is asked about, if any"`
	Options     []string `json:"options"`
	Garbled     bool     `json:"garbled,omitempty" doc:"Bytes of the text or the options that were not UTF-8 are replaced"`
	MinAnswers  int      `json:"min_answers" doc:"No verdict rests on fewer"`
	MaxAnswers  int      `json:"max_answers"`
	TargetPPM   int      `json:"target_ppm" doc:"Confidence at which the question ends, in millionths; 0 when it ends with max_answers"`
	Deadline    int64    `json:"deadline" doc:"Unix time in seconds"`
	Payment     string   `json:"payment" doc:"In the token's base units"`
	CallbackGas int64    `json:"callback_gas" doc:"0 when the asker is not to be called"`
}

// OracleVerdict is a verdict as an oracle takes it.
type OracleVerdict struct {
	Outcome       string `json:"outcome" enum:"decided,undecided,unanswered" doc:"unanswered when there was no quorum, or the question was refused; the oracle takes that from the deadline on"`
	Choice        int    `json:"choice" doc:"Index into the options"`
	ConfidencePPM int    `json:"confidence_ppm"`
	Answers       int    `json:"answers"`
	Record        string `json:"record" doc:"Hash of the public record: tasknet/verdict/v1, or tasknet/request-refusal/v1"`
}

// OracleRequests is a page of contracts' questions, in the order in which they came.
type OracleRequests struct {
	Page
	Requests []OracleRequest `json:"requests"`
}

// OracleStanding is a contract's question, with all that Oracle.fulfil takes when the newest root in force proves its verdict.
type OracleStanding struct {
	OracleRequest
	Proof   *OracleProof `json:"proof,omitempty"`
	Answers *int         `json:"answers,omitempty" doc:"While people answer: how many answers count; with a target up to min_answers, as more would tell how they agree"`
	Tries   int          `json:"tries" doc:"How often this server has tried to bring the verdict, or to have a contract called that did not take it"`
	NextTry *Time        `json:"next_try,omitempty" doc:"From when on this server tries that again; none when it does not"`
}

// OracleProof leads from a verdict to a header's root over verdicts.
type OracleProof struct {
	Epoch Epoch    `json:"epoch" doc:"With the header that Oracle.fulfil takes"`
	Leaf  string   `json:"leaf"`
	Proof []string `json:"proof" doc:"From the leaf to the root, in hex"`
}

// EpochVerdicts is a page of the requests whose verdicts are in an epoch's tree, in the order of the tree.
type EpochVerdicts struct {
	Page
	Epoch    Epoch           `json:"epoch"`
	Verdicts []OracleRequest `json:"verdicts"`
}
