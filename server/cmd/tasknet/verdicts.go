package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// verdict is a row of a file of verdicts: an object in JSON, and cells in CSV.
type verdict interface {
	cells() ([]string, error)
}

// writeVerdicts writes a file of up to n verdicts, without those that there are none. It takes the file's place when it is
// whole, so that nobody reads a part of it.
func writeVerdicts(ctx context.Context, name string, header []string, n int, bar *bar, at func(i int) (verdict, bool)) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".verdicts-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := writeRows(ctx, f, strings.HasSuffix(name, ".jsonl"), header, n, bar, at); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func writeRows(ctx context.Context, f *os.File, asJSON bool, header []string, n int, bar *bar, at func(i int) (verdict, bool)) error {
	buffered := bufio.NewWriter(f)
	table, objects := csv.NewWriter(buffered), json.NewEncoder(buffered)
	objects.SetEscapeHTML(false)
	if !asJSON {
		if err := table.Write(header); err != nil {
			return err
		}
	}
	for i := range n {
		if i%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			bar.show("writing", i, n)
		}
		v, ok := at(i)
		if !ok {
			continue
		}
		if asJSON {
			if err := objects.Encode(v); err != nil {
				return err
			}
			continue
		}
		cells, err := v.cells()
		if err != nil {
			return err
		}
		if err := table.Write(cells); err != nil {
			return err
		}
	}
	table.Flush()
	return errors.Join(table.Error(), buffered.Flush())
}
