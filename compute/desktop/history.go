package desktop

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"
)

// Past is a part of a job that the computer is done with.
type Past struct {
	Lease   string    `json:"lease"`
	Job     string    `json:"job"`
	Title   string    `json:"title"`
	Kind    string    `json:"kind"`
	Part    int       `json:"part"`
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended"`
	Outcome Outcome   `json:"outcome"`
	Problem string    `json:"problem,omitempty"`
}

// Outcome is how a part ended here.
type Outcome string

// The outcomes.
const (
	Done     Outcome = "done"
	Failed   Outcome = "failed"
	GivenUp  Outcome = "given_back" // the computer was paused
	Unwanted Outcome = "unwanted"   // another was faster, or the job has ended
)

// historyMax is how many parts are kept.
const historyMax = 200

// readHistory reads the file of what was done, the newest first. Where there is none, nothing was.
func readHistory(path string) ([]Past, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Past
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return all, nil
}

// remember returns what was done with one more, and keeps it in the file.
func remember(path string, all []Past, newest Past) ([]Past, error) {
	all = slices.Insert(slices.Clone(all), 0, newest)
	all = all[:min(len(all), historyMax)]
	raw, err := json.Marshal(all)
	if err != nil {
		return all, err
	}
	return all, writeFile(path, raw)
}
