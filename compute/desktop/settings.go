package desktop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// settingsVersion is the version of the file of settings.
const settingsVersion = 1

// Settings are what the owner of a computer wants of it.
type Settings struct {
	Version int    `json:"version"`
	Server  string `json:"server"` // address; empty: none is chosen yet
	Name    string `json:"name"`   // what the owner calls the computer

	Cores     int   `json:"cores"`
	MemoryMiB int64 `json:"memory_mib"`
	DiskMiB   int64 `json:"disk_mib"`

	MainsOnly     bool   `json:"mains_only"`
	UnmeteredOnly bool   `json:"unmetered_only"`
	IdleOnly      bool   `json:"idle_only"`
	IdleMinutes   int    `json:"idle_minutes"` // without a key or the mouse, after which the computer is not in use
	MaxCelsius    int    `json:"max_celsius"`  // 0: no limit
	MaxLoad       int    `json:"max_load"`     // per cent of the processors that others may take; 0: no limit
	Hours         *Hours `json:"hours"`        // null: at any time

	Only []string `json:"only"` // organisations and jobs whose work is done; none: everybody's
	Not  []string `json:"not"`  // those whose work is not done, whatever Only says

	MinPrice tasknet.Amount `json:"min_price"` // the least that an hour of work is to pay; zero: it works for nothing, too

	Paused bool `json:"paused"`
}

// Hours are when work may be done, by the clock of the computer. What goes past midnight belongs to the day that it begins on;
// from and to that are equal are a whole day.
type Hours struct {
	From string `json:"from"` // 22:00
	To   string `json:"to"`
	Days []Day  `json:"days"`
}

// Day is a day of the week.
type Day string

// days are the days of the week, by Go's numbers.
var days = [7]Day{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

const clockLayout = "15:04"

// Limits of settings.
const (
	nameMax     = 100
	coresMax    = 4096
	mibMax      = 1 << 30
	idleMax     = 24 * 60
	celsiusMin  = 30
	celsiusMax  = 120
	memoryLeast = 128 // MiB that the smallest work runs in
)

func badSettings(format string, args ...any) error {
	return tasknet.NewError(tasknet.Invalid, "bad_settings", fmt.Sprintf(format, args...))
}

// Defaults returns the settings of a computer with so much: half of its cores and memory, a tenth of its disk, and not on battery nor
// where volume costs.
func Defaults(name string, cores int, memory, disk int64) Settings {
	return Settings{
		Version: settingsVersion, Name: name[:min(len(name), nameMax)], Cores: max(cores/2, 1), MemoryMiB: max(memory/2>>20, memoryLeast), DiskMiB: max(disk/10>>20, 1),
		MainsOnly: true, UnmeteredOnly: true, IdleMinutes: 5, Only: []string{}, Not: []string{},
	}
}

// Check says what is wrong with settings.
func (s *Settings) Check() error {
	if s.Server != "" {
		u, err := url.Parse(s.Server)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
			return badSettings("The server is an address such as https://tasknet.example.")
		}
	}
	switch {
	case s.Version != settingsVersion:
		return badSettings("The settings have version %d, and this program knows version %d.", s.Version, settingsVersion)
	case s.Name == "" || len(s.Name) > nameMax:
		return badSettings("The computer's name has 1 to %d bytes.", nameMax)
	case s.Cores < 1 || s.Cores > coresMax:
		return badSettings("Work has 1 to %d cores.", coresMax)
	case s.MemoryMiB < memoryLeast || s.MemoryMiB > mibMax:
		return badSettings("Work has at least %d MiB of memory.", memoryLeast)
	case s.DiskMiB < 1 || s.DiskMiB > mibMax:
		return badSettings("Work has at least 1 MiB of disk.")
	case s.IdleMinutes < 1 || s.IdleMinutes > idleMax:
		return badSettings("A computer is idle after 1 to %d minutes.", idleMax)
	case s.MaxCelsius != 0 && (s.MaxCelsius < celsiusMin || s.MaxCelsius > celsiusMax):
		return badSettings("The most that the processor may heat up to is %d to %d °C, or 0 for no limit.", celsiusMin, celsiusMax)
	case s.MinPrice.Sign() < 0 || s.MinPrice.Cmp(compute.PriceMax) > 0:
		return badSettings("The least that an hour is to pay is 0 to %s.", compute.PriceMax)
	case s.MaxLoad < 0 || s.MaxLoad > 100:
		return badSettings("The most that others may take of the processors is 1 to 100 per cent, or 0 for no limit.")
	}
	if err := s.checkChoice(); err != nil {
		return err
	}
	if s.Hours == nil {
		return nil
	}
	if _, _, err := s.Hours.minutes(); err != nil {
		return err
	}
	if len(s.Hours.Days) == 0 {
		return badSettings("Choose at least one day of the week.")
	}
	for i, d := range s.Hours.Days {
		if !slices.Contains(days[:], d) || slices.Contains(s.Hours.Days[:i], d) {
			return badSettings("%q is no day of the week, or is there twice; the days are sun, mon, tue, wed, thu, fri and sat.", d)
		}
	}
	return nil
}

// Choice is whose work is done.
func (s *Settings) Choice() compute.Choice { return compute.Choice{Only: s.Only, Not: s.Not} }

// checkChoice says what is wrong with whose work is done, and names the id.
func (s *Settings) checkChoice() error {
	for _, id := range slices.Concat(s.Only, s.Not) {
		if (&compute.Choice{Only: []string{id}}).Check() != nil {
			return badSettings("%q is no id of an organisation (org_...) or of a job (job_...).", shorten(id))
		}
	}
	for _, id := range s.Only {
		if slices.Contains(s.Not, id) {
			return badSettings("%s is among those that it works for alone, and among those that it does not work for.", id)
		}
	}
	choice := s.Choice()
	return choice.Check()
}

// shorten returns as much of a text as a message can hold.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:39]) + "…"
	}
	return text
}

// minutes returns from and to as minutes of the day.
func (h *Hours) minutes() (from, to int, err error) {
	f, fromErr := time.Parse(clockLayout, h.From)
	t, toErr := time.Parse(clockLayout, h.To)
	if fromErr != nil || toErr != nil {
		return 0, 0, badSettings("Work is done between two times such as 22:00 and 07:00.")
	}
	return f.Hour()*60 + f.Minute(), t.Hour()*60 + t.Minute(), nil
}

// readSettings reads settings from JSON, all of which must make sense.
func readSettings(raw []byte) (Settings, error) {
	var version struct {
		Version int `json:"version"`
	}
	if json.Unmarshal(raw, &version) == nil && version.Version > settingsVersion { // what else it has is not known
		return Settings{}, badSettings("The settings have version %d: a newer program wrote them, and this one knows version %d.", version.Version, settingsVersion)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var s Settings
	if err := d.Decode(&s); err != nil {
		if known, ok := errors.AsType[*tasknet.Error](err); ok {
			return Settings{}, badSettings("%s", known.Message)
		}
		return Settings{}, badSettings("The settings cannot be read: %v.", err)
	}
	if d.More() {
		return Settings{}, badSettings("There is more after the settings.")
	}
	if s.Only == nil { // an older file has neither
		s.Only = []string{}
	}
	if s.Not == nil {
		s.Not = []string{}
	}
	return s, s.Check()
}

// LoadSettings reads the file of settings. Where there is none, it returns others.
func LoadSettings(path string, others Settings) (Settings, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return others, nil
	}
	if err != nil {
		return Settings{}, err
	}
	s, err := readSettings(raw)
	if err != nil {
		return Settings{}, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// Save writes the file of settings, for the owner's eyes only.
func (s *Settings) Save(path string) error {
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(path, append(raw, '\n'))
}

// writeFile writes a file for the owner's eyes only, whole or not at all.
func writeFile(path string, content []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}
