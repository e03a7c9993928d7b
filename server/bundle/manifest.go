package bundle

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"slices"
	"strconv"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// format is what manifests begin with. A reader refuses others.
const format = "tasknet/bundle/v1"

// What is in every bundle.
const (
	manifestFile  = "manifest.jsonl"
	instanceFile  = "instance.json"
	totalsFile    = "totals.json"
	ledgerFile    = "ledger.jsonl.zst"
	questionsFile = "questions.jsonl.zst"
	epochsFile    = "epochs.jsonl.zst"
	addressesFile = "addresses.jsonl.zst"
)

func payoutsFile(epoch int64) string { return "payouts/" + strconv.FormatInt(epoch, 10) + ".jsonl.zst" }

func spendingFile(epoch int64) string {
	return "spending/" + strconv.FormatInt(epoch, 10) + ".jsonl.zst"
}

// What is only in bundles of instances that contracts ask.
const requestsFile = "requests.jsonl.zst"

func verdictsFile(epoch int64) string {
	return "verdicts/" + strconv.FormatInt(epoch, 10) + ".jsonl.zst"
}

// casesFile is only in bundles of instances that prepared cases about stakes.
const casesFile = "cases.jsonl.zst"

// jobsFile is only in bundles of instances that settled jobs of nodes.
const jobsFile = "jobs.jsonl.zst"

func snapshotFile(hash string) string { return "snapshots/" + hash + ".json.zst" }

func witnessFile(hash string) string { return "witnesses/" + hash + ".json.zst" }

// IsHash reports whether a text is a SHA-256 as a manifest writes it: 64 hex digits in lower case.
func IsHash(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == s
}

// ErrVersion reports a bundle of a format that this version does not know.
var ErrVersion = tasknet.NewError(tasknet.NotSupported, "unknown_bundle", "This version does not know this format of a bundle; update it.")

// manifest is what a bundle says of its files.
type manifest struct {
	head   head
	files  []*file
	byName map[string]*file // when it was read
	hash   string           // the same
}

// head is the first line of a manifest.
type head struct {
	Format   string    `json:"format"`
	Instance string    `json:"instance"`
	At       wire.Time `json:"at"` // when the copy was begun, by the server's clock
}

// file is a line of the manifest.
type file struct {
	Name   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	Items  int    `json:"items"` // lines, before it was compressed
	SHA256 string `json:"sha256"`
}

// write returns the bytes of a manifest, and their hash that stands on the last line.
func (m *manifest) write() (raw []byte, hash string, err error) {
	slices.SortFunc(m.files, func(a, b *file) int { return cmp.Compare(a.Name, b.Name) })
	lines := []any{m.head}
	for _, f := range m.files {
		lines = append(lines, f)
	}
	for _, l := range lines {
		line, err := tasknet.Canonical(l)
		if err != nil {
			return nil, "", err
		}
		raw = append(append(raw, line...), '\n')
	}
	end, hash := sealOf(raw)
	return append(raw, end...), hash, nil
}

// sealOf returns the last line of a manifest for the lines before it, and the hash on it.
func sealOf(lines []byte) (line []byte, hash string) {
	sum := sha256.Sum256(lines)
	hash = hex.EncodeToString(sum[:])
	return []byte(`{"sha256":"` + hash + "\"}\n"), hash
}

// readManifest reads a manifest whose last line fits and, unless that is empty, is the wanted hash. ErrVersion, or a
// Mismatch.
func readManifest(raw []byte, want string) (*manifest, error) {
	wrong := func(field, expected, got string) error {
		return &verify.Mismatch{Kind: "file", ID: manifestFile, Field: field, Expected: expected, Got: got}
	}
	first, _, _ := bytes.Cut(raw, []byte("\n"))
	var h head
	if err := json.Unmarshal(first, &h); err == nil && h.Format != "" && h.Format != format {
		return nil, ErrVersion
	}
	cut := bytes.LastIndexByte(bytes.TrimSuffix(raw, []byte("\n")), '\n') + 1
	end, hash := sealOf(raw[:cut])
	if got := string(raw[cut:]); got != string(end) {
		return nil, wrong("last line", string(bytes.TrimSpace(end)), shortened(got))
	}
	if want != "" && want != hash {
		return nil, wrong("sha256", want, hash)
	}
	m := &manifest{byName: make(map[string]*file), hash: hash}
	for i, line := range bytes.Split(bytes.TrimSuffix(raw[:cut], []byte("\n")), []byte("\n")) {
		if i == 0 {
			if err := json.Unmarshal(line, &m.head); err != nil || m.head.Format != format {
				return nil, wrong("line 1", "the format and the instance", shortened(string(line)))
			}
			continue
		}
		f := new(file)
		if err := json.Unmarshal(line, f); err != nil || f.Name == manifestFile || !fs.ValidPath(f.Name) || m.byName[f.Name] != nil {
			return nil, wrong("line "+strconv.Itoa(i+1), "a file that no other line has", shortened(string(line)))
		}
		m.files, m.byName[f.Name] = append(m.files, f), f
	}
	for _, name := range []string{instanceFile, totalsFile, ledgerFile, questionsFile, epochsFile} {
		if m.byName[name] == nil {
			return nil, wrong("files", name+" among them", "a list without it")
		}
	}
	return m, nil
}

// shortened is a text of at most some bytes, for a person to read.
func shortened(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
