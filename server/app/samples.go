package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image/png"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// sample is a question of the sample project. Questions that one person closes come first, so that the first visitor
// earns at once; the others show how several people agree.
type sample struct {
	kind    polls.Type // Choice when it is left out
	text    string
	passage string
	choices []string
	options polls.Options
	people  int
	draw    func() *picture // nil: no image
	alt     string
	sound   func() []byte // nil: no clip
}

var samples = []sample{
	{text: "How many upright strokes are there?", choices: []string{"6", "7", "8", "9"}, people: 1, draw: drawTally, alt: "A row of upright strokes, some of them crossed"},
	{text: "Is this message spam?\n“You have won a phone. Send your address and 3 for postage within the hour.”", choices: []string{"Spam", "Not spam"}, people: 1},
	{text: "Which lamp is lit?", choices: []string{"Red", "Amber", "Green"}, people: 1, draw: drawLamps, alt: "Three round lamps, one above the other, one of them bright"},
	{text: "How does the writer feel?\n“The parcel came a week late, and the box was wet.”", choices: []string{"Pleased", "Annoyed", "Neither"}, people: 1},
	{kind: polls.YesNo, text: "Do you hear three beeps?", people: 1, sound: beeps},
	{kind: polls.Multiple, text: "Which of these can you eat?", choices: []string{"Pear", "Brick", "Walnut", "Spoon"}, options: polls.Options{Least: 1}, people: 1},
	{kind: polls.Boxes, text: "Draw a box around each lamp.", choices: []string{"Lamp"}, people: 1, draw: drawLamps, alt: "Three round lamps, one above the other"},
	{kind: polls.Spans, text: "Mark the names of people.", passage: "Ada met Grace in Basel. They wrote to Alan, who had stayed at home.", choices: []string{"Person"}, people: 1},
	{kind: polls.Number, text: "How many windows does the house have?", options: polls.Options{Number: &polls.NumberRange{Max: 20_000_000}}, people: 3, draw: drawHouse, alt: "A house with a red roof"},
	{kind: polls.Ranking, text: "Order these animals, the heaviest first.", choices: []string{"Fox", "Elephant", "Sparrow", "Horse"}, people: 3},
	{kind: polls.Scale, text: "How polite is this message?\n“Could you send it by Monday, please?”", choices: []string{"Rude", "Blunt", "Neutral", "Polite", "Very polite"}, people: 3},
	{kind: polls.Text, text: "What is the opposite of “early”?", options: polls.Options{Length: 20}, people: 3},
	{kind: polls.Pair, text: "Which sentence is easier to read?", choices: []string{"Please close the door.", "The closing of the door is requested."}, people: 3},
	{kind: polls.Polygons, text: "Outline the roof.", choices: []string{"Roof"}, people: 3, draw: drawHouse, alt: "A house with a red roof"},
	{kind: polls.Mask, text: "Paint the ball.", choices: []string{"Ball"}, people: 3, draw: drawTable, alt: "A table and a ball"},
	{text: "Which disc is larger?", choices: []string{"The upper", "The lower", "Both the same"}, people: 1, draw: drawDiscs, alt: "Two discs, one above the other"},
	{text: "Which language is this?\n“Kde je nejbližší nádraží?”", choices: []string{"Czech", "Finnish", "Portuguese", "Turkish"}, people: 1},
	{text: "Which bar is the highest?", choices: []string{"First", "Second", "Third", "Fourth", "Fifth"}, people: 1, draw: drawBars, alt: "Five bars of different heights"},
	{text: "Do these two lines name the same product?\nKettle Arco 1.7 l, steel\nArco electric kettle, stainless, 1,7 litre", choices: []string{"The same", "Different"}, people: 1},
	{text: "Is the door of the house open or shut?", choices: []string{"Open", "Shut", "There is no door"}, people: 3, draw: drawHouse, alt: "A house with a red roof, two windows and a door"},
	{text: "Should this comment stay on a cooking forum?\n“Too much salt, and I would bake it ten minutes longer.”", choices: []string{"Keep it", "Hide it"}, people: 3},
	{text: "Where is the ball?", choices: []string{"On the table", "Under the table", "Beside the table"}, people: 3, draw: drawTable, alt: "A table and a ball"},
	{text: "Is this sentence a question?\n“I wonder what time the last ferry leaves.”", choices: []string{"Yes", "No"}, people: 3},
	{text: "What time does the clock show?", choices: []string{"2:00", "4:00", "8:00", "10:00"}, people: 3, draw: drawClock, alt: "A clock face with two hands"},
	{text: "What is the review mostly about?\n“The room was small but quiet. Breakfast was over by nine.”", choices: []string{"A hotel", "A restaurant", "A flight", "A phone"}, people: 3},
}

const (
	samplesOrg      = "TaskNet samples"
	samplesSetting  = "samples_org"
	samplesLifetime = 29 * 24 * time.Hour // of the first; each further one has a minute more, because the oldest deadline is given out first
)

var samplesDeposit = tasknet.Micro(10 * tasknet.MicroPerToken)

// offerSamples asks the sample questions once in the life of an instance, from an organisation of their own that the
// faucet pays for.
func (a *App) offerSamples(ctx context.Context) error {
	org, err := a.setting(ctx, samplesSetting, func() (string, error) {
		o, err := a.pipeline.NewOrg(ctx, samplesOrg)
		return string(o.ID), err
	})
	if err != nil {
		return err
	}
	id := polls.OrgID(org)
	asked, _, err := a.stores.Polls().Questions(ctx, polls.QuestionFilter{Org: id}, tasknet.Page{Limit: 1})
	if err != nil || len(asked) > 0 {
		return err
	}
	if err := a.fund(ctx, id, samplesDeposit); err != nil {
		return err
	}
	drafts := make([]polls.Draft, len(samples))
	for i, s := range samples {
		if drafts[i], err = a.draftSample(ctx, id, s); err != nil {
			return fmt.Errorf("sample %d: %w", i+1, err)
		}
		drafts[i].Lifetime = samplesLifetime + time.Duration(i)*time.Minute
	}
	return a.stores.InTx(ctx, func(tx pipeline.Tx) error {
		for i, d := range drafts {
			if _, err := a.pipeline.Ask(ctx, tx, d); err != nil {
				return fmt.Errorf("sample %d: %w", i+1, err)
			}
		}
		return nil
	})
}

func (a *App) draftSample(ctx context.Context, org polls.OrgID, s sample) (polls.Draft, error) {
	d := polls.Draft{
		Org: org, Type: cmp.Or(s.kind, polls.Choice), Text: s.text, Passage: s.passage, Choices: s.choices, Options: s.options, Price: a.cfg.DefaultPrice, Sample: true,
		Policy: polls.Policy{Kind: polls.Fixed, Min: s.people, Max: s.people},
	}
	if s.sound != nil {
		stored, err := a.media.Add(ctx, s.sound())
		if err != nil {
			return d, err
		}
		d.Audio = &polls.Audio{Hash: stored.Hash, Type: stored.Type, Bytes: stored.Bytes}
	}
	if s.draw == nil {
		return d, nil
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, s.draw().image()); err != nil {
		return d, err
	}
	stored, err := a.media.Add(ctx, buf.Bytes())
	if err != nil {
		return d, err
	}
	d.Image = &polls.Image{Hash: stored.Hash, Type: stored.Type, Width: stored.Width, Height: stored.Height, Bytes: stored.Bytes, Alt: s.alt}
	return d, nil
}
