package compute

import (
	"fmt"
	"strings"
)

// The area of a plot, in an SVG of 480 by 320.
const (
	plotLeft, plotRight = 60.0, 460.0
	plotTop, plotFoot   = 40.0, 270.0
)

// plot begins an SVG with a frame, five lines across and what the axes are of.
func plot(title, across, up string, most float64, label func(float64) string) *strings.Builder {
	b := new(strings.Builder)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" font-family="sans-serif" font-size="12" role="img">
<title>%s</title>
<rect width="480" height="320" fill="#fff"/>
<text x="%g" y="20" font-size="14">%s</text>
<text x="%g" y="308" text-anchor="middle" fill="#444">%s</text>
`, title, plotLeft, up, (plotLeft+plotRight)/2, across)
	for i := range 5 {
		v := most * float64(i) / 4
		y := height(v, most)
		fmt.Fprintf(b, `<path d="M%g %.1fH%g" stroke="#ddd"/><text x="%g" y="%.1f" text-anchor="end" fill="#444">%s</text>`+"\n", plotLeft, y, plotRight, plotLeft-6, y+4, label(v))
	}
	return b
}

func height(v, most float64) float64 { return plotFoot - (plotFoot-plotTop)*v/most }

// LossPlot draws the loss in training and on the tasks held out, epoch by epoch, as an SVG.
func LossPlot(history []Progress, best int) string {
	most := 0.0
	for _, h := range history {
		most = max(most, h.Loss, h.Validation)
	}
	if most == 0 {
		most = 1
	}
	b := plot("Loss after each epoch", "epoch", "loss in training (thin) and on tasks held out (thick)", most, func(v float64) string { return fmt.Sprintf("%.2f", v) })
	x := func(epoch int) float64 {
		return plotLeft + (plotRight-plotLeft)*float64(epoch-1)/float64(max(len(history)-1, 1))
	}
	line := func(of func(Progress) float64, style string) {
		fmt.Fprintf(b, `<polyline fill="none" %s points="`, style)
		for i, h := range history {
			fmt.Fprintf(b, "%.1f,%.1f ", x(i+1), height(of(h), most))
		}
		b.WriteString(`"/>` + "\n")
	}
	line(func(h Progress) float64 { return h.Loss }, `stroke="#888" stroke-width="1.5"`)
	line(func(h Progress) float64 { return h.Validation }, `stroke="#0a6b4f" stroke-width="3"`)
	for _, epoch := range []int{1, len(history)} {
		fmt.Fprintf(b, `<text x="%.1f" y="288" text-anchor="middle" fill="#444">%d</text>`+"\n", x(epoch), epoch)
	}
	if best > 0 && best <= len(history) {
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="5" fill="#0a6b4f"><title>best, after epoch %d</title></circle>`+"\n", x(best), height(history[best-1].Validation, most), best)
	}
	return b.String() + "</svg>\n"
}

// ReliabilityPlot draws how often a model is right by how sure it is, as an SVG. What is calibrated is on the diagonal; the
// larger a dot, the more examples it is of.
func ReliabilityPlot(m Metrics) string {
	percent := func(v float64) string { return fmt.Sprintf("%.0f %%", 100*v) }
	b := plot("How often it is right, by how sure it is", "how sure it is", "how often it is right", 1, percent)
	x := func(v float64) float64 { return plotLeft + (plotRight-plotLeft)*v }
	fmt.Fprintf(b, `<path d="M%g %gL%g %g" stroke="#888" stroke-dasharray="4 4"/>`+"\n", x(0), height(0, 1), x(1), height(1, 1))
	for i := range 5 {
		fmt.Fprintf(b, `<text x="%.1f" y="288" text-anchor="middle" fill="#444">%s</text>`+"\n", x(float64(i)/4), percent(float64(i)/4))
	}
	for _, bin := range m.Bins {
		if bin.Examples > 0 {
			fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="#0a6b4f" fill-opacity="0.8"><title>%d tasks: sure to %s, right in %s</title></circle>`+"\n",
				x(bin.Confidence), height(bin.Accuracy, 1), 3+9*float64(bin.Examples)/float64(m.Examples), bin.Examples, percent(bin.Confidence), percent(bin.Accuracy))
		}
	}
	return b.String() + "</svg>\n"
}
