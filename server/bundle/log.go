package bundle

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// The public log has two files: a checkpoint as it was signed, and the leaves, 32 bytes each, of which all its tiles follow.
const (
	checkpointFile = "log/checkpoint"
	leavesFile     = "log/leaves"
)

const leafSize = 32

var errNoLogFile = tasknet.NewError(tasknet.NotFound, "no_log_file", "The bundle does not have this file of the public log.")

// log copies the public log as it is after all records were copied. An instance whose log has not begun has none.
func (c *copying) log(ctx context.Context) error {
	if c.instance.Log == (wire.Log{}) {
		return nil
	}
	reader, err := client.OpenLog(c.source, c.instance)
	if err != nil {
		return err
	}
	at, err := reader.Checkpoint(ctx)
	if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	err = c.folder.save(checkpointFile, func(w *writer) error {
		w.entry.Items = 1
		_, err := w.buffer.Write(at.Raw)
		return w.named(err)
	})
	if err != nil {
		return err
	}
	return c.folder.save(leavesFile, func(w *writer) error {
		for n := int64(0); n*client.BundleWidth < at.Size; n++ {
			leaves, err := reader.Leaves(ctx, at, n)
			if err != nil {
				return err
			}
			w.entry.Items += len(leaves)
			c.sum.Leaves = w.entry.Items
			c.progress("copying the log", c.sum.Leaves, int(at.Size))
			for _, leaf := range leaves {
				if polls.IsKeyLeaf(leaf) {
					c.keys = append(c.keys, leaf)
				}
				if _, err := w.buffer.Write(leaf[:]); err != nil {
					return w.named(err)
				}
			}
		}
		return nil
	})
}

// LogFile implements verify.Source: the checkpoint, and bundles of entries, which are made of the leaves.
func (b *Bundle) LogFile(_ context.Context, name string) ([]byte, error) {
	if name == "checkpoint" {
		if b.manifest.byName[checkpointFile] == nil {
			return nil, errNoLogFile
		}
		return b.root.ReadFile(checkpointFile)
	}
	n, width, ok := entriesOf(name)
	if !ok || b.manifest.byName[leavesFile] == nil {
		return nil, errNoLogFile
	}
	f, err := b.root.Open(leavesFile)
	if err != nil {
		return nil, err
	}
	leaves := make([]byte, width*leafSize)
	got, err := f.ReadAt(leaves, n*client.BundleWidth*leafSize)
	if errors.Is(err, io.EOF) && got == 0 {
		err = errNoLogFile
	} else if errors.Is(err, io.EOF) {
		err = nil // the reader counts what it gets
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	out := make([]byte, 0, width*(2+leafSize))
	for leaf := leaves[:got]; len(leaf) >= leafSize; leaf = leaf[leafSize:] {
		out = append(append(out, 0, leafSize), leaf[:leafSize]...)
	}
	return out, nil
}

// entriesName bounds numbers so that the place of each in the file of leaves fits an int64.
var entriesName = regexp.MustCompile(`^tile/entries/((?:x[0-9]{3}/){0,4}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?$`)

// entriesOf reads the name of a bundle of entries, as tile/entries/x001/x234/067.p/8 is the first 8 of number 1234067.
func entriesOf(name string) (n int64, width int, ok bool) {
	parts := entriesName.FindStringSubmatch(name)
	if parts == nil {
		return 0, 0, false
	}
	n, err := strconv.ParseInt(strings.NewReplacer("x", "", "/", "").Replace(parts[1]), 10, 64)
	if parts[2] == "" {
		return n, client.BundleWidth, err == nil
	}
	width, partial := strconv.Atoi(parts[2])
	return n, width, err == nil && partial == nil && width < client.BundleWidth
}
