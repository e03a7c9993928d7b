package app

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// picture is a canvas for the images of the sample questions: flat shapes on a plain ground.
type picture struct {
	rgba *image.RGBA
}

const (
	pictureWidth  = 720
	pictureHeight = 900
)

// The colours of the samples, those of the web app where they fit.
var (
	paper    = color.RGBA{0xff, 0xff, 0xff, 0xff}
	sky      = color.RGBA{0xc9, 0xdb, 0xe0, 0xff}
	grass    = color.RGBA{0x8b, 0xa2, 0x7d, 0xff}
	inkTone  = color.RGBA{0x14, 0x21, 0x1d, 0xff}
	marigold = color.RGBA{0xff, 0xb5, 0x20, 0xff}
	brick    = color.RGBA{0xb1, 0x57, 0x3f, 0xff}
	cream    = color.RGBA{0xec, 0xe3, 0xd0, 0xff}
	wood     = color.RGBA{0x9b, 0x6a, 0x57, 0xff}
	slate    = color.RGBA{0x5c, 0x76, 0x83, 0xff}
	leaf     = color.RGBA{0x0b, 0x68, 0x47, 0xff}
	dark     = color.RGBA{0x2b, 0x3a, 0x34, 0xff}
)

func newPicture(ground color.Color) *picture {
	p := &picture{image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))}
	draw.Draw(p.rgba, p.rgba.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	return p
}

func (p *picture) image() image.Image { return p.rgba }

// polygon fills the shape with corners x0, y0, x1, y1, ...
func (p *picture) polygon(c color.Color, corners ...float64) {
	r := vector.NewRasterizer(pictureWidth, pictureHeight)
	r.MoveTo(float32(corners[0]), float32(corners[1]))
	for i := 2; i < len(corners); i += 2 {
		r.LineTo(float32(corners[i]), float32(corners[i+1]))
	}
	r.ClosePath()
	r.Draw(p.rgba, p.rgba.Bounds(), image.NewUniform(c), image.Point{})
}

func (p *picture) rect(c color.Color, x, y, w, h float64) {
	p.polygon(c, x, y, x+w, y, x+w, y+h, x, y+h)
}

func (p *picture) disc(c color.Color, x, y, radius float64) {
	const corners = 180
	points := make([]float64, 0, 2*corners)
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points = append(points, x+radius*cos, y+radius*sin)
	}
	p.polygon(c, points...)
}

// line draws a straight stroke of a width.
func (p *picture) line(c color.Color, width, x0, y0, x1, y1 float64) {
	length := math.Hypot(x1-x0, y1-y0)
	dx, dy := (y1-y0)/length*width/2, (x0-x1)/length*width/2
	p.polygon(c, x0+dx, y0+dy, x1+dx, y1+dy, x1-dx, y1-dy, x0-dx, y0-dy)
}

func drawTally() *picture {
	p := newPicture(paper)
	for i := range 7 {
		x := 110 + float64(i)*72
		if i > 3 {
			x += 60
		}
		p.rect(inkTone, x, 280, 26, 340)
	}
	p.line(marigold, 30, 80, 560, 390, 340)
	return p
}

func drawLamps() *picture {
	p := newPicture(sky)
	p.rect(dark, 230, 110, 260, 640)
	p.rect(dark, 335, 750, 50, 150)
	p.disc(color.RGBA{0x6b, 0x2a, 0x22, 0xff}, 360, 230, 88)
	p.disc(color.RGBA{0x6e, 0x55, 0x1d, 0xff}, 360, 430, 88)
	p.disc(color.RGBA{0x3f, 0xd4, 0x8c, 0xff}, 360, 630, 88)
	p.disc(color.RGBA{0xc8, 0xff, 0xe4, 0xff}, 340, 605, 26)
	return p
}

func drawDiscs() *picture {
	p := newPicture(paper)
	p.disc(slate, 360, 250, 150)
	p.disc(brick, 360, 640, 186)
	return p
}

func drawBars() *picture {
	p := newPicture(paper)
	for i, h := range []float64{310, 470, 260, 540, 400} {
		p.rect(inkTone, 90+float64(i)*116, 760-h, 72, h)
	}
	p.rect(slate, 60, 760, 600, 6)
	return p
}

func drawHouse() *picture {
	p := newPicture(sky)
	p.disc(color.RGBA{0xf2, 0xea, 0xd2, 0xff}, 590, 150, 56)
	p.rect(grass, 0, 660, pictureWidth, 240)
	p.rect(cream, 150, 400, 420, 330)
	p.polygon(brick, 100, 400, 250, 230, 470, 230, 620, 400)
	p.rect(wood, 480, 190, 56, 100)
	for _, x := range []float64{195, 305} {
		p.rect(paper, x-8, 462, 96, 116)
		p.rect(slate, x, 470, 80, 100)
		p.rect(paper, x+36, 470, 8, 100)
	}
	p.rect(dark, 440, 510, 100, 220)
	p.polygon(leaf, 440, 510, 395, 535, 395, 765, 440, 730)
	p.disc(marigold, 406, 650, 7)
	return p
}

func drawTable() *picture {
	p := newPicture(cream)
	p.rect(color.RGBA{0xd3, 0xc7, 0xae, 0xff}, 0, 700, pictureWidth, 200)
	p.rect(wood, 120, 400, 480, 36)
	p.rect(wood, 150, 436, 32, 330)
	p.rect(wood, 538, 436, 32, 330)
	p.disc(brick, 340, 712, 62)
	p.disc(color.RGBA{0xd9, 0x8a, 0x72, 0xff}, 320, 692, 16)
	return p
}

func drawClock() *picture {
	p := newPicture(sky)
	p.disc(dark, 360, 430, 292)
	p.disc(paper, 360, 430, 268)
	for i := range 12 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / 12)
		p.line(inkTone, 14, 360+214*sin, 430-214*cos, 360+244*sin, 430-244*cos)
	}
	sin, cos := math.Sincos(2 * math.Pi * 10 / 12)
	p.line(inkTone, 26, 360, 430, 360+130*sin, 430-130*cos)
	p.line(inkTone, 16, 360, 430, 360, 222)
	p.disc(marigold, 360, 430, 22)
	return p
}
