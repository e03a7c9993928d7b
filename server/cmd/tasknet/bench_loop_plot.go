package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/tasknet/tasknet/server/bench"
)

// loopColors are those of the crowds, in their order.
var loopColors = []string{"#0a6b4f", "#b4531a"}

// loopPlot draws accuracy by how many answers of people a task took, as an SVG: people alone as a line with a dot for each policy,
// with a model as squares.
func loopPlot(rows []bench.Looped) string {
	most, least := 1.0, 1.0
	for _, r := range rows {
		most, least = max(most, r.PerTask), min(least, r.Accuracy)
	}
	most, least = math.Ceil(most), math.Floor(least*20)/20
	x := func(answers float64) float64 { return poolLeft + (poolRight-poolLeft)*answers/most }
	y := func(accuracy float64) float64 {
		return poolFoot - (poolFoot-poolTop)*(accuracy-least)/max(1-least, 0.05)
	}
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" font-family="sans-serif" font-size="13" role="img">
<title>Accuracy, by how many answers of people a task took</title>
<rect width="640" height="400" fill="#fff"/>
`)
	for i := range 6 {
		accuracy := least + (1-least)*float64(i)/5
		fmt.Fprintf(&b, `<path d="M%g %.1fH%g" stroke="#ddd"/><text x="%g" y="%.1f" text-anchor="end" fill="#444">%.0f %%</text>`+"\n", poolLeft, y(accuracy), poolRight, poolLeft-8, y(accuracy)+4, accuracy*100)
	}
	for n := range int(most) + 1 {
		fmt.Fprintf(&b, `<text x="%.1f" y="%g" text-anchor="middle" fill="#444">%d</text>`+"\n", x(float64(n)), poolFoot+20, n)
	}
	fmt.Fprintf(&b, `<text x="%g" y="%g" text-anchor="middle" fill="#444">answers of people a task, with golds and audits</text>`+"\n", (poolLeft+poolRight)/2, poolFoot+40)
	fmt.Fprintf(&b, `<text x="%g" y="%g" font-size="11" fill="#444">verdicts that are right</text>`+"\n", poolLeft, poolTop-6)
	var crowds []string
	for _, r := range rows {
		if len(crowds) == 0 || crowds[len(crowds)-1] != r.Crowd {
			crowds = append(crowds, r.Crowd)
		}
	}
	for i, crowd := range crowds {
		color := loopColors[i%len(loopColors)]
		var points []string
		for _, r := range rows {
			at := fmt.Sprintf("%.1f,%.1f", x(r.PerTask), y(r.Accuracy))
			switch {
			case r.Crowd != crowd:
			case r.Model:
				fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="12" height="12" fill="%s" stroke="#fff"><title>with the model, %s at %g: %.2f answers a task, %.1f %% right</title></rect>`+"\n",
					x(r.PerTask)-6, y(r.Accuracy)-6, color, crowd, r.Target, r.PerTask, r.Accuracy*100)
			default:
				points = append(points, at)
				fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s"><title>people alone, %s at %g</title></circle>`+"\n", x(r.PerTask), y(r.Accuracy), color, crowd, r.Target)
			}
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(points, " "), color)
		place := poolLeft + 275*float64(i)
		fmt.Fprintf(&b, `<path d="M%g 24h18" stroke="%s" stroke-width="2"/><text x="%g" y="28" font-size="11" fill="#222">%s: people alone</text>`, place, color, place+22, crowd)
		fmt.Fprintf(&b, `<rect x="%g" y="18" width="12" height="12" fill="%s"/><text x="%g" y="28" font-size="11" fill="#222">with a model</text>`+"\n", place+170, color, place+186)
	}
	b.WriteString("</svg>\n")
	return b.String()
}
