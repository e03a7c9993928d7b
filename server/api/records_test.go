package api

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// A page of records ends before it is too large, whatever people answer, and the next one goes on where it ends.
func TestRecordsOfLargeAnswers(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(10_000_000))
	var picture bytes.Buffer
	w.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 200, 160))))
	img := w.upload(picture.Bytes())
	noise := polls.Value(`[{"class":0,"counts":[1` + strings.Repeat(",1", 200*160-1) + `]}]`) // 64,025 bytes
	p := w.person()
	var asked []string
	for range 20 {
		q := w.ask(`{"type":"mask","text":"Paint","choices":["water"],"image":"` + img + `","quorum":{"policy":"fixed:1"}}`)
		if _, err := p.AnswerValue(t.Context(), w.take(p, q.ID), noise); err != nil {
			t.Fatal(err)
		}
		w.closed(q.ID)
		asked = append(asked, q.ID)
	}
	var found []string
	var pages []int
	for cursor := ""; len(pages) == 0 || cursor != ""; {
		reply := w.as("", "GET", "/v1/records/questions?cursor="+cursor, "")
		page := read[wire.Records](w, reply, 200)
		if len(reply.body) > recordsBytes {
			t.Errorf("a page of %d records has %d bytes", len(page.Records), len(reply.body))
		}
		for _, r := range page.Records {
			found = append(found, r.Question.ID)
		}
		pages, cursor = append(pages, len(page.Records)), page.Next
	}
	if diff := cmp.Diff(asked, found); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{16, 4}, pages); diff != "" {
		t.Errorf("records on each page (-want +got):\n%s", diff)
	}
}
