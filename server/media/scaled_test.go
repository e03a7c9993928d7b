package media

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// TestScaled: a picture is as large as it was asked for, in colour or grey, and white where it lets light through.
func TestScaled(t *testing.T) {
	folder, err := NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l := New(folder)
	m, err := l.Add(t.Context(), striped(t, 160, 41))
	if err != nil {
		t.Fatal(err)
	}
	for grey, left := range map[bool]color.Color{false: color.RGBA{0xff, 0, 0, 0xff}, true: color.Gray{76}} { // 0.299 of 255
		raw, err := l.Scaled(t.Context(), m.Hash, 28, 20, grey)
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(bytes.NewReader(raw))
		if err != nil || got.Bounds() != image.Rect(0, 0, 28, 20) {
			t.Fatalf("%v, %v", got.Bounds(), err)
		}
		model := got.ColorModel()
		if got.At(3, 10) != model.Convert(left) || got.At(25, 10) != model.Convert(color.White) {
			t.Errorf("grey %t: %v, %v", grey, got.At(3, 10), got.At(25, 10))
		}
	}
	clip, err := l.Add(t.Context(), append([]byte("ID3\x03\x00\x00\x00\x00\x00\x00"), make([]byte, 2000)...))
	if err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{clip.Hash, m.Hash[1:] + "0"} {
		if _, err := l.Scaled(t.Context(), hash, 28, 20, false); !errors.Is(err, ErrNoMedium) {
			t.Errorf("%v", err)
		}
	}
}
