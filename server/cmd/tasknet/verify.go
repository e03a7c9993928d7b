package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/verify"
)

const aboutVerify = `Download the public records of a server and recompute all of it: the hash of every
closed question, the signature of every answer, every verdict, every movement of
money and every payout root. The first record that does not fit is named, with
what it should say and what it says; the exit status is then 3.

No key is needed. Nothing on the server is believed, but two things cannot be seen
from its records: whether its respondents are people, and whether it refused
answers that it should have taken.`

// verified is what verify prints for programs.
type verified struct {
	Verified bool             `json:"verified"`
	Report   verify.Report    `json:"report"` // as far as it came
	Mismatch *verify.Mismatch `json:"mismatch,omitempty"`
}

func (p *program) verify() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "verify", Short: "Recompute all that a server decided and paid", Long: aboutVerify, Args: cobra.NoArgs,
		Example: "  tasknet verify --server https://tasknet.example.org",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := r.client(verifyPatience)
			if err != nil {
				return err
			}
			bar := p.newBar(asJSON)
			report, err := verify.Run(cmd.Context(), c, verify.Config{Progress: func(v verify.Progress) { bar.show("verifying", v.Questions, v.OfQuestions) }})
			bar.end()
			mismatch, found := errors.AsType[*verify.Mismatch](err)
			if err != nil && !found {
				return err
			}
			if asJSON {
				return errors.Join(p.printJSON(verified{!found, report, mismatch}), err)
			}
			if found {
				return err
			}
			return p.printVerified(r.server, report)
		},
	}
	r.flags(cmd, defaultServer)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// verifyPatience is for how long a server that is away is waited for.
const verifyPatience = 30 * time.Second

func (p *program) printVerified(server string, r verify.Report) error {
	return p.printf(`All records of %s fit.
  %d closed questions with %d answers of %d respondents: hashes, signatures, verdicts
  %d transactions: %s deposited, %s paid for answers, %s of it claimed
  %d payout roots
`, server, r.Questions, r.Answers, r.Respondents, r.Transactions, r.Deposited, r.Paid, r.Claimed, r.Epochs)
}
