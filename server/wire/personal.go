package wire

// Erase is the body of POST /v1/respondents/{id}/erasure. No token is needed: the wallet's signature says who asks.
type Erase struct {
	At        int64  `json:"at" doc:"Unix seconds; the server's time of now, to ten minutes"`
	Signature string `json:"signature" doc:"The wallet's EIP-712 signature of Erase(string respondent,address wallet,uint64 at) in the domain of delegations, 65 bytes in hex"`
}

// Accuracy is how often somebody was right where the answer was known before, and their question has closed.
type Accuracy struct {
	Known int            `json:"known" doc:"Answers to questions with a known answer that have closed"`
	Right int            `json:"right" doc:"Of these, those that were right"`
	Low   string         `json:"low" doc:"From here to high their accuracy is, with 95 % confidence: Wilson's interval of right among known" example:"0.8123"`
	High  string         `json:"high" example:"0.9412"`
	Weeks []AccuracyWeek `json:"weeks" doc:"The last 26 in which there were any, the oldest first"`
}

// AccuracyWeek is the accuracy of questions that closed in one week.
type AccuracyWeek struct {
	Week  string `json:"week" doc:"Its Monday, UTC" example:"2026-11-16"`
	Known int    `json:"known"`
	Right int    `json:"right"`
	Low   string `json:"low"`
	High  string `json:"high"`
}

// Erased says what became of an erasure.
type Erased struct {
	Devices int `json:"devices" doc:"That are ended, all of the person's"`
	Answers int `json:"answers" doc:"Typed answers to closed questions that were erased just now"`
	Waiting int `json:"waiting" doc:"Typed answers to open questions: each counts, is paid and is erased when its question closes, before anything of it is public"`
}
