package wire

// Erase is the body of POST /v1/respondents/{id}/erasure. No token is needed: the wallet's signature says who asks.
type Erase struct {
	At        int64  `json:"at" doc:"Unix seconds; the server's time of now, to ten minutes"`
	Signature string `json:"signature" doc:"The wallet's EIP-712 signature of Erase(string respondent,address wallet,uint64 at) in the domain of delegations, 65 bytes in hex"`
}

// Erased says what became of an erasure.
type Erased struct {
	Devices int `json:"devices" doc:"That are ended, all of the person's"`
}
