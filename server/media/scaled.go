package media

import (
	"bytes"
	"context"
	"image"
	"image/png"

	"golang.org/x/image/draw"
)

// Scaled returns an image as a PNG of width times height pixels, whatever its proportions, on white where it lets light through, and
// grey when that is asked for. It is what a model of that size looks at. ErrNoMedium, also for clips.
func (l *Library) Scaled(ctx context.Context, hash string, width, height int, grey bool) ([]byte, error) {
	m, err := l.Medium(ctx, hash)
	if err != nil {
		return nil, err
	}
	if m.IsAudio() {
		return nil, ErrNoMedium
	}
	size := int64(m.Width) * int64(m.Height)
	if err := l.pixels.Acquire(ctx, size); err != nil {
		return nil, err
	}
	defer l.pixels.Release(size)
	_, file, err := l.Open(ctx, hash)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	full, _, err := image.Decode(file)
	if err != nil {
		return nil, err
	}
	area := image.Rect(0, 0, width, height)
	var out draw.Image = image.NewRGBA(area)
	if grey {
		out = image.NewGray(area)
	}
	draw.Draw(out, area, image.White, image.Point{}, draw.Src)
	draw.BiLinear.Scale(out, area, full, full.Bounds(), draw.Over, nil) // as nodes scale the pictures of a file
	var b bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, out)
	return b.Bytes(), err
}
