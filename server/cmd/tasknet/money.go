package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutBalance = `Tell what money there is. What is available pays for new questions; what is held is set
aside for open ones, and what they do not use of it comes back when they close; what is
spent went to respondents and to the operator.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

func (p *program) balance() *cobra.Command {
	return simply(&cobra.Command{
		Use: "balance", Short: "Tell what money there is to spend", Long: aboutBalance, Args: cobra.NoArgs,
	}, func(ctx context.Context, requester *client.Requester, _ []string, asJSON bool) error {
		money, err := requester.Money(ctx)
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(money)
		}
		return errors.Join(p.printBalance(money.Balance, false), p.printf("bonuses    %[1]s %[2]s, of what is spent\nrefunded   %[3]s %[2]s, of what was held\n", money.Bonuses, money.Symbol, money.Refunded))
	})
}

func (p *program) printBalance(b wire.Balance, asJSON bool) error {
	if asJSON {
		return p.printJSON(b)
	}
	err := p.printf("available  %[1]s %[2]s\nheld       %[3]s %[2]s, for open questions\nspent      %[4]s %[2]s\ndeposited  %[5]s %[2]s\n", b.Available, b.Symbol, b.Held, b.Spent, b.Deposited)
	for _, rare := range []struct {
		name, what string
		sum        tasknet.Amount
	}{{"withdrawn", "taken back out of the vault", b.Withdrawn}, {"frozen", "until the withdrawal that was given notice of", b.Frozen}, {"debt", "spent, and gone from the vault", b.Debt}} {
		if err == nil && !rare.sum.IsZero() {
			err = p.printf("%-9s  %s %s, %s\n", rare.name, rare.sum, b.Symbol, rare.what)
		}
	}
	return err
}

const aboutDeposits = `List what was deposited, newest first, and tell how to deposit more: with a key in a file
by tasknet vault deposit, or from any wallet by calling the vault's deposit(owner,
reference, amount) after approving the token for it. The owner alone can take back what
is not spent (tasknet exit withdraw). On the development chain of a server of your own,
the faucet does that for you.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

func (p *program) deposits() *cobra.Command {
	return simply(&cobra.Command{
		Use: "deposits", Short: "Tell how to deposit money, and what came of it", Long: aboutDeposits, Args: cobra.NoArgs,
	}, func(ctx context.Context, requester *client.Requester, _ []string, asJSON bool) error {
		how, err := requester.HowToDeposit(ctx)
		if err != nil {
			return err
		}
		if how.Deposits, err = listed(requester.Deposits(ctx)); err != nil {
			return err
		}
		how.Next = ""
		if asJSON {
			return p.printJSON(how)
		}
		return p.printDeposits(how)
	})
}

func (p *program) printDeposits(d wire.Deposits) error {
	err := p.printf("To deposit, call deposit(owner, reference, amount) of the vault, after approving the token:\nvault          %s\ntoken          %s\nreference      %s\nconfirmations  %d blocks before it is credited\n\n",
		d.Vault, d.Token, d.Reference, d.Confirmations)
	if err == nil && len(d.Deposits) == 0 {
		return p.printf("Nothing was deposited yet.\n")
	}
	for _, each := range d.Deposits {
		if err == nil {
			err = p.printf("%s  %12s  block %d  %s\n", each.Credited.Local().Format(time.DateTime), each.Amount, each.Block, each.Tx)
		}
	}
	return err
}

const aboutFaucet = `Deposit test money, and wait until it can be spent. Only a server with the development
chain has a faucet, which is what tasknet serve starts by itself; it gives at most 1000 at
a time.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

// faucetTime is for how long the money of a faucet is waited for: it takes a block or two.
const faucetTime = 30 * time.Second

func (p *program) faucet() *cobra.Command {
	return simply(&cobra.Command{
		Use: "faucet AMOUNT", Short: "Deposit test money", Long: aboutFaucet, Args: cobra.ExactArgs(1),
		Example: `  tasknet faucet 100`,
	}, func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
		sum, err := tasknet.ParseAmount(args[0])
		if err != nil {
			return err
		}
		balance, err := drip(ctx, requester, sum)
		if err != nil {
			return err
		}
		return p.printBalance(balance, asJSON)
	})
}

// drip deposits test money, and returns the balance that has it.
func drip(ctx context.Context, requester *client.Requester, sum tasknet.Amount) (wire.Balance, error) {
	before, err := requester.Balance(ctx)
	if err != nil {
		return before, err
	}
	if err := requester.Faucet(ctx, sum, ""); err != nil {
		return before, err
	}
	waiting, cancel := context.WithTimeout(ctx, faucetTime)
	defer cancel()
	for {
		now, err := requester.Balance(ctx)
		if err != nil || now.Deposited.Cmp(before.Deposited.Add(sum)) >= 0 {
			return now, err
		}
		if client.Pause(waiting, lookEvery) != nil {
			return now, fmt.Errorf("%s are deposited and not credited after %s; look at the balance in a while: %w", sum, faucetTime, waiting.Err())
		}
	}
}
