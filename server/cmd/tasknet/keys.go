package main

import (
	"encoding/hex"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutKeys = `A server signs receipts and refusals by one key, and the checkpoints of its public log by
another. Each can be replaced while it runs. The old key signs that the new one takes its
place; that is public, in the description of the server and in its log, so that phones which
know the old key take the new one.`

const aboutKeysRotate = `Make a new key in the data folder of a server. The server takes it up within seconds, or at
its next start: it states the new key, and signs by it a minute later. Run this as the user
that the server runs as, or it cannot read the file. From then on the key before is needed no
longer for receipts; for the log, both sign for 30 days. Back the folder up anew.`

func (p *program) keys() *cobra.Command {
	cmd := &cobra.Command{
		Use: "keys", Short: "Look at the keys that a server signs by, or replace one", Long: aboutKeys, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.keysList(), p.keysRotate())
	return cmd
}

func (p *program) keysList() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "list", Short: "List the keys that a server signs by, and signed by before", Args: cobra.NoArgs,
		Example: "  tasknet keys list --server https://tasknet.example.org",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := r.client(0)
			if err != nil {
				return err
			}
			in, err := c.Instance(cmd.Context())
			if err != nil {
				return err
			}
			type row struct {
				Use    polls.KeyUse `json:"use"`
				Number int          `json:"number"`
				Key    string       `json:"key"`
				From   string       `json:"from,omitempty"`
				Signs  bool         `json:"signs"` // now
			}
			var rows []row
			for _, use := range []polls.KeyUse{polls.ReceiptKeys, polls.LogKeys} {
				keys, err := client.ServerKeys(in, use)
				if err != nil {
					return err
				}
				for number := 1; number <= keys.Number(); number++ {
					each := row{Use: use, Number: number, Key: hex.EncodeToString(keys.Key(number)), Signs: number == keys.At(in.Time.Time)}
					if number > 1 {
						each.From = keys.Changes()[number-2].From.Format(wire.TimeLayout)
					}
					rows = append(rows, each)
				}
			}
			if asJSON {
				return p.printJSON(rows)
			}
			for _, each := range rows {
				since, signs := each.From, ""
				if since == "" {
					since = "the first"
				}
				if each.Signs {
					signs = "signs now"
				}
				if err := p.printf("%-8s  %2d  %s  %-24s  %s\n", each.Use, each.Number, each.Key, since, signs); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	return cmd
}

func (p *program) keysRotate() *cobra.Command {
	var s server
	cmd := &cobra.Command{
		Use: "rotate log|receipts", Short: "Replace a key that a server signs by, while it runs", Long: aboutKeysRotate, Args: cobra.ExactArgs(1),
		Example: "  tasknet keys rotate log --data ~/tasknet",
		RunE: func(_ *cobra.Command, args []string) error {
			use := polls.KeyUse(args[0])
			if use != polls.LogKeys && use != polls.ReceiptKeys {
				return usagef("%q has no key; write log or receipts", args[0])
			}
			key, file, err := app.MakeKey(s.Data, use)
			if err != nil {
				return err
			}
			return p.printf("The next key for %s is %x, in %s.\nThe server on this folder takes it up within seconds, and signs by it a minute later. See %s keys list.\n", use, []byte(key), file, p.name)
		},
	}
	s.dataFlags(cmd)
	return cmd
}
