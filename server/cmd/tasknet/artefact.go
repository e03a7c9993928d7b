package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutArtefact = `An artefact is a file of any size that a server keeps under its hash: what jobs read and
write. It is sent and fetched in pieces of 4 MiB, several at a time, each of which is
checked alone; a transfer that broke off goes on where it was when it is run again.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

// transferPatience is for how long a transfer waits for a server that is away.
const transferPatience = 5 * time.Minute

// partial is what the name of a file ends in of which not all is there yet.
const partial = ".partial"

func (p *program) artefact() *cobra.Command {
	cmd := &cobra.Command{
		Use: "artefact", Short: "Keep files of any size on a server, by their hash", Long: aboutArtefact, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.artefactPut(), p.artefactGet(), p.artefactList(), p.artefactRemove())
	return cmd
}

// transfer is what sending and fetching have in common.
type transfer struct {
	remote
	parallel int
	asJSON   bool
}

func (t *transfer) flags(cmd *cobra.Command) {
	cmd.Flags().IntVar(&t.parallel, "parallel", 4, "how many pieces travel at a time; each takes 4 MiB of memory")
	cmd.Flags().BoolVar(&t.asJSON, "json", false, "print JSON")
	t.remote.flags(cmd, defaultServer)
	t.keyFlags(cmd)
}

// begin returns who acts by the API key, and how to transfer.
func (t *transfer) begin(bar *bar) (*client.Requester, client.Transfer, error) {
	if t.parallel < 1 || t.parallel > 64 {
		return nil, client.Transfer{}, usagef("--parallel is 1 to 64")
	}
	key, err := t.key()
	if err != nil {
		return nil, client.Transfer{}, err
	}
	c, err := t.client(transferPatience)
	if err != nil {
		return nil, client.Transfer{}, err
	}
	return c.Requester(key), client.Transfer{Parallel: t.parallel, Progress: func(stage string, done, of int64) { bar.show(stage+" (MiB)", int(done>>20), int(of>>20)) }}, nil
}

func (p *program) artefactPut() *cobra.Command {
	var t transfer
	name, mediaType := "", ""
	cmd := &cobra.Command{
		Use: "put FILE", Short: "Upload a file", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			bar := p.newBar(t.asJSON)
			defer bar.end()
			requester, transfer, err := t.begin(bar)
			if err != nil {
				return err
			}
			file, err := os.Open(args[0])
			if err != nil {
				return usagef("%v", err)
			}
			defer func() { err = errors.Join(err, file.Close()) }()
			info, err := file.Stat()
			if err != nil {
				return err
			}
			if !info.Mode().IsRegular() {
				return usagef("%s is no file; pack a folder into an archive first", args[0])
			}
			if transfer.Name = name; name == "" {
				transfer.Name = filepath.Base(args[0])
			}
			if transfer.MediaType = mediaType; mediaType == "" {
				transfer.MediaType = mime.TypeByExtension(filepath.Ext(args[0]))
			}
			a, err := requester.UploadArtefact(cmd.Context(), file, info.Size(), transfer)
			bar.end()
			if err != nil {
				return interrupted{err, fmt.Sprintf("go on with %s artefact put %s", p.name, typed(args[0]))}
			}
			if t.asJSON {
				return p.printJSON(a)
			}
			return p.printf("%s\n", a.ID)
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "what to call it (default: the file's name)")
	cmd.Flags().StringVar(&mediaType, "type", "", "its media type (default: by the file's name)")
	t.flags(cmd)
	return cmd
}

func (p *program) artefactGet() *cobra.Command {
	var t transfer
	out := ""
	cmd := &cobra.Command{
		Use: "get ARTEFACT", Short: "Download an artefact into a file", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := compute.ParseArtefactID(args[0])
			if err != nil {
				return usagef("%v", err)
			}
			if out == "" {
				return usagef("name the file with -o")
			}
			if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
				return usagef("-o: %s is there already; name a file that is not", out)
			}
			bar := p.newBar(t.asJSON)
			defer bar.end()
			requester, transfer, err := t.begin(bar)
			if err != nil {
				return err
			}
			m, err := requester.ArtefactManifest(cmd.Context(), id)
			if err != nil {
				return err
			}
			err = download(cmd.Context(), requester, m, out, transfer)
			bar.end()
			if err != nil {
				return interrupted{err, fmt.Sprintf("go on with %s artefact get %s -o %s", p.name, id, typed(out))}
			}
			if t.asJSON {
				return p.printJSON(wire.Artefact{ID: string(id), State: "complete", Length: m.Length, Pieces: len(m.Pieces), Arrived: len(m.Pieces)})
			}
			return p.printf("%s is in %s\n", shownSize(m.Length), out)
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "the `file` to write, which is not there yet")
	t.flags(cmd)
	return cmd
}

// download puts an artefact into a file of another name beside out, and gives it that name when all of it is there.
func download(ctx context.Context, requester *client.Requester, m *compute.Manifest, out string, t client.Transfer) error {
	file, err := os.OpenFile(out+partial, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return usagef("-o: %v", err)
	}
	err = requester.DownloadArtefact(ctx, m, file, t)
	if err == nil {
		err = file.Truncate(m.Length) // what was there may have been another's
	}
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(out+partial, out)
}

func (p *program) artefactList() *cobra.Command {
	return simply(&cobra.Command{Use: "list", Short: "List your artefacts, newest first", Args: cobra.NoArgs},
		func(ctx context.Context, requester *client.Requester, _ []string, asJSON bool) error {
			all, err := listed(requester.Artefacts(ctx))
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(all)
			}
			for _, a := range all {
				state := a.State
				if state == "uploading" {
					state = fmt.Sprintf("%d of %d pieces", a.Arrived, a.Pieces)
				}
				if err := p.printf("%s  %s  %10s  %s  %s\n", a.ID, a.CreatedAt.Format("2006-01-02 15:04"), shownSize(a.Length), state, cut(a.Name, listMost)); err != nil {
					return err
				}
			}
			return nil
		})
}

func (p *program) artefactRemove() *cobra.Command {
	return simply(&cobra.Command{Use: "rm ARTEFACT", Short: "Remove an artefact, or end its upload", Args: cobra.ExactArgs(1)},
		func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
			id, err := compute.ParseArtefactID(args[0])
			if err != nil {
				return usagef("%v", err)
			}
			if err := requester.RemoveArtefact(ctx, string(id)); err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(map[string]string{"removed": string(id)})
			}
			return p.printf("%s is removed\n", id)
		})
}
