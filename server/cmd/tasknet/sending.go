package main

import (
	"context"
	"fmt"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

// sending returns what tells on stderr of each transaction as soon as it is sent, and on a terminal how far it is.
func (p *program) sending() func(eth.Progress) {
	shown := p.newBar(false)
	var last eth.Progress
	return func(now eth.Progress) {
		if now.Tx != last.Tx {
			shown.clear()
			again := ""
			if now.Doing == last.Doing {
				again = " again"
			}
			contract := ""
			if now.Contract != (rewards.Address{}) {
				contract = ", which makes the contract " + polls.Wallet(now.Contract).String()
			}
			// Who cannot be told is told the end nevertheless.
			_, _ = fmt.Fprintf(p.err, "%s: sent%s by transaction 0x%x%s; %s\n", now.Doing, again, now.Tx, contract, waiting(now.Wanted))
		}
		if last = now; now.Mined {
			shown.show(waiting(now.Wanted), now.On, now.Wanted)
		}
		if now.Mined && now.On >= now.Wanted {
			shown.end()
			shown = p.newBar(false)
		}
	}
}

func waiting(confirmations int) string {
	if confirmations == 1 {
		return "waiting for 1 confirmation"
	}
	return fmt.Sprintf("waiting for %d confirmations", confirmations)
}

// confirmations returns how many blocks to wait for on the chain of a node: those that were asked for, or what the chain needs.
func confirmations(ctx context.Context, asked int, rpc string) (int, error) {
	if asked != 0 {
		return asked, nil
	}
	return eth.ConfirmationsAt(ctx, rpc)
}
