package interchange_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// sample is a dataset of two or three tasks.
type sample struct {
	about interchange.About
	rows  []*labeling.Labeled
	media map[string][]byte
}

func (s *sample) labeled() interchange.Labeled {
	return func(yield func(*labeling.Labeled, error) bool) {
		for _, row := range s.rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (s *sample) open(_ context.Context, hash string) (io.ReadCloser, error) {
	body, ok := s.media[hash]
	if !ok {
		return nil, os.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}

// picture adds an image of one colour.
func (s *sample) picture(t testing.TB, width, height int, shade uint8) *polls.Image {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, width, height))
	for i := range picture.Pix {
		picture.Pix[i] = shade
	}
	picture.SetGray(0, 0, color.Gray{255 - shade})
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b.Bytes())
	hash := hex.EncodeToString(sum[:])
	if s.media == nil {
		s.media = map[string][]byte{}
	}
	s.media[hash] = b.Bytes()
	return &polls.Image{Hash: hash, Type: "image/png", Width: width, Height: height, Bytes: b.Len(), Alt: fmt.Sprintf("shade %d", shade)}
}

var sampleTime = time.Date(2026, 11, 21, 12, 30, 15, 250_000_000, time.UTC)

// valueOf writes a value.
func valueOf(t testing.TB, content any) polls.Value {
	t.Helper()
	v, err := polls.ValueOf(content)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const passage = "Ünïcode 😀 comes\nfirst, \"then\" <tags> & more."

// samples are datasets of all types by their names, and some more. Three people answer each task; the third of them cannot tell of the first.
func samples(t testing.TB) map[string]*sample {
	t.Helper()
	all := map[string]*sample{}
	add := func(kind polls.Type, choices []string, options polls.Options, labels ...any) *sample {
		s := &sample{about: interchange.About{
			Name: "Sample: " + string(kind) + ` "quoted"`, Description: "Some *words*.", License: "cc-by-4.0", Languages: []string{"en", "no"},
			Version: "ds_1", Manifest: strings.Repeat("ab", 32), Root: strings.Repeat("cd", 32), Created: sampleTime, Type: kind, Choices: choices, Options: options,
			Text: "What\nis it?", Instructions: "Look | well.", Figures: []interchange.Figure{{Name: "Fleiss' kappa", Value: "0.8123"}},
		}}
		for i, label := range labels {
			row := &labeling.Labeled{
				Key: fmt.Sprintf("task %d, of \"%s\"", i+1, kind), Question: polls.QuestionID(fmt.Sprintf("q_%d", i+1)), Hash: strings.Repeat(fmt.Sprint(i+1), 64),
				Text: s.about.Text, Method: "dawid-skene/1", Confidence: 912_345,
			}
			choice, ok := label.(int)
			if ok {
				row.Choice = choice
				row.Soft = make([]int, max(len(choices), 2))
				for c := range row.Soft {
					row.Soft[c] = (1_000_000 - row.Confidence) / max(len(row.Soft)-1, 1)
				}
				row.Soft[choice] = row.Confidence
			} else {
				row.Value = valueOf(t, label)
			}
			for w, name := range []string{"ann", "bob", "cid"} {
				answer := labeling.LabeledAnswer{Worker: name, Choice: row.Choice, Value: row.Value, At: sampleTime.Add(time.Duration(10*i+w) * time.Second)}
				if w == 2 && i == 0 {
					answer.Choice, answer.Value = polls.CannotTell, ""
				}
				row.Answers = append(row.Answers, answer)
			}
			s.rows = append(s.rows, row)
		}
		s.rows[0].Truth = &labeling.Truth{Choice: (s.rows[0].Choice + 1) % 2}
		if v, ok := map[polls.Type]any{
			polls.Multiple: []int{1}, polls.Ranking: []int{0, 2, 1}, polls.Number: "-5", polls.Text: "\"other\" words", polls.Spans: []polls.Span{{Class: 1, Start: 1, End: 3}},
			polls.Boxes: []polls.Box{{Class: 1, X: 2, Y: 3, W: 4, H: 1}}, polls.Polygons: []polls.Polygon{}, polls.Mask: []polls.ClassMask{{Class: 1, Counts: []int{1, 90}}},
		}[kind]; ok {
			s.rows[0].Truth = &labeling.Truth{Value: valueOf(t, v)}
		}
		s.about.Truth = true
		all[string(kind)] = s
		return s
	}
	classes := []string{"cat & dog", `"mouse"`, "bird"}
	choices := add(polls.Choice, classes, polls.Options{}, 0, 2, 1)
	add(polls.YesNo, []string{"Yes", "No"}, polls.Options{}, 1, 0)
	add(polls.Scale, []string{"1", "2", "3", "4"}, polls.Options{}, 3, 0)
	several := add(polls.Multiple, classes, polls.Options{Most: 3}, []int{0, 2}, []int{1}, []int{})
	several.rows[0].Soft = []int{800_000, 100_000, 900_000}
	pair := add(polls.Pair, nil, polls.Options{}, 0, 1)
	pair.rows[0].Choices, pair.rows[1].Choices = []string{"this", "that"}, []string{"left, one", "right one"}
	ranking := add(polls.Ranking, nil, polls.Options{}, []int{2, 0, 1}, []int{1, 0})
	ranking.rows[0].Choices, ranking.rows[1].Choices = []string{"a", "b", "c"}, []string{"x", "y"}
	add(polls.Number, nil, polls.Options{Number: &polls.NumberRange{Min: -5_000_000, Max: 100_000_000, Decimals: 3, Unit: "kg"}}, "12.125", "-5", "0.5")
	add(polls.Text, nil, polls.Options{Length: 200}, "some words, \"quoted\"", "two\nlines & <tags> 😀")
	add(polls.Spans, classes, polls.Options{}, []polls.Span{{Class: 0, Start: 0, End: 7}, {Class: 2, Start: 8, End: 15}}, []polls.Span{})
	add(polls.Boxes, classes, polls.Options{}, []polls.Box{{Class: 2, X: 1, Y: 2, W: 7, H: 4}, {Class: 0, X: 0, Y: 0, W: 13, H: 7}}, []polls.Box{})
	add(polls.Polygons, classes, polls.Options{}, []polls.Polygon{{Class: 1, Points: []int{1, 1, 11, 2, 6, 6}}}, []polls.Polygon{{Class: 0, Points: []int{0, 0, 41, 0, 41, 29, 0, 29}}})
	add(polls.Mask, classes, polls.Options{}, []polls.ClassMask{{Class: 0, Counts: []int{0, 3, 8, 2, 78}}, {Class: 2, Counts: []int{50, 41}}}, []polls.ClassMask{{Class: 1, Counts: []int{300, 17, 872}}})
	for _, s := range all {
		s.about.Passage = s.about.Type == polls.Spans || s.about.Type == polls.Choice
		s.about.Image = s.about.Type == polls.Boxes || s.about.Type == polls.Polygons || s.about.Type == polls.Mask || s.about.Type == polls.Multiple
		for i, row := range s.rows {
			if s.about.Passage {
				row.Passage = passage
			}
			if s.about.Image {
				row.Image = s.picture(t, []int{13, 41, 5}[i], []int{7, 29, 6}[i], uint8(10*i))
			}
		}
	}
	heard := add(polls.Choice, classes, polls.Options{}, 1)
	all["audio"], heard.about.Audio = heard, true
	heard.about.Truth, heard.rows[0].Truth = false, nil
	clip := []byte("RIFF and some sound")
	sum := sha256.Sum256(clip)
	heard.rows[0].Audio = &polls.Audio{Hash: hex.EncodeToString(sum[:]), Type: "audio/wav", Bytes: len(clip)}
	heard.media = map[string][]byte{heard.rows[0].Audio.Hash: clip}
	pictured := add(polls.Pair, nil, polls.Options{}, 1)
	all["pictures"], pictured.about.ChoiceImages = pictured, true
	pictured.rows[0].Choices = []string{"Left", "Right"}
	pictured.rows[0].ChoiceImages = []polls.Image{*pictured.picture(t, 4, 5, 1), *pictured.picture(t, 6, 7, 2)}
	all["choice"], all["pair"] = choices, pair

	several.rows[1].Text = "" // an image says enough

	// A task that nobody answered.
	choice := all["choice"]
	choice.rows = append(choice.rows, &labeling.Labeled{Key: "nobody", Text: "What\nis it?", Passage: "p", Choice: labeling.NoChoice, Soft: []int{333_333, 333_333, 333_333}, Method: "dawid-skene/1"})
	boxes := all["boxes"]
	boxes.rows = append(boxes.rows, &labeling.Labeled{Key: "nobody", Text: "What\nis it?", Image: boxes.picture(t, 5, 6, 99), Choice: labeling.NoChoice, Method: "box-median/1"})
	return all
}
