package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute/desktop/update"
)

// What releases are signed by, and where they are listed; set when a release is built, as is version.
var (
	releaseKey  = ""
	releaseList = ""
)

// fetchTime bounds how long a release may take to be fetched.
const fetchTime = 30 * time.Minute

func (p *program) update() *cobra.Command {
	var check bool
	var keyFile, from string
	cmd := &cobra.Command{
		Use: "update", Short: "Put a newer release in this program's place", Args: cobra.NoArgs,
		Long: `Put a newer release in this program's place, and keep this one beside it, with .old after its name.
Only a release is believed that is signed by the key that this program was built with, or that is
in the file of --key, and that is newer. A package is updated as packages are, not so.`,
		Example: "  tasknet-node update --check\n  tasknet-node update --from https://releases.example/node.json --key releases.pub",
		RunE: func(cmd *cobra.Command, _ []string) error {
			text := releaseKey
			if keyFile != "" {
				raw, err := os.ReadFile(keyFile)
				if err != nil {
					return err
				}
				text = string(raw)
			}
			key, err := update.ParseKey(text)
			if err != nil {
				return err
			}
			if from == "" {
				return usagef("Name the list of releases with --from.")
			}
			program, err := os.Executable()
			if err != nil {
				return err
			}
			if program, err = filepath.EvalSymlinks(program); err != nil {
				return err
			}
			u := update.Updater{
				Source: update.Fetcher{HTTP: &http.Client{Timeout: fetchTime}}, From: from, Key: key, Current: currentVersion(), System: runtime.GOOS + "/" + runtime.GOARCH, Now: time.Now,
			}
			r, err := u.Look(cmd.Context())
			if errors.Is(err, update.ErrDowngrade) {
				fmt.Fprintf(p.out, "%s is the newest release.\n", u.Current)
				return nil
			}
			if err != nil {
				return err
			}
			if check {
				fmt.Fprintf(p.out, "%s is newer than %s. tasknet-node update puts it in its place.\n", r.Version, u.Current)
				return nil
			}
			if err := u.Install(cmd.Context(), r, program); err != nil {
				return err
			}
			fmt.Fprintf(p.out, "%s is in the place of %s, which is kept as %s. What runs is replaced when it is started again.\n", r.Version, u.Current, update.Old(program))
			return nil
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "only say whether there is a newer one")
	cmd.Flags().StringVar(&keyFile, "key", "", "the `file` with the key of releases, 32 bytes in base64")
	cmd.Flags().StringVar(&from, "from", releaseList, "the `address` or file of the list of the newest release")
	return cmd
}
