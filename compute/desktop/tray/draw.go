package tray

import (
	"image"
	"image/color"
	"math"
)

// Colours, those of web/src/styles/tokens.css. Panels are light or dark, so the sign lies on a ground of its own.
var (
	ink    = color.NRGBA{0x14, 0x21, 0x1d, 0xff}
	paper  = color.NRGBA{0xed, 0xf2, 0xec, 0xff}
	dim    = color.NRGBA{0xb4, 0xc1, 0xba, 0xff}
	accent = color.NRGBA{0xff, 0xb5, 0x20, 0xff}
	bad    = color.NRGBA{0xae, 0x23, 0x18, 0xff}
)

// stroke is a line with round ends, in a square of 24 by 24.
type stroke struct {
	x1, y1, x2, y2 float64
	width          float64
	of             color.NRGBA
}

// holds reports whether a point is on the stroke.
func (s *stroke) holds(x, y float64) bool {
	dx, dy := s.x2-s.x1, s.y2-s.y1
	along := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		along = min(max(((x-s.x1)*dx+(y-s.y1)*dy)/length, 0), 1)
	}
	return math.Hypot(x-s.x1-along*dx, y-s.y1-along*dy) <= s.width/2
}

// sign is what a look is drawn of, on a ground: the tally of the project, closed when work is done, and others that are told from it
// without colours.
func sign(l Look) (ground color.NRGBA, strokes []stroke) {
	switch l {
	case Paused:
		return ink, []stroke{{8.5, 7.5, 8.5, 16.5, 3.4, dim}, {15.5, 7.5, 15.5, 16.5, 3.4, dim}}
	case Trouble:
		return bad, []stroke{{12, 6.2, 12, 12.6, 3.4, paper}, {12, 17.6, 12, 17.6, 3.6, paper}}
	}
	for i := range 4 {
		x := 6.3 + 3.8*float64(i)
		strokes = append(strokes, stroke{x, 6.5, x, 17.5, 2, paper})
	}
	if l == Working {
		strokes = append(strokes, stroke{4.4, 16.4, 19.6, 7.6, 2.6, accent})
	}
	return ink, strokes
}

// draw draws a look in a square of so many pixels. Each is the mean of points, 4 by 4.
func draw(l Look, size int) *image.NRGBA {
	const points = 4
	ground, strokes := sign(l)
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for at := range size * size {
		var r, g, b, n int
		for p := range points * points {
			x := 24 * (float64(at%size) + (float64(p%points)+0.5)/points) / float64(size)
			y := 24 * (float64(at/size) + (float64(p/points)+0.5)/points) / float64(size)
			const edge, corner = 0.5, 5.5
			if math.Hypot(max(edge+corner-x, x-(24-edge-corner), 0), max(edge+corner-y, y-(24-edge-corner), 0)) > corner {
				continue
			}
			of := ground
			for i := range strokes {
				if strokes[i].holds(x, y) {
					of = strokes[i].of
				}
			}
			r, g, b, n = r+int(of.R), g+int(of.G), b+int(of.B), n+1
		}
		if n > 0 {
			img.SetNRGBA(at%size, at/size, color.NRGBA{uint8(r / n), uint8(g / n), uint8(b / n), uint8(255 * n / (points * points))})
		}
	}
	return img
}
