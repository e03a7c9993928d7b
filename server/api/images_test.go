package api

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/server/wire"
)

// TestPreviews: an image is served small where that is asked for in the one width that there is, under a tag of its own.
func TestPreviews(t *testing.T) {
	w := newWorld(t)
	upload := func(width int) wire.Image {
		t.Helper()
		var b bytes.Buffer
		w.must(png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 100))))
		return read[wire.Image](w, w.as(w.key, "POST", "/v1/media", b.String(), "Content-Type", "image/png"), 201)
	}
	large, small := upload(800), upload(200)
	full, preview := w.as("", "GET", large.URL, ""), w.as("", "GET", large.URL+"?w=320", "")
	shown, err := jpeg.Decode(strings.NewReader(preview.body))
	if err != nil || preview.status != 200 || preview.header.Get("Content-Type") != "image/jpeg" || shown.Bounds() != image.Rect(0, 0, 320, 40) {
		t.Errorf("the preview: %d, %v, %v", preview.status, preview.header, err)
	}
	for _, name := range []string{"Content-Security-Policy", "Cache-Control"} {
		if got, want := preview.header.Get(name), full.header.Get(name); got != want || want == "" {
			t.Errorf("%s of the preview: %q, of the image %q", name, got, want)
		}
	}
	if tag := preview.header.Get("ETag"); tag == full.header.Get("ETag") || w.as("", "GET", large.URL+"?w=320", "", "If-None-Match", tag).status != 304 {
		t.Errorf("the preview's tag: %s", tag)
	}
	if got := w.as("", "GET", small.URL+"?w=320", ""); got.status != 200 || got.header.Get("Content-Type") != "image/png" || len(got.body) != small.Bytes {
		t.Errorf("of a small image: %d, %d bytes of %d", got.status, len(got.body), small.Bytes)
	}
	for _, width := range []string{"64", "0320", "x", "99999999"} {
		if p := read[wire.Problem](w, w.as("", "GET", large.URL+"?w="+width, ""), 400); p.Code != "bad_width" {
			t.Errorf("%s wide: %s", width, p.Code)
		}
	}
	if p := read[wire.Problem](w, w.as("", "GET", "/media/"+strings.Repeat("ab", 32)+"?w=320", ""), 404); p.Code != "no_such_image" {
		t.Errorf("of no image: %s", p.Code)
	}
}
