package media

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
)

// PreviewWidth is how wide previews are, in pixels: half the width of a phone's screen, which is enough to begin to look.
const PreviewWidth = 320

const (
	previewQuality = 60
	previewsKept   = 512 // of some 12 kB each
)

// Preview returns a small picture of an image, as JPEG, on white where the image lets light through. It is no evidence: who answers sees
// the image itself before they can. Of what is no wider, and of clips, there is none: nil. ErrNoMedium.
func (l *Library) Preview(ctx context.Context, hash string) ([]byte, error) {
	if small, ok := l.previews.Get(hash); ok {
		return small, nil
	}
	m, err := l.Medium(ctx, hash)
	if err != nil || m.IsAudio() || m.Width <= PreviewWidth {
		return nil, err
	}
	size := int64(m.Width) * int64(m.Height)
	if err := l.pixels.Acquire(ctx, size); err != nil {
		return nil, err
	}
	defer l.pixels.Release(size)
	if small, ok := l.previews.Get(hash); ok { // somebody else made it meanwhile
		return small, nil
	}
	_, file, err := l.Open(ctx, hash)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	small, err := shrunk(file)
	if err != nil {
		return nil, err
	}
	l.previews.Add(hash, small)
	return small, nil
}

// shrunk reads an image that was normalized, and encodes it small.
func shrunk(file io.Reader) ([]byte, error) {
	full, _, err := image.Decode(file)
	if err != nil {
		return nil, err
	}
	w, h := full.Bounds().Dx(), full.Bounds().Dy()
	small := average(full, PreviewWidth, max(1, (h*PreviewWidth+w/2)/w))
	out := image.NewRGBA(small.Rect)
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, small, image.Point{}, draw.Over)
	var b bytes.Buffer
	err = jpeg.Encode(&b, out, &jpeg.Options{Quality: previewQuality})
	return b.Bytes(), err
}
