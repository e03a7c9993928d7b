package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// askedMedia are the files that belong to a question.
type askedMedia struct {
	image, audio string
	choices      []string
}

// upload uploads the files and names them in the question.
func (m *askedMedia) upload(ctx context.Context, r *client.Requester, ask *wire.Ask) error {
	put := func(flag, file string) (string, error) {
		raw, err := os.ReadFile(file)
		if err != nil {
			return "", usagef("--%s: %v", flag, err)
		}
		stored, err := r.Upload(ctx, raw)
		if err != nil {
			return "", fmt.Errorf("upload %s: %w", file, err)
		}
		return stored.Hash, nil
	}
	var err error
	if m.image != "" {
		if ask.Image, err = put("image", m.image); err != nil {
			return err
		}
	}
	if m.audio != "" {
		if ask.Audio, err = put("audio", m.audio); err != nil {
			return err
		}
	}
	for _, file := range m.choices {
		hash, err := put("choice-image", file)
		if err != nil {
			return err
		}
		ask.ChoiceImages = append(ask.ChoiceImages, wire.AskedImage{Image: hash})
	}
	return nil
}

// shownValue writes the value of a verdict for people: choices by their words, anything else as it is.
func shownValue(q wire.Question) (string, error) {
	var indexes []int
	if err := json.Unmarshal(q.Verdict.Value, &indexes); err != nil || (q.Type != string(polls.Ranking) && q.Type != string(polls.Multiple)) {
		indented, err := json.MarshalIndent(q.Verdict.Value, "", "  ")
		return string(indented), err
	}
	words := make([]string, len(indexes))
	for i, c := range indexes {
		if c < 0 || c >= len(q.Choices) {
			return "", client.ErrProtocol
		}
		words[i] = q.Choices[c]
	}
	if q.Type == string(polls.Ranking) {
		return strings.Join(words, " > "), nil
	}
	return strings.Join(words, ", "), nil
}
