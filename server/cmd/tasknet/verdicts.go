package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"strings"
)

// verdict is a row of a file of verdicts: an object in JSON, and cells in CSV.
type verdict interface {
	cells() ([]string, error)
}

// writeVerdicts writes a file of up to n verdicts, without those that there are none. It takes the name when it is whole,
// so that nobody reads a part of it. What has the name and is no file, such as a pipe, is written to as it is.
func writeVerdicts(ctx context.Context, name string, header []string, n int, bar *bar, at func(i int) (verdict, bool)) (err error) {
	part := name + ".part"
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		part = name
	}
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	err = errors.Join(writeRows(ctx, f, strings.HasSuffix(name, ".jsonl"), header, n, bar, at), f.Close())
	switch {
	case part == name:
		return err
	case err != nil:
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, name)
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
