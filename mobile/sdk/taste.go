package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"strings"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// tasteFile is where a taste is kept: it is the device's, and told with each request for questions.
const tasteFile = "taste"

func (s *Session) loadTaste() error {
	err := s.folder.read(&s.taste, knownFolder, tasteFile)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errBadFile) {
		s.taste = client.Taste{} // any question
		return nil
	}
	return err
}

func (s *Session) likes() client.Taste {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taste
}

// Taste returns what the person likes to answer and what not, as SetTaste was told it: {} at first.
func (s *Session) Taste() string { return text(s.likes()) }

// SetTaste keeps what the person likes to answer and what not, on this device: {"reads", "avoids", "likes"}, lists of which any may
// be left out. Reads are languages, as BCP 47 tags: of projects in others there is nothing. Avoids are warnings, topics and types of
// questions: what has one of them is not chosen. Likes are topics: questions about these come first. bad_taste, bad_avoids,
// bad_content or bad_languages change nothing.
func (s *Session) SetTaste(taste string) error {
	_, end, err := s.begin(nil)
	if err != nil {
		return err
	}
	defer end()
	var t client.Taste
	if !strict(taste, &t) {
		return errTaste
	}
	if err := t.Check(); err != nil {
		return typed(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if text(t) == text(s.taste) {
		return nil
	}
	if err := s.folder.write(t, knownFolder, tasteFile); err != nil {
		return typed(err)
	}
	s.taste = t
	return nil
}

// Wishes returns for what and when the person is woken, as a wire.Wishes: beside what they avoid the least pay and the quiet hours.
// The server keeps them, for all of the person's devices.
func (s *Session) Wishes(c *Cancel) (string, error) {
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Wishes, error) {
		got, err := p.Push(ctx)
		return got.Wishes, err
	})
}

// SetWishes tells them, all at once, and returns them as the server keeps them. bad_wishes, or the server's errors.
func (s *Session) SetWishes(c *Cancel, wishes string) (string, error) {
	var w wire.Wishes
	if !strict(wishes, &w) {
		return "", errWishes
	}
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Wishes, error) { return p.SetWishes(ctx, w) })
}

// strict decodes an object of known fields.
func strict(object string, v any) bool {
	d := json.NewDecoder(strings.NewReader(object))
	d.DisallowUnknownFields()
	if d.Decode(v) != nil || !strings.HasPrefix(strings.TrimSpace(object), "{") {
		return false
	}
	_, err := d.Token()
	return errors.Is(err, io.EOF)
}
