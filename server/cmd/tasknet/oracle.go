package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutOracle = `Contracts ask questions by an oracle, people answer them, and the verdict comes back with
a proof. The server brings it; when it does not, anybody can.

  tasknet oracle deploy   makes an oracle for a vault
  tasknet oracle list     lists what contracts asked
  tasknet oracle show     shows one question with its verdict and its proof
  tasknet oracle fulfil   brings a verdict to the oracle, and from there to the contract

What a contract pays is its own until answers are paid from it, and what is left it takes
out of the vault.`

func (p *program) oracle() *cobra.Command {
	cmd := &cobra.Command{
		Use: "oracle", Short: "Questions of contracts, and their verdicts", Long: aboutOracle, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.oracleDeploy(), p.oracleList(), p.oracleShow(), p.oracleFulfil())
	return cmd
}

func (p *program) oracleDeploy() *cobra.Command {
	var x exiting
	terms := eth.OracleTerms{MinQuorum: 3}
	most := ""
	cmd := &cobra.Command{
		Use: "deploy", Short: "Make an oracle for a vault", Args: cobra.NoArgs,
		Long: `Make an oracle for a vault, and wait until it is confirmed. The key in --key-file pays for
it and has no part in it later. Give its address to tasknet serve as CHAIN_ORACLE, before
anybody asks: what was asked before is not answered. None of its terms can be changed.`,
		Example: "  tasknet oracle deploy --max-payment 1000000000 --rpc http://127.0.0.1:8545 --vault 0x... --key-file mine.key",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if terms.MaxPayment, err = baseUnits("max-payment", most); err != nil {
				return err
			}
			w, err := x.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer w.Close()
			at, mined, err := w.DeployOracle(cmd.Context(), terms)
			if err != nil {
				return err
			}
			return p.printf("The oracle is in block %d.\nCHAIN_ORACLE=%s\n", mined.Block, polls.Wallet(at))
		},
	}
	x.flags(cmd, false)
	cmd.Flags().IntVar(&terms.MinQuorum, "min-quorum", 3, "the least quorum that can be asked for")
	cmd.Flags().StringVar(&most, "max-payment", "", "the most that one question can cost, in the token's base units")
	return cmd
}

func (p *program) oracleList() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "list", Short: "List what contracts asked", Args: cobra.NoArgs, Example: "  tasknet oracle list",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := r.client(0)
			if err != nil {
				return err
			}
			all, err := listed(c.OracleRequests(cmd.Context()))
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(all)
			}
			if len(all) == 0 {
				return p.printf("No contract has asked anything.\n")
			}
			for _, q := range all {
				if err := p.printf("%s  %-9s  %s\n", q.ID, q.State, cut(toldIn(q), listMost)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	r.flags(cmd, defaultServer)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// toldIn says in a line what a contract is told. What it asked may hold anything, and is quoted.
func toldIn(r wire.OracleRequest) string {
	switch v := r.Verdict; {
	case r.Reason != "":
		return "refused: " + r.Reason
	case v == nil:
		return fmt.Sprintf("%q", r.Ask.Text)
	case v.Outcome == rewards.OutcomeUnanswered.String() || v.Choice < 0 || v.Choice >= len(r.Ask.Options):
		return fmt.Sprintf("%s, %d answers", v.Outcome, v.Answers)
	default:
		return fmt.Sprintf("%s: %q, %.4f, %d answers", v.Outcome, r.Ask.Options[v.Choice], float64(v.ConfidencePPM)/1e6, v.Answers)
	}
}

func (p *program) oracleShow() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show a contract's question with its verdict and its proof", Args: cobra.ExactArgs(1),
		Long: `Show a contract's question with its verdict. As JSON it has all that tasknet oracle fulfil
takes, as soon as the verdict is under the root in force: keep it, and bring the verdict
when this server is gone.`,
		Example: "  tasknet oracle show 7f3a... --json > verdict.json",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := r.client(0)
			if err != nil {
				return err
			}
			q, err := c.OracleRequest(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(q)
			}
			if err := p.printf("%s\n  asked by   %s, in block %d, for %s base units\n  text       %q\n  options    %q\n  until      %s\n  state      %s\n",
				q.ID, q.Asker, q.Block, q.Ask.Payment, q.Ask.Text, q.Ask.Options, time.Unix(q.Ask.Deadline, 0).Local().Format(time.DateTime), q.State); err != nil {
				return err
			}
			if q.Question != "" {
				if err := p.printf("  question   %s\n", q.Question); err != nil {
					return err
				}
			}
			if q.Verdict != nil {
				if err := p.printf("  verdict    %s\n", toldIn(q.OracleRequest)); err != nil {
					return err
				}
			}
			for _, line := range p.progress(q) {
				if err := p.printf("  %s\n", line); err != nil {
					return err
				}
			}
			return nil
		},
	}
	r.flags(cmd, defaultServer)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// progress says in lines what a contract's question waits for, and what is done about it.
func (p *program) progress(q wire.OracleStanding) (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	brings := fmt.Sprintf("anybody can bring it: %s oracle fulfil %s", p.name, q.ID)
	switch {
	case q.State == string(rewards.RequestAsked):
		say("waits      to be put to people")
	case q.Answers != nil && q.Ask.TargetPPM == 0:
		say("answers    %d of %d", *q.Answers, q.Ask.MaxAnswers)
	case q.Answers != nil:
		say("answers    %d of the %d that a verdict needs, and of at most %d", *q.Answers, q.Ask.MinAnswers, q.Ask.MaxAnswers)
	case q.Proof != nil:
		say("proven by the root of epoch %d; %s", q.Proof.Epoch.Number, brings)
	case q.State == string(rewards.RequestClosed) && q.Epoch == 0:
		say("waits      for the next epoch, whose root proves the verdict")
	case q.State == string(rewards.RequestClosed):
		say("waits      for the root of epoch %d to be in force, which proves the verdict", q.Epoch)
	case q.State != string(rewards.RequestFulfilled): // the chain has taken it back
	case q.Delivered:
		say("delivered  the contract has taken the verdict")
	case q.Ask.CallbackGas == 0:
		say("delivered  the oracle has the verdict, for the contract to read")
	case q.NextTry != nil:
		say("delivered  the oracle has the verdict, and the contract did not take it yet; %s", brings)
	default:
		say("delivered  the contract failed to take the verdict %d times, and this server leaves it to others; %s", q.Tries+1, brings)
	}
	if q.NextTry != nil {
		say("server     tries again, or looks whether gas is cheaper, at %s; tries so far: %d", q.NextTry.Local().Format(time.DateTime), q.Tries)
	}
	return lines
}

func (p *program) oracleFulfil() *cobra.Command {
	var r remote
	var x exiting
	file := ""
	cmd := &cobra.Command{
		Use: "fulfil ID", Short: "Bring a verdict to the oracle, and from there to the contract", Args: cobra.ExactArgs(1),
		Long: `Bring a verdict to the oracle that was asked, which calls the contract with it. Anybody
can, and pays the gas. What is brought is read from the server, or from a file that
tasknet oracle show --json printed, and need not be believed: the oracle takes only what
the root in force proves. A contract that failed to take its verdict is called again.`,
		Example: "  tasknet oracle fulfil 7f3a... --rpc http://127.0.0.1:8545 --vault 0x... --key-file mine.key",
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := standing(cmd.Context(), r, args[0], file)
			if err != nil {
				return err
			}
			id, oracle, err := asksIn(q)
			if err != nil {
				return err
			}
			w, err := x.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer w.Close()
			has, delivered, err := w.OracleVerdict(cmd.Context(), oracle, id)
			if err != nil {
				return err
			}
			switch {
			case delivered || has.Outcome != rewards.OutcomeNone && q.Ask.CallbackGas == 0:
				return p.printf("The oracle has the verdict already: %s.\n", has.Outcome)
			case has.Outcome != rewards.OutcomeNone:
				if _, err := w.Deliver(cmd.Context(), oracle, id); err != nil {
					return err
				}
			default:
				if err := bring(cmd.Context(), w, oracle, id, q); err != nil {
					return err
				}
			}
			if has, delivered, err = w.OracleVerdict(cmd.Context(), oracle, id); err != nil {
				return err
			}
			if q.Ask.CallbackGas > 0 && !delivered {
				return fmt.Errorf("the oracle has the verdict (%s), and the contract %s failed to take it; try again when it can", has.Outcome, q.Asker)
			}
			return p.printf("The oracle has the verdict: %s.\n", has.Outcome)
		},
	}
	r.flags(cmd, defaultServer)
	x.flags(cmd, false)
	cmd.Flags().StringVar(&file, "file", "", "what tasknet oracle show --json printed, in place of the server")
	return cmd
}

// standing reads a contract's question from a file, or from a server when there is none.
func standing(ctx context.Context, r remote, id, file string) (q wire.OracleStanding, err error) {
	if file == "" {
		c, err := r.client(0)
		if err != nil {
			return q, err
		}
		return c.OracleRequest(ctx, id)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return q, usagef("--file: %v", err)
	}
	if err := json.Unmarshal(text, &q); err != nil {
		return q, usagef("--file: %v", err)
	}
	if q.ID != strings.TrimPrefix(id, "0x") {
		return q, usagef("--file is of the question %s", q.ID)
	}
	return q, nil
}

func asksIn(q wire.OracleStanding) (id rewards.Hash, oracle rewards.Address, err error) {
	raw, err := hex.DecodeString(q.ID)
	if err != nil || len(raw) != len(id) {
		return id, oracle, usagef("the question's number %q is not 32 bytes in hex", q.ID)
	}
	address, err := polls.ParseWallet(q.Oracle)
	return rewards.Hash(raw), rewards.Address(address), err
}

// errNotProven reports a verdict that no root in force proves.
var errNotProven = errors.New("the root in force does not prove a verdict of this question; wait until it is in a header that is in force")

// bring brings a verdict with its proof.
func bring(ctx context.Context, w *eth.Wallet, oracle rewards.Address, id rewards.Hash, q wire.OracleStanding) error {
	if q.Proof == nil || q.Verdict == nil {
		return errNotProven
	}
	header, err := headerOf(q.Proof.Epoch)
	if err != nil {
		return err
	}
	record, err := hex.DecodeString(q.Verdict.Record)
	if err != nil || len(record) != len(rewards.Hash{}) {
		return usagef("the record of the verdict is not 32 bytes in hex")
	}
	proof := make([][32]byte, len(q.Proof.Proof))
	for i, text := range q.Proof.Proof {
		raw, err := hex.DecodeString(text)
		if err != nil || len(raw) != 32 {
			return usagef("the proof is not hashes in hex")
		}
		proof[i] = [32]byte(raw)
	}
	v := q.Verdict
	_, err = w.Fulfil(ctx, oracle, header, id, rewards.OracleVerdict{
		Outcome: rewards.ParseOutcome(v.Outcome), Choice: v.Choice, ConfidencePPM: v.ConfidencePPM, Answers: v.Answers, Record: rewards.Hash(record),
	}, proof)
	return err
}
