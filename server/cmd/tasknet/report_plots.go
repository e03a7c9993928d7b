package main

import (
	"fmt"
	"math"

	"github.com/tasknet/tasknet/labeling"
)

// plot is a histogram as the report's page draws it, in units of an SVG of 360 by 208.
type plot struct {
	Name  string // for who does not see it
	Bars  []plotBar
	Lines []plotWord // across, with their numbers
	Words []plotWord // under the bars
	Mark  *plotWord  // an upright line with words on it
}

type plotBar struct{ X, Y, Width, Height float64 }

type plotWord struct {
	At   float64 // to the right, of a line downwards
	Text string
}

// The corners of a plot's area.
const (
	plotLeft, plotRight = 40.0, 350.0
	plotTop, plotFoot   = 26.0, 180.0
)

// histogram draws counts as bars of one width. Each word stands at a place among them: 1.5 is the middle of the second.
func histogram(counts []labeling.ReportCount, words []plotWord, mark *plotWord, name string) *plot {
	most := 1
	for _, c := range counts {
		most = max(most, c.Count)
	}
	step := roundStep(most)
	top := (most + step - 1) / step * step
	height := func(n int) float64 { return float64(n) / float64(top) * (plotFoot - plotTop) }
	width := (plotRight - plotLeft) / float64(len(counts))
	x := func(place float64) float64 { return plotLeft + place*width }
	p := &plot{Name: name}
	for i, c := range counts {
		if c.Count > 0 {
			p.Bars = append(p.Bars, plotBar{x(float64(i)) + width/10, plotFoot - height(c.Count), width * 0.8, height(c.Count)})
		}
	}
	for n := step; n <= top; n += step {
		p.Lines = append(p.Lines, plotWord{plotFoot - height(n), fmt.Sprint(n)})
	}
	for _, w := range words {
		p.Words = append(p.Words, plotWord{x(w.At), w.Text})
	}
	if mark != nil {
		p.Mark = &plotWord{x(mark.At), mark.Text}
	}
	return p
}

// roundStep returns 1, 2 or 5 times a power of ten that goes at most four times into n.
func roundStep(n int) int {
	for scale := 1; ; scale *= 10 {
		for _, step := range []int{1, 2, 5} {
			if (n+step*scale-1)/(step*scale) <= 4 {
				return step * scale
			}
		}
	}
}

// placeOf returns where a value lies among bars, each of which is as wide as any other however much it holds.
func placeOf(counts []labeling.ReportCount, value float64) float64 {
	for i, c := range counts {
		if value < float64(c.To) {
			return float64(i) + max(0, value-float64(c.From))/float64(c.To-c.From)
		}
	}
	return float64(len(counts))
}

// timesPlot draws how long answers take; nil when that is not known.
func timesPlot(r *labeling.Report) *plot {
	if len(r.AnswerTimes) == 0 {
		return nil
	}
	var words []plotWord
	for _, at := range []struct {
		seconds float64
		text    string
	}{{1, "1 s"}, {10, "10 s"}, {60, "1 min"}, {600, "10 min"}} {
		words = append(words, plotWord{placeOf(r.AnswerTimes, at.seconds), at.text})
	}
	median := fmt.Sprintf("%.1f s", r.AnswerMedian)
	return histogram(r.AnswerTimes, words, &plotWord{placeOf(r.AnswerTimes, r.AnswerMedian), median}, "How many answers took how long. In the middle "+median+".")
}

// usedPlot draws how many answers tasks used, beside the fixed number that would have been asked; nil when there are no tasks.
func usedPlot(r *labeling.Report) *plot {
	if len(r.AnswersUsed) == 0 {
		return nil
	}
	fixed := float64(r.AnswersFixed) / float64(r.Tasks)
	mean := float64(r.Answers) / float64(r.Tasks)
	last := r.AnswersUsed[len(r.AnswersUsed)-1]
	var words []plotWord
	for i, c := range []labeling.ReportCount{r.AnswersUsed[0], r.AnswersUsed[len(r.AnswersUsed)/2], last} {
		if text := span(c); i == 0 || text != words[len(words)-1].Text {
			words = append(words, plotWord{placeOf(r.AnswersUsed, float64(c.From)) + 0.5, text})
		}
	}
	mark := &plotWord{min(placeOf(r.AnswersUsed, math.Floor(fixed))+0.5, float64(len(r.AnswersUsed))), fmt.Sprintf("fixed: %.4g", fixed)}
	return histogram(r.AnswersUsed, words, mark, fmt.Sprintf("How many tasks used how many answers: %.1f on average, where a fixed number would have been %.4g.", mean, fixed))
}

// span writes the whole numbers of a bar.
func span(c labeling.ReportCount) string {
	if c.To-c.From == 1 {
		return fmt.Sprint(c.From)
	}
	return fmt.Sprintf("%d–%d", c.From, c.To-1)
}
