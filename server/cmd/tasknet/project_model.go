package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tasknet/tasknet/server/wire"
)

// modelFlags say how a model helps a project.
type modelFlags struct {
	helps, audits string
	labels        int
}

func (m *modelFlags) register(f *pflag.FlagSet) {
	f.StringVar(&m.helps, "model-helps", "", "a model learns from the labels and answers with people: text, image, image:28x28, tabular:COLUMN,COLUMN, a file with a spec, or off")
	f.IntVar(&m.labels, "model-labels", 0, "with --model-helps: from how many labeled tasks on, 20 or more (default 200)")
	f.StringVar(&m.audits, "audit-share", "", "with --model-helps: how many tasks people answer all the same, from 0.05 to 1 (default 0.05)")
}

// read returns what the flags say, nil when they say nothing.
func (m *modelFlags) read() (*wire.ModelHelps, error) {
	out := &wire.ModelHelps{Labels: m.labels, AuditShare: m.audits}
	columns, tabular := strings.CutPrefix(m.helps, "tabular:")
	size, sized := strings.CutPrefix(m.helps, "image:")
	switch {
	case m.helps == "":
		if m.labels != 0 || m.audits != "" {
			return nil, usagef("--model-labels and --audit-share are of --model-helps; give it, too")
		}
		return nil, nil //nolint:nilnil // nothing is said
	case m.helps == "off":
		out.Off = true
	case m.helps == "text", m.helps == "image":
		out.Preset = m.helps
	case sized:
		width, height, _ := strings.Cut(size, "x")
		var bad [2]error
		out.Preset = "image"
		out.Width, bad[0] = strconv.Atoi(width)
		if out.Height, bad[1] = strconv.Atoi(height); errors.Join(bad[:]...) != nil || min(out.Width, out.Height) < 1 {
			return nil, usagef("--model-helps: %s is no size in pixels; write image:28x28, the width first", size)
		}
	case tabular:
		out.Preset, out.Columns = "tabular", strings.Split(columns, ",")
	default:
		spec, err := readText("--model-helps", m.helps)
		if err != nil {
			return nil, err
		}
		if !json.Valid([]byte(spec)) {
			return nil, usagef("--model-helps: %s is not JSON", m.helps)
		}
		out.Model = json.RawMessage(spec)
	}
	return out, nil
}

// modelLine tells how far the model of a project is.
func modelLine(s *wire.ModelStatus) string {
	switch {
	case s == nil:
		return ""
	case s.State == "gathering":
		return fmt.Sprintf("gathering labels (%d of %d) and known answers (%d of %d)%s", s.Labels, s.LabelsNeed, s.Golds, s.GoldsNeeded, problemOf(s))
	case s.State == "training":
		return fmt.Sprintf("training by job %s; people label on meanwhile", s.Job)
	case s.State == "measuring":
		return fmt.Sprintf("measured by job %s on known answers; people label on meanwhile", s.Job)
	case s.State == "switched_off":
		return fmt.Sprintf("switched off: %s", s.Reason)
	}
	right := ""
	if s.Known > 0 {
		right = fmt.Sprintf("; right on %d of %d known answers", s.Right, s.Known)
	}
	return fmt.Sprintf("helping: about %d answers saved in %d tasks; %d audits%s%s", s.Saved, s.Helped, s.Audits, right, problemOf(s))
}

func problemOf(s *wire.ModelStatus) string {
	if s.Problem == "" {
		return ""
	}
	return "; the newest came to nothing: " + s.Problem
}
