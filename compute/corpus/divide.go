package corpus

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Divide writes the rows of a file that Open reads into two folders, under the same names and in the same form: into held the rows
// with the numbers in hidden, in that order, into given all others in theirs. Numbers are those of the rows that have labels.
func Divide(path, labels string, hidden []int, given, held string) error {
	at := make(map[int]int, len(hidden))
	for i, row := range hidden {
		at[row] = i
	}
	for _, folder := range []string{given, held} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	d := dividing{at: at, held: len(hidden), given: given, kept: held}
	switch {
	case labels != "":
		return d.idx(path, labels)
	case strings.HasSuffix(strings.ToLower(path), ".csv"):
		return d.table(path)
	}
	return d.lines(path)
}

// dividing is a file that is being divided.
type dividing struct {
	at          map[int]int // of hidden rows, their place among them
	held        int
	given, kept string // folders
}

// write writes both files.
func (d *dividing) write(name string, given, held []byte) error {
	return errors.Join(os.WriteFile(filepath.Join(d.given, name), given, 0o600), os.WriteFile(filepath.Join(d.kept, name), held, 0o600))
}

func (d *dividing) lines(path string) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, lineMax)
	var given bytes.Buffer
	held := make([][]byte, d.held)
	for n := 0; lines.Scan(); {
		line := lines.Bytes()
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var r jsonRow
		if err := json.Unmarshal(line, &r); err != nil {
			return badFile("A line is not a row: %v.", err)
		}
		if r.Label != nil && *r.Label != "" {
			n++
			if place, hidden := d.at[n-1]; hidden {
				held[place] = append(slices.Clone(line), '\n')
				continue
			}
		}
		given.Write(append(line, '\n'))
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return d.write(filepath.Base(path), given.Bytes(), bytes.Join(held, nil))
}

func (d *dividing) table(path string) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	records, err := csv.NewReader(in).ReadAll()
	if err != nil || len(records) == 0 {
		return badFile("The table cannot be read: %v.", err)
	}
	label := slices.IndexFunc(records[0], func(name string) bool { return strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")) == "label" })
	given, held := [][]string{records[0]}, make([][]string, 1+d.held)
	held[0] = records[0]
	n := 0
	for _, cells := range records[1:] {
		if label >= 0 && strings.TrimSpace(cells[label]) != "" {
			n++
			if place, hidden := d.at[n-1]; hidden {
				held[1+place] = cells
				continue
			}
		}
		given = append(given, cells)
	}
	var both [2]bytes.Buffer
	for i, rows := range [][][]string{given, held} {
		if err := csv.NewWriter(&both[i]).WriteAll(rows); err != nil {
			return err
		}
	}
	return d.write(filepath.Base(path), both[0].Bytes(), both[1].Bytes())
}

func (d *dividing) idx(path, labels string) error {
	for file, dimensions := range map[string]int{path: 3, labels: 1} {
		all, _, err := readIDX(file, dimensions)
		if err != nil {
			return err
		}
		size := len(all.values) / all.shape[0]
		var given []byte
		held := make([]byte, d.held*size)
		for i := range all.shape[0] {
			if place, hidden := d.at[i]; hidden {
				copy(held[place*size:], all.values[i*size:(i+1)*size])
			} else {
				given = append(given, all.values[i*size:(i+1)*size]...)
			}
		}
		var both [2][]byte
		for i, values := range [][]byte{given, held} {
			if both[i], err = packIDX(&idx{append([]int{len(values) / size}, all.shape[1:]...), values}, strings.HasSuffix(strings.ToLower(file), ".gz")); err != nil {
				return err
			}
		}
		if err := d.write(filepath.Base(file), both[0], both[1]); err != nil {
			return err
		}
	}
	return nil
}

// packIDX writes what readIDX reads.
func packIDX(i *idx, zipped bool) ([]byte, error) {
	raw := []byte{0, 0, 8, byte(len(i.shape))}
	for _, side := range i.shape {
		raw = binary.BigEndian.AppendUint32(raw, uint32(side))
	}
	raw = append(raw, i.values...)
	if !zipped {
		return raw, nil
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(raw); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// CheckSize refuses a file that is longer than limit bytes, unpacked where it is packed: reading it would take as much memory.
func CheckSize(path string, limit int64) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	from := io.Reader(in)
	if strings.HasSuffix(strings.ToLower(path), ".gz") {
		if from, err = gzip.NewReader(in); err != nil {
			return badFile("%s is no gzip file: %v.", path, err)
		}
	}
	n, err := io.Copy(io.Discard, io.LimitReader(from, limit+1))
	if err != nil {
		return badFile("%s cannot be unpacked: %v.", path, err)
	}
	if n > limit {
		return fmt.Errorf("%w (longer than %d bytes)", ErrBadFile, limit)
	}
	return nil
}
