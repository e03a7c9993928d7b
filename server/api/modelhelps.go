package api

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

var (
	errHelpsTwice = tasknet.NewError(tasknet.Invalid, "bad_model_helps", "Say of a model that helps either its preset (text, image with or without a height and a width, or tabular with its columns) or its spec; or that it is off.")
	errHelpsSide  = tasknet.NewError(tasknet.Invalid, "bad_model_helps", "A model that helps looks at pictures of at most 128 by 128 pixels, to which those of tasks are scaled.")
	errHelpsClass = tasknet.NewError(tasknet.Invalid, "bad_model_helps", "The classes of a model that helps are the project's choices; leave them out of its spec.")
)

// helpSideMax is the longest side of what a model that helps looks at: a file for it has at least a thousand pictures of that size.
const helpSideMax = 128

// helpSize is the size that the preset for images has when none is said.
const helpSize = 64

// modelHelp reads how a model is to help; nil for not at all.
func modelHelp(in wire.ModelHelps) (*labeling.ModelHelp, error) {
	if in.Off {
		if in.Preset != "" || in.Model != nil || in.Columns != nil || in.Height != 0 || in.Width != 0 || in.Labels != 0 || in.AuditShare != "" {
			return nil, errHelpsTwice
		}
		return nil, nil //nolint:nilnil // it is off
	}
	sized := in.Height != 0 || in.Width != 0
	if (in.Preset == "") == (in.Model == nil) || in.Columns != nil && in.Preset != "tabular" || sized && (in.Preset != "image" || min(in.Height, in.Width) == 0) {
		return nil, errHelpsTwice
	}
	looks := compute.Input{Columns: in.Columns, Height: in.Height, Width: in.Width}
	if !sized {
		looks.Height, looks.Width = helpSize, helpSize
	}
	classes := []string{"a", "b"} // the project's choices take their place
	spec, err := compute.Preset(in.Preset, looks, nil)
	if in.Model != nil {
		spec, err = compute.ReadSpec(bytes.NewReader(in.Model))
	}
	switch {
	case err != nil:
		return nil, err
	case max(spec.Input.Height, spec.Input.Width) > helpSideMax:
		return nil, errHelpsSide
	case spec.Classes != nil:
		return nil, errHelpsClass
	}
	spec.Classes = classes
	plan, err := compute.NewPlan(spec)
	if err == nil {
		err = plan.Learns()
	}
	if err != nil {
		return nil, err
	}
	spec.Classes = nil
	out := &labeling.ModelHelp{Labels: in.Labels, AuditPPM: labeling.AuditPPMDefault}
	if out.Labels == 0 {
		out.Labels = labeling.HelpLabelsDefault
	}
	if in.AuditShare != "" {
		share, err := polls.ParseDecimal(in.AuditShare)
		if err != nil {
			return nil, err
		}
		out.AuditPPM = int(min(max(share, -1), labeling.AuditPPMMax+1)) // a Decimal is in millionths, too
	}
	out.Model, err = json.Marshal(spec)
	return out, err
}

// modelHelps writes it.
func modelHelps(h *labeling.ModelHelp) *wire.ModelHelps {
	if h == nil {
		return nil
	}
	return &wire.ModelHelps{Model: h.Model, Labels: h.Labels, AuditShare: polls.Decimal(h.AuditPPM).String()}
}

// modelStatus tells how far the model of a project is; nil when none is wished for.
func (s *Server) modelStatus(ctx context.Context, p *labeling.Project) (*wire.ModelStatus, error) {
	if p.Help == nil {
		return nil, nil //nolint:nilnil // there is none
	}
	h, err := s.Stores.Helps().Helping(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	if h == nil || h.Ended { // it is about to begin
		h = &labeling.Helping{}
	}
	out := &wire.ModelStatus{
		State: "gathering", Labels: h.Labels, LabelsNeed: p.Help.For(p.Policy).NextTraining(h.Learned), Golds: h.Golds, GoldsNeeded: labeling.GoldsNeeded(p.Policy),
		Trainings: h.Round, Job: h.Job, Witness: h.Witness, Helped: p.Counts.Helped, Saved: h.Saved(p.Counts), Audits: h.Audits, Problem: h.Problem, Reason: h.Off,
	}
	if h.Now != nil {
		out.Model = h.Now.Model.Job
	}
	if out.Known, out.Right = h.Known, h.Right; h.Known > 0 {
		out.Low, out.High = interval(h.Right, h.Known)
	}
	switch {
	case h.Off != "":
		since := wire.At(h.OffAt)
		out.State, out.Since = "switched_off", &since
	case h.Witness != "":
		out.State = "helping"
	case h.Stage == labeling.HelpAsking:
		out.State = "measuring"
	case h.Stage != labeling.HelpIdle:
		out.State = "training"
	}
	if h.Version > 0 && (h.Off != "" || p.Status == labeling.Completed || p.Status == labeling.ProjectCancelled) {
		out.AuditSeed = hex.EncodeToString(h.Seed[:])
	}
	return out, nil
}
