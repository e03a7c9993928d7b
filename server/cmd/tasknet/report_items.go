package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// pictureMost is how many bytes a picture in a report's page may have. The server keeps none that is larger.
const pictureMost = 12 << 20

// disputed is a disputed task with what it shows.
type disputed struct {
	labeling.ReportTask
	Text, Passage string
	Choices       []string
	Pictures      []picture // of the task, or one for each choice
	Clip          string    // where it is heard
}

// picture is one in the page itself, which needs no server.
type picture struct {
	Source template.URL
	Alt    string
}

// items fetches what the most disputed tasks show from the server at an address.
func items(ctx context.Context, address string, c *client.Client, requester *client.Requester, tasks []labeling.ReportTask) ([]disputed, error) {
	out := make([]disputed, len(tasks))
	for i, t := range tasks {
		q, err := requester.Question(ctx, string(t.Question))
		if err != nil {
			return nil, fmt.Errorf("task %s: %w", t.Key, err)
		}
		out[i] = disputed{ReportTask: t, Text: q.Text, Passage: q.Passage, Choices: q.Choices}
		if q.Audio != nil {
			out[i].Clip = strings.TrimSuffix(address, "/") + q.Audio.URL
		}
		pictures := q.ChoiceImages
		if q.Image != nil {
			pictures = append([]wire.Image{*q.Image}, pictures...)
		}
		for _, of := range pictures {
			shown, err := embedded(ctx, c, of)
			if err != nil {
				return nil, fmt.Errorf("the picture of task %s: %w", t.Key, err)
			}
			out[i].Pictures = append(out[i].Pictures, shown)
		}
	}
	return out, nil
}

// embedded fetches a picture. Only the types that the server makes of pictures are let into the page.
func embedded(ctx context.Context, c *client.Client, of wire.Image) (p picture, err error) {
	switch of.Type {
	case "image/png", "image/jpeg":
	default:
		return p, fmt.Errorf("its type %q is not that of a picture", of.Type)
	}
	body, err := c.Media(ctx, of.Hash)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	raw, err := io.ReadAll(io.LimitReader(body, pictureMost))
	if err != nil {
		return p, err
	}
	return picture{template.URL("data:" + of.Type + ";base64," + base64.StdEncoding.EncodeToString(raw)), of.Alt}, nil //nolint:gosec // base64 under one of two types
}
