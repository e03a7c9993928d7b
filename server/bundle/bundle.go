package bundle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/ordered"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// Bundle is a folder that fits its manifest. It is a source of records for package verify; many goroutines may use it.
type Bundle struct {
	root     *os.Root
	manifest *manifest
}

var _ verify.Source = (*Bundle)(nil)

// Errors of reading.
var (
	ErrNoBundle   = tasknet.NewError(tasknet.Invalid, "no_bundle", "This is no folder that \"tasknet bundle\" wrote: there is no manifest.jsonl in it.")
	errNoWitness  = tasknet.NewError(tasknet.NotFound, "no_such_witness", "The bundle does not have this witness.")
	errNoSnapshot = tasknet.NewError(tasknet.NotFound, "no_such_snapshot", "The bundle does not have this snapshot.")
	errNoRecord   = tasknet.NewError(tasknet.NotFound, "no_such_question", "A bundle has no questions but those of its list.")
)

// manifestMost is how much of a manifest is read.
const manifestMost = 256 << 20

// Open checks the files of a bundle by its manifest, and the manifest by its last line and, unless that is empty, by the hash
// that its reader was told. ErrNoBundle, ErrVersion, or a *verify.Mismatch that names the file. Unless there is an error, it is
// to be closed.
func Open(ctx context.Context, dir, manifestHash string) (_ *Bundle, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	b := &Bundle{root: root}
	defer func() {
		if err != nil {
			err = errors.Join(err, root.Close())
		}
	}()
	f, err := openFile(root, manifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoBundle
	}
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(f, manifestMost))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if b.manifest, err = readManifest(raw, manifestHash); err != nil {
		return nil, err
	}
	for _, err := range ordered.Map(each(b.manifest.files), func(f *file) (struct{}, error) { return struct{}{}, b.check(ctx, f) }) {
		if err != nil {
			return nil, err
		}
	}
	var in wire.Instance
	if in, err = b.Instance(ctx); err != nil {
		return nil, err
	}
	if h := b.manifest.head; in.Instance != h.Instance || !in.Time.Equal(h.At.Time) {
		return nil, mismatch(manifestFile, "instance and time", in.Instance+" at "+in.Time.Format(wire.TimeLayout)+", as "+instanceFile+" says", h.Instance+" at "+h.At.Format(wire.TimeLayout))
	}
	return b, nil
}

// Close lets go of the folder.
func (b *Bundle) Close() error { return b.root.Close() }

// Hash returns the SHA-256 on the last line of the manifest, which stands for the whole bundle.
func (b *Bundle) Hash() string { return b.manifest.hash }

// Others returns the names of the files in the folder that are not of the bundle, which nobody reads.
func (b *Bundle) Others() (names []string, err error) {
	err = fs.WalkDir(b.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && name != manifestFile && b.manifest.byName[name] == nil {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// Bytes returns the size of all files.
func (b *Bundle) Bytes() (sum int64) {
	for _, f := range b.manifest.files {
		sum += f.Bytes
	}
	return sum
}

func mismatch(file, field, expected, got string) error {
	return &verify.Mismatch{Kind: "file", ID: file, Field: field, Expected: expected, Got: got}
}

// openFile opens a file of a folder. What is no file, as a pipe whose other end never comes, is as if it were not there.
func openFile(root *os.Root, name string) (*os.File, error) {
	name = filepath.FromSlash(name)
	info, err := root.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if err != nil {
		return nil, err
	}
	return root.Open(name)
}

// check compares a file with its line in the manifest.
func (b *Bundle) check(ctx context.Context, want *file) (err error) {
	f, err := openFile(b.root, want.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return mismatch(want.Name, "file", "one, as the manifest has it", "none")
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != want.Bytes {
		return mismatch(want.Name, "bytes", fmt.Sprint(want.Bytes), fmt.Sprint(info.Size()))
	}
	sum, buffer := sha256.New(), make([]byte, 1<<18)
	for {
		n, err := f.Read(buffer)
		sum.Write(buffer[:n])
		if errors.Is(err, io.EOF) {
			break
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want.SHA256 {
		return mismatch(want.Name, "sha256", want.SHA256, got)
	}
	return nil
}

// Instance implements verify.Source.
func (b *Bundle) Instance(ctx context.Context) (wire.Instance, error) {
	return one[wire.Instance](ctx, b, instanceFile)
}

// Totals implements verify.Source.
func (b *Bundle) Totals(ctx context.Context) (wire.Totals, error) {
	return one[wire.Totals](ctx, b, totalsFile)
}

// Records implements verify.Source.
func (b *Bundle) Records(ctx context.Context) iter.Seq2[wire.Record, error] {
	return list[wire.Record](ctx, b, questionsFile)
}

// Record implements verify.Source: the list has all.
func (b *Bundle) Record(context.Context, string) (wire.Record, error) {
	return wire.Record{}, errNoRecord
}

// Snapshot implements verify.Source.
func (b *Bundle) Snapshot(ctx context.Context, hash string) (wire.Snapshot, error) {
	if b.manifest.byName[snapshotFile(hash)] == nil {
		return wire.Snapshot{}, errNoSnapshot
	}
	return one[wire.Snapshot](ctx, b, snapshotFile(hash))
}

// Witness implements verify.Source.
func (b *Bundle) Witness(ctx context.Context, hash string) (wire.Witness, error) {
	if b.manifest.byName[witnessFile(hash)] == nil {
		return wire.Witness{}, errNoWitness
	}
	return one[wire.Witness](ctx, b, witnessFile(hash))
}

// Epochs implements verify.Source.
func (b *Bundle) Epochs(ctx context.Context) iter.Seq2[wire.Epoch, error] {
	return list[wire.Epoch](ctx, b, epochsFile)
}

// EpochPayouts implements verify.Source.
func (b *Bundle) EpochPayouts(ctx context.Context, epoch int64) iter.Seq2[wire.Payout, error] {
	return list[wire.Payout](ctx, b, payoutsFile(epoch))
}

// EpochSpending implements verify.Source.
func (b *Bundle) EpochSpending(ctx context.Context, epoch int64) iter.Seq2[wire.VaultAccount, error] {
	return list[wire.VaultAccount](ctx, b, spendingFile(epoch))
}

// AddressChanges implements verify.Source.
func (b *Bundle) AddressChanges(ctx context.Context) iter.Seq2[wire.AddressChange, error] {
	return listIfAny[wire.AddressChange](ctx, b, addressesFile)
}

// OracleRequests implements verify.Source.
func (b *Bundle) OracleRequests(ctx context.Context) iter.Seq2[wire.OracleRequest, error] {
	return listIfAny[wire.OracleRequest](ctx, b, requestsFile)
}

// EpochVerdicts implements verify.Source.
func (b *Bundle) EpochVerdicts(ctx context.Context, epoch int64) iter.Seq2[wire.OracleRequest, error] {
	return listIfAny[wire.OracleRequest](ctx, b, verdictsFile(epoch))
}

// StakeCases implements verify.Source.
func (b *Bundle) StakeCases(ctx context.Context) iter.Seq2[wire.StakeCase, error] {
	return listIfAny[wire.StakeCase](ctx, b, casesFile)
}

// JobRecords implements verify.Source.
func (b *Bundle) JobRecords(ctx context.Context) iter.Seq2[wire.JobRecord, error] {
	return listIfAny[wire.JobRecord](ctx, b, jobsFile)
}

// listIfAny is list for a file that is not in every bundle.
func listIfAny[T any](ctx context.Context, b *Bundle, name string) iter.Seq2[T, error] {
	if b.manifest.byName[name] == nil {
		return func(func(T, error) bool) {}
	}
	return list[T](ctx, b, name)
}

// Ledger implements verify.Source.
func (b *Bundle) Ledger(ctx context.Context) iter.Seq2[wire.Transaction, error] {
	return list[wire.Transaction](ctx, b, ledgerFile)
}
