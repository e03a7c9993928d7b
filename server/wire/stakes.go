package wire

import "github.com/tasknet/tasknet"

// StakeCase asks the court of the stakes for that of an owner of nodes whose result a check refuted. What it asks for, and for whom,
// follows from the check: see the record of its job, which is public once the job is settled.
type StakeCase struct {
	Number   int64          `json:"number"`
	Contract string         `json:"contract" doc:"Of the stakes"`
	Job      string         `json:"job"`
	Part     int            `json:"part"`
	Owner    string         `json:"owner" doc:"Of the node that returned the result"`
	Staker   string         `json:"staker" doc:"The owner's wallet"`
	Evidence string         `json:"evidence" doc:"tasknet/compute-evidence/v1 of the check, in hex: what the court opens the case by, and slashes by"`
	Amount   tasknet.Amount `json:"amount" doc:"A hundred times what the part would have paid, or the job's min_stake, if that is more. The contract takes at most its share of the stake"`
	Harmed   string         `json:"harmed,omitempty" doc:"Who first deposited for the job's organisation, who gets half; absent where nobody did, or where it is the operator, the court or the staker"`
	Honest   []string       `json:"honest" doc:"Wallets of owners whose results were confirmed, in the check's order, who get the other half in equal parts; what does not divide is the first one's"`
	At       Time           `json:"prepared_at"`
	State    string         `json:"state" enum:"prepared,opened,slashed,dismissed,expired" doc:"As the chain has confirmed it. opened: the stake is frozen. expired: the court said nothing in time. What is dismissed or expired can be opened again"`
	ID       int64          `json:"id,omitempty" doc:"In the contract"`
	Until    *Time          `json:"until,omitempty" doc:"When it ends by itself"`
	Taken    string         `json:"taken,omitempty" doc:"Of one that is slashed, in base units of the token"`
	Tx       string         `json:"tx,omitempty" doc:"That opened it, or closed it"`
}

// StakeCases is a page of cases, in the order in which they were prepared.
type StakeCases struct {
	Page
	Cases []StakeCase `json:"cases"`
}
