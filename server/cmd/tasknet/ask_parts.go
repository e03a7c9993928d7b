package main

import (
	"context"
	"fmt"
	"os"
	"strings"

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

// askedNumber is the range of a number, as flags have it.
type askedNumber struct {
	span, unit string
	decimals   int
}

// read returns the range; nil when none was given.
func (n *askedNumber) read() (*wire.NumberRange, error) {
	if n.span == "" {
		if n.unit != "" || n.decimals != 0 {
			return nil, usagef("--unit and --decimals belong to a number: give its --range too")
		}
		return nil, nil
	}
	least, most, ok := strings.Cut(n.span, ",")
	if !ok {
		return nil, usagef("--range is the least and the most with a comma between, such as 0,100")
	}
	return &wire.NumberRange{Min: least, Max: most, Decimals: n.decimals, Unit: n.unit}, nil
}
