package sdk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// erasedFile says that the person was erased at the server and that what is kept here goes, until all of it has gone.
const erasedFile = "erased"

// erased is what goes besides the files and the device's key.
type erased struct {
	Wallet bool `json:"wallet"`
}

// Erase has the server erase what can be erased of the person, by a statement that the wallet signs, and then removes all that this
// session keeps: its files and the device's key, and with wallet the wallet's key, without which what is owed is lost. Then the
// session is closed; opened again, it is that of a new device. An app that is stopped meanwhile removes the rest when it opens the
// session again. answers_wait while answers wait; any error but not_removed leaves the session as it was.
func (s *Session) Erase(c *Cancel, wallet bool) error {
	if err := s.eraseThere(c, wallet); err != nil {
		return typed(err)
	}
	s.shut()
	if err := errors.Join(finishErasure(s.folder, s.secrets), s.Close()); err != nil {
		return &Error{errNotRemoved.kind, errNotRemoved.code, errNotRemoved.text, err}
	}
	return nil
}

func (s *Session) eraseThere(c *Cancel, wallet bool) error {
	ctx, end, err := s.begin(c)
	if err != nil {
		return err
	}
	defer end()
	if s.Waiting() > 0 {
		return errWaiting
	}
	person, err := s.reach(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	respondent := s.known.Respondent
	s.mu.Unlock()
	if _, err := person.Erase(ctx, respondent); err != nil {
		return err
	}
	return s.folder.write(erased{wallet}, knownFolder, erasedFile)
}

// finishErasure removes what is kept of somebody who was erased, if they were. What says so goes last.
func finishErasure(f *folder, secrets SecureStore) error {
	var what erased
	switch err := f.read(&what, knownFolder, erasedFile); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, errBadFile):
		what.Wallet = false // whose loss could not be undone
	case err != nil:
		return err
	}
	for _, in := range append(settledFolders, outboxFolder, knownFolder) {
		if err := f.clear(in, erasedFile); err != nil {
			return err
		}
	}
	if err := secrets.Delete(DeviceSecret); err != nil {
		return fmt.Errorf("delete the device's key: %w", err)
	}
	if what.Wallet {
		if err := secrets.Delete(WalletSecret); err != nil {
			return fmt.Errorf("delete the wallet's key: %w", err)
		}
	}
	return f.remove(knownFolder, erasedFile)
}

// clear removes all files in a folder but one.
func (f *folder) clear(in, spared string) error {
	entries, err := os.ReadDir(filepath.Join(f.path, in))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == spared+".json" {
			continue
		}
		if err := os.Remove(filepath.Join(f.path, in, e.Name())); err != nil {
			return err
		}
	}
	return syncFolder(filepath.Join(f.path, in))
}
