package wire

import "github.com/tasknet/tasknet"

// PayoutPlace is how and where somebody is paid.
type PayoutPlace struct {
	Least   tasknet.Amount `json:"least" doc:"What is theirs waits until it is so much, and enters an epoch then"`
	Wallet  string         `json:"wallet" doc:"Whose signature changes the address"`
	Address string         `json:"address" doc:"Where epochs that are planned now pay"`
	Before  []string       `json:"before,omitempty" doc:"Other addresses to which pay went: what earlier epochs gave there can be claimed there"`
	Next    int64          `json:"next" doc:"The number of the next change"`
	Delay   int64          `json:"delay_s" doc:"For how many seconds a change waits that only the wallet signed"`
	Waits   *AddressChange `json:"waits,omitempty" doc:"The change that waits, which can be cancelled"`
}

// ChangeAddress is the body of POST /v1/me/payout/address.
type ChangeAddress struct {
	To        string `json:"to" doc:"The new address, 0x and 40 hex digits"`
	Number    int64  `json:"number" minimum:"1" doc:"1 for the first change, and one more for each that was made, also for one that was cancelled"`
	Signature string `json:"signature" doc:"The wallet's EIP-712 signature of PayoutAddress(string respondent,address wallet,address to,uint64 number) in the domain of the delegation, 65 bytes in hex"`
	Proof     string `json:"proof,omitempty" doc:"The new address's signature of the same. Left out: the change waits"`
}

// AddressChange is a change of where somebody's pay goes.
type AddressChange struct {
	Respondent string `json:"respondent"`
	Wallet     string `json:"wallet"`
	To         string `json:"to"`
	Number     int64  `json:"number" doc:"1, 2, 3, ... of the respondent's"`
	Signature  string `json:"signature" doc:"The wallet's"`
	Proof      string `json:"proof,omitempty" doc:"That of the new address; of a change that waited there is none"`
	At         Time   `json:"at"`
	Effective  Time   `json:"effective_at" doc:"Epochs that are planned from then on pay there"`
	Cancelled  *Time  `json:"cancelled_at,omitempty"`
}

// AddressChanges is a page of all changes, in the order in which they were made.
type AddressChanges struct {
	Page
	Changes []AddressChange `json:"changes"`
}
