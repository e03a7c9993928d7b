package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/bundle"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
	"github.com/tasknet/tasknet/web"
)

// treesSaved is how many epochs are kept: the newest is not in force yet, and the one before may have been voided.
const treesSaved = 3

var errNoEpoch = errors.New("there is no epoch with a root yet; nothing is to be kept")

func (p *program) exitSave() *cobra.Command {
	var r remote
	dir, folder, manifest := "", "", ""
	cmd := &cobra.Command{
		Use: "save", Short: "Keep the public files of the newest epochs", Args: cobra.NoArgs,
		Long: `Keep the public files of the newest epochs, and the page that claims and withdraws by them.
With --bundle they come from a folder that "tasknet bundle" wrote, which has the newest only.`,
		Example: `  tasknet exit save --records records
  tasknet exit save --records records --bundle records-2026-11`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			trees, err := newestTrees(cmd.Context(), &r, folder, manifest)
			if err != nil {
				return err
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			for _, tree := range trees {
				text, err := json.Marshal(tree)
				if err != nil {
					return err
				}
				file := filepath.Join(dir, fmt.Sprintf("epoch-%d.json", tree.Epoch.Number))
				if err := saveAs(file, text); err != nil {
					return err
				}
				if err := p.printf("Epoch %d is in %s.\n", tree.Epoch.Number, file); err != nil {
					return err
				}
			}
			return p.savePage(filepath.Join(dir, exitPage))
		},
	}
	r.flags(cmd, defaultServer)
	cmd.Flags().StringVar(&dir, "records", "records", "folder for the files")
	cmd.Flags().StringVar(&folder, "bundle", "", "folder to read instead of asking a server")
	cmd.Flags().StringVar(&manifest, "manifest", "", "hash of the bundle, as you were told it")
	return cmd
}

// newestTrees reads the newest epochs that have a root, the oldest first.
func newestTrees(ctx context.Context, r *remote, folder, manifest string) ([]wire.EpochTree, error) {
	if folder == "" {
		c, err := r.client(0)
		if err != nil {
			return nil, err
		}
		return servedTrees(ctx, c)
	}
	b, err := bundle.Open(ctx, folder, manifest)
	if err != nil {
		return nil, err
	}
	tree, err := bundledTree(ctx, b)
	return []wire.EpochTree{tree}, errors.Join(err, b.Close())
}

func servedTrees(ctx context.Context, c *client.Client) ([]wire.EpochTree, error) {
	var numbers []int64
	for e, err := range c.Epochs(ctx) {
		if err != nil {
			return nil, err
		}
		if e.Header != nil {
			numbers = append(numbers, e.Number)
		}
	}
	if len(numbers) == 0 {
		return nil, errNoEpoch
	}
	numbers = numbers[max(0, len(numbers)-treesSaved):]
	trees := make([]wire.EpochTree, len(numbers))
	for i, n := range numbers {
		var err error
		if trees[i], err = c.EpochTree(ctx, n); err != nil {
			return nil, err
		}
	}
	return trees, nil
}

// bundledTree makes the tree of the newest epoch, which is the only one of which a bundle has all leaves.
func bundledTree(ctx context.Context, b *bundle.Bundle) (tree wire.EpochTree, err error) {
	here, err := b.Instance(ctx)
	if err != nil {
		return tree, err
	}
	tree = wire.EpochTree{ChainID: here.ChainID, Vault: here.Vault, Token: here.Token, Payouts: []wire.PayoutLeaf{}, Accounts: []wire.VaultAccount{}}
	for e, err := range b.Epochs(ctx) {
		if err != nil {
			return tree, err
		}
		tree.Epoch = e
	}
	if tree.Epoch.Header == nil {
		return tree, errNoEpoch
	}
	for p, err := range b.EpochPayouts(ctx, tree.Epoch.Number) {
		if err != nil {
			return tree, err
		}
		tree.Payouts = append(tree.Payouts, wire.PayoutLeaf{Address: p.Address, Cumulative: p.Cumulative})
	}
	for a, err := range b.EpochSpending(ctx, tree.Epoch.Number) {
		if err != nil {
			return tree, err
		}
		tree.Accounts = append(tree.Accounts, a)
	}
	return tree, nil
}

// exitPage is the page that claims and withdraws in a browser, in the web app and in a folder of saved files.
const exitPage = "exit.html"

// savePage writes the page that this binary has. That of a server would have to be believed.
func (p *program) savePage(file string) error {
	app, _ := web.Files()
	page, err := fs.ReadFile(app, exitPage)
	if errors.Is(err, fs.ErrNotExist) {
		return p.printf("This binary was built without the web app, so there is no page beside them.\n")
	} else if err != nil {
		return err
	}
	if err := saveAs(file, page); err != nil {
		return err
	}
	return p.printf("Open %s in a browser to take money out; it needs no server.\n", file)
}

// saveAs writes a file that anybody may read, whole or not at all.
func saveAs(file string, text []byte) error {
	if err := os.WriteFile(file+".new", text, 0o644); err != nil { //nolint:gosec // public records
		return err
	}
	return os.Rename(file+".new", file)
}
