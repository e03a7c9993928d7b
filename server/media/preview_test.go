package media

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"sync"
	"testing"
)

// striped is a picture in PNG: red at the left, see-through at the right.
func striped(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w / 2 {
			m.Set(x, y, color.NRGBA{R: 0xff, A: 0xff})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPreview: a preview is the picture, smaller and on white, whoever asks for it at once; of what is small there is none.
func TestPreview(t *testing.T) {
	folder, err := NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l := New(folder)
	large, err := l.Add(t.Context(), striped(t, 1600, 401))
	if err != nil {
		t.Fatal(err)
	}
	previews := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range previews {
		all.Go(func() {
			var err error
			if previews[i], err = l.Preview(t.Context(), large.Hash); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, p := range previews {
		if !bytes.Equal(p, previews[0]) {
			t.Error("two previews of one picture differ")
		}
	}
	got, err := jpeg.Decode(bytes.NewReader(previews[0]))
	if err != nil || got.Bounds() != image.Rect(0, 0, PreviewWidth, 80) {
		t.Fatalf("%v, %v, %d bytes", got.Bounds(), err, len(previews[0]))
	}
	near := func(x int, want color.RGBA) {
		t.Helper()
		r, g, b, _ := got.At(x, 40).RGBA()
		far := func(a uint32, b uint8) bool { d := int(a>>8) - int(b); return d > 12 || d < -12 }
		if far(r, want.R) || far(g, want.G) || far(b, want.B) {
			t.Errorf("at %d: %d %d %d", x, r>>8, g>>8, b>>8)
		}
	}
	near(40, color.RGBA{R: 0xff})
	near(280, color.RGBA{R: 0xff, G: 0xff, B: 0xff})

	small, err := l.Add(t.Context(), striped(t, PreviewWidth, 20))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := l.Preview(t.Context(), small.Hash); p != nil || err != nil {
		t.Errorf("of a small one: %d bytes, %v", len(p), err)
	}
	if _, err := l.Preview(t.Context(), "00"); !errors.Is(err, ErrNoMedium) {
		t.Errorf("of none: %v", err)
	}
}
