package verify_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/bundle"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

func quiet(string, int, int) {}

// bundled writes a bundle of records, and returns its folder and its hash.
func bundled(t *testing.T, s verify.Source) (dir, hash string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "bundle")
	sum, err := bundle.Write(t.Context(), s, dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return dir, sum.Manifest
}

// verifyBundle verifies a folder as the command does.
func verifyBundle(t *testing.T, dir, hash string) (verify.Report, error) {
	t.Helper()
	b, err := bundle.Open(t.Context(), dir, hash)
	if err != nil {
		return verify.Report{}, err
	}
	report, err := verify.Run(t.Context(), b, verify.Config{})
	return report, errors.Join(err, b.Close())
}

// TestBundle: what a server's records prove, a folder of them proves; and the same records make the same folder.
func TestBundle(t *testing.T) {
	r, leaves, _ := buildLogged(t)
	r.anchor(t, 2, leaves.at(257))
	want, err := verify.Run(t.Context(), clientOf(t, r), verify.Config{})
	if err != nil {
		t.Fatal(err)
	}
	dir, hash := bundled(t, clientOf(t, r))
	got, err := verifyBundle(t, dir, hash)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(tasknet.Amount{})); diff != "" {
		t.Errorf("(-server +bundle):\n%s", diff)
	}
	if want.Log != 300 {
		t.Errorf("a log of %d leaves", want.Log)
	}
	if _, again := bundled(t, clientOf(t, r)); again != hash {
		t.Errorf("the same records made another bundle: %s and %s", hash, again)
	}
	empty := logged{records: &records{Instance: r.Instance}} // its log has not begun
	dir, hash = bundled(t, clientOf(t, empty))
	if _, err := verifyBundle(t, dir, hash); err != nil {
		t.Errorf("an instance on which nothing has happened: %v", err)
	}
}

// TestBundleOfWrongRecords: what a server says wrongly, its bundle says wrongly, and it is the record that is named.
func TestBundleOfWrongRecords(t *testing.T) {
	r := build(t)
	r.Questions[3].Verdict.Confidence = "0.999999"
	dir, hash := bundled(t, r.client(t))
	_, err := verifyBundle(t, dir, hash)
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "question" || m.ID != r.Questions[3].Question.ID {
		t.Errorf("got %v", err)
	}
	r = build(t)
	delete(r.Snapshots, r.Questions[3].Verdict.Snapshot)
	dir, hash = bundled(t, r.client(t))
	_, err = verifyBundle(t, dir, hash)
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "snapshot" || m.ID != r.Questions[3].Verdict.Snapshot {
		t.Errorf("without a snapshot: %v", err)
	}
	l, leaves, ids := buildLogged(t)
	l.files = publish(t, l.Instance.Log.Name, slices.Delete(slices.Clone(leaves), 2, 3))
	dir, hash = bundled(t, clientOf(t, l))
	_, err = verifyBundle(t, dir, hash)
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != ids[0].kind || m.ID != ids[0].id || m.Field != "log" {
		t.Errorf("without a leaf: %v", err)
	}
}

// TestBundleWhileTheServerWorks copies at every moment of an instance's life, at different speeds of what goes on.
func TestBundleWhileTheServerWorks(t *testing.T) {
	all := build(t)
	for _, payouts := range all.Payouts {
		for i := range payouts { // what is claimed is not known at every moment
			payouts[i].Claimed = false
		}
	}
	all.Instance.Time = wire.At(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
	long := os.Getenv(longTests) != ""
	for start := range len(all.Ledger) + 1 {
		for step := range 4 {
			if !long && start%4 != step {
				continue // every start, and every pace a quarter of the times
			}
			g := &growing{all: all, shown: start, step: step}
			dir, hash := bundled(t, g.client(t))
			if _, err := verifyBundle(t, dir, hash); err != nil {
				t.Fatalf("from transaction %d on, %d at a time: %v", start, step, err)
			}
		}
	}
}

// TestBundleFlips changes one random byte of one random file at a time, a thousand times, thousands in the long form, or cuts the file there. It must be
// found, as a file or a record that is named, also by one who was not told the bundle's hash.
func TestBundleFlips(t *testing.T) {
	r, leaves, _ := loggedAs(t, buildWith(t, labeling.General(len(choices)), (*builder).contract, (*builder).jobs, (*builder).model))
	u := upgraded{logged: r}
	r.files = publish(t, r.Instance.Log.Name, append(leaves, u.begins(t, r.Epochs[0].At.Time, logKey)))
	dir, hash := bundled(t, clientOf(t, r))
	kinds := make(map[string][]string) // files, by what they are
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		kind, _, _ := strings.Cut(filepath.ToSlash(name), "/")
		if kind == "log" {
			kind = filepath.ToSlash(name)
		}
		kinds[kind] = append(kinds[kind], name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(kinds) != 16 {
		t.Fatalf("%d kinds of file: %v", len(kinds), kinds)
	}
	each := 80
	if os.Getenv(longTests) != "" {
		each = 500
	}
	random := rand.New(rand.NewPCG(20261122, 1))
	for kind, files := range kinds {
		slices.Sort(files)
		for range each {
			name := files[random.IntN(len(files))]
			path := filepath.Join(dir, name)
			good, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			bad, at := slices.Clone(good), random.IntN(len(good))
			var what string
			if random.IntN(10) == 0 {
				bad, what = bad[:at], fmt.Sprintf("%s cut at %d", name, at)
			} else {
				bad[at] ^= byte(1 + random.IntN(255))
				what = fmt.Sprintf("byte %d of %s from %#x to %#x", at, name, good[at], bad[at])
			}
			told := hash
			if random.IntN(2) == 0 {
				told = ""
			}
			write(t, path, bad)
			_, err = verifyBundle(t, dir, told)
			m, found := errors.AsType[*verify.Mismatch](err)
			if version := errors.Is(err, bundle.ErrVersion); !found && !(version && kind == "manifest.jsonl") {
				t.Errorf("%s: %v", what, err)
			} else if found && (m.Kind != "file" || m.ID != filepath.ToSlash(name)) {
				t.Errorf("%s is named as %s %s", what, m.Kind, m.ID)
			}
			write(t, path, good)
		}
	}
	if _, err := verifyBundle(t, dir, hash); err != nil {
		t.Errorf("with every byte as it was: %v", err)
	}
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
