package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// photo is a picture with more colours than a palette holds.
func photo(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for y := range h {
		for x := range w {
			seed = seed*1664525 + 1013904223
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(seed >> 24), 255})
		}
	}
	return m
}

// flat is a picture of two colours: the left half red, the right half blue.
func flat(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{200, 0, 0, 255}
			if x >= w/2 {
				c = color.NRGBA{0, 0, 200, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func encodePNG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodeJPEG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodeGIF(t testing.TB, frames int) []byte {
	g := &gif.GIF{}
	for i := range frames {
		f := image.NewPaletted(image.Rect(0, 0, 6, 4), color.Palette{color.NRGBA{uint8(10 + i), 20, 30, 255}, color.White})
		g.Image, g.Delay = append(g.Image, f), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tinyWebP is one pixel, lossless.
var tinyWebP, _ = hex.DecodeString("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")

func newLibrary(t testing.TB) (*Library, string) {
	dir := t.TempDir()
	folder, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	return New(folder), dir
}

func TestAddKeepsWhatSuits(t *testing.T) {
	transparent := photo(300, 200)
	transparent.SetNRGBA(0, 0, color.NRGBA{})
	for _, test := range []struct {
		name          string
		body          []byte
		mediaType     string
		width, height int
	}{
		{"drawing", encodePNG(t, flat(400, 300)), "image/png", 400, 300},
		{"photograph as PNG", encodePNG(t, photo(400, 300)), "image/jpeg", 400, 300},
		{"small PNG with many colours", encodePNG(t, photo(40, 30)), "image/png", 40, 30},
		{"transparent PNG", encodePNG(t, transparent), "image/png", 300, 200},
		{"photograph", encodeJPEG(t, photo(400, 300)), "image/jpeg", 400, 300},
		{"wide", encodeJPEG(t, photo(5000, 10)), "image/jpeg", 2048, 4},
		{"tall line", encodePNG(t, flat(2, 9000)), "image/png", 1, 2048},
		{"animation", encodeGIF(t, 3), "image/png", 6, 4},
		{"transparent webp", tinyWebP, "image/png", 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, _ := newLibrary(t)
			got, err := l.Add(t.Context(), test.body)
			if err != nil {
				t.Fatal(err)
			}
			opened, r, err := l.Open(t.Context(), got.Hash)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			stored, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(stored)
			want := Medium{Hash: hex.EncodeToString(sum[:]), Type: test.mediaType, Width: test.width, Height: test.height, Bytes: len(stored)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("image (-want +got):\n%s", diff)
			}
			if opened != got {
				t.Errorf("opened %v, want %v", opened, got)
			}
			config, _, err := image.DecodeConfig(bytes.NewReader(stored))
			if err != nil || config.Width != test.width || config.Height != test.height {
				t.Errorf("stored bytes have %d by %d, %v", config.Width, config.Height, err)
			}
		})
	}
}

// A picture that is not changed keeps each of its pixels, transparent ones too.
func TestPNGIsLossless(t *testing.T) {
	m := photo(30, 20)
	m.SetNRGBA(3, 4, color.NRGBA{})
	m.SetNRGBA(5, 6, color.NRGBA{1, 2, 3, 128})
	l, _ := newLibrary(t)
	i, err := l.Add(t.Context(), encodePNG(t, m))
	if err != nil {
		t.Fatal(err)
	}
	_, r, err := l.Open(t.Context(), i.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := png.Decode(r)
	if err != nil {
		t.Fatal(err)
	}
	for y := range 20 {
		for x := range 30 {
			if want, c := m.NRGBAAt(x, y), color.NRGBAModel.Convert(got.At(x, y)); want != c {
				t.Fatalf("pixel %d,%d is %v, want %v", x, y, c, want)
			}
		}
	}
}

func TestShrinkIsTheMeanOfAreas(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 3*SideKept, 3))
	for x := range 3 * SideKept {
		for y := range 3 {
			// Of each 3 by 3 pixels, one column is red, one green at half cover, one nothing at all.
			m.SetNRGBA(x, y, []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 128}, {77, 77, 77, 0}}[x%3])
		}
	}
	got := shrink(m)
	if got.Rect != image.Rect(0, 0, SideKept, 1) {
		t.Fatalf("size %v", got.Rect)
	}
	want := color.NRGBA{170, 85, 0, 128} // 255/383 of the cover is red, 128/383 green; the cover is 383 of 765
	for x := range SideKept {
		if got.NRGBAAt(x, 0) != want {
			t.Fatalf("pixel %d is %v, want %v", x, got.NRGBAAt(x, 0), want)
		}
	}
}

// exif is an APP1 segment with the orientation o.
func exif(order binary.AppendByteOrder, o uint16) []byte {
	tiff := []byte("II*\x00")
	if order.(any) == any(binary.BigEndian) {
		tiff = []byte("MM\x00*")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	tiff = append(order.AppendUint32(order.AppendUint16(order.AppendUint16(tiff, 0x010f), 2), 4), "Me!\x00"...)
	tiff = append(order.AppendUint16(order.AppendUint32(order.AppendUint16(order.AppendUint16(tiff, 0x0112), 3), 1), o), 0, 0)
	tiff = order.AppendUint32(tiff, 0)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(segment)+2)), segment...)
}

func withExif(body, segment []byte) []byte {
	return append(append(bytes.Clone(body[:2]), segment...), body[2:]...)
}

// The corner that EXIF says is at the top left is there afterwards, and no trace of the metadata is.
func TestOrientation(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 32, 16))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for y := range 8 {
		for x := range 8 {
			m.SetNRGBA(x, y, color.NRGBA{0, 0, 0, 255}) // the stored top left
		}
	}
	body := encodeJPEG(t, m)
	for o, corner := range map[uint16]image.Point{
		1: {4, 4}, 2: {27, 4}, 3: {27, 11}, 4: {4, 11}, 5: {4, 4}, 6: {11, 4}, 7: {11, 27}, 8: {4, 27},
		0: {4, 4}, 9: {4, 4},
	} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			l, _ := newLibrary(t)
			i, err := l.Add(t.Context(), withExif(body, exif(order, o)))
			if err != nil {
				t.Fatal(err)
			}
			if turned := o >= 5 && o <= 8; (i.Width == 16) != turned {
				t.Errorf("orientation %d: %d by %d", o, i.Width, i.Height)
			}
			_, r, err := l.Open(t.Context(), i.Hash)
			if err != nil {
				t.Fatal(err)
			}
			stored, err := io.ReadAll(r)
			r.Close()
			if err != nil || bytes.Contains(stored, []byte("Exif")) || bytes.Contains(stored, []byte("Me!")) {
				t.Errorf("orientation %d: metadata is kept, or %v", o, err)
			}
			got, err := jpeg.Decode(bytes.NewReader(stored))
			if err != nil {
				t.Fatal(err)
			}
			if y := color.GrayModel.Convert(got.At(corner.X, corner.Y)).(color.Gray).Y; y > 40 {
				t.Errorf("orientation %d: the corner at %v has brightness %d, want black", o, corner, y)
			}
		}
	}
}

// pngHeader is a PNG that says it has w by h pixels and has none.
func pngHeader(w, h uint32) []byte {
	chunk := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

func TestAddRefuses(t *testing.T) {
	good := encodePNG(t, flat(40, 30))
	scans := encodeJPEG(t, flat(8, 8))
	for range jpegScans {
		scans = append(scans, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0)
	}
	for _, test := range []struct {
		name string
		body []byte
		want error
	}{
		{"nothing", nil, ErrType},
		{"text", []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), ErrType},
		{"html that looks like a GIF", []byte("GIF89a=1;<script>alert(1)</script>"), ErrDimensions},
		{"magic alone", []byte("\x89PNG\r\n\x1a\n"), ErrBadImage},
		{"cut off", good[:len(good)-20], ErrBadImage},
		{"flipped byte", append(bytes.Clone(good[:60]), append([]byte{good[60] ^ 1}, good[61:]...)...), ErrBadImage},
		{"too many bytes", make([]byte, BytesMax+1), ErrTooLarge},
		{"bomb of pixels", pngHeader(12_000, 12_000), ErrDimensions},
		{"too wide", pngHeader(12_001, 1), ErrDimensions},
		{"no pixels", pngHeader(0, 10), ErrBadImage},
		{"largest integer", pngHeader(0x7fffffff, 0x7fffffff), ErrBadImage},
		{"bomb of scans", scans, ErrBadImage},
		{"empty webp", []byte("RIFF\x04\x00\x00\x00WEBP"), ErrBadImage},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, dir := newLibrary(t)
			if got, err := l.Add(t.Context(), test.body); !errors.Is(err, test.want) {
				t.Errorf("got %v, %v; want %v", got, err, test.want)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
				t.Errorf("the folder holds %d entries, %v; want none", len(left), err)
			}
		})
	}
}

// What follows a picture in its file is not kept.
func TestAddDropsWhatFollows(t *testing.T) {
	l, _ := newLibrary(t)
	clean, err := l.Add(t.Context(), encodePNG(t, flat(40, 30)))
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := l.Add(t.Context(), append(encodePNG(t, flat(40, 30)), "PK\x03\x04 an archive"...))
	if err != nil || hidden != clean {
		t.Errorf("got %v, %v; want %v", hidden, err, clean)
	}
}

func TestAddWaitsForMemory(t *testing.T) {
	l, _ := newLibrary(t)
	if err := l.pixels.Acquire(t.Context(), pixelsMax); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Add(ctx, encodePNG(t, flat(4, 4))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestFolder(t *testing.T) {
	l, dir := newLibrary(t)
	body := encodePNG(t, flat(40, 30))
	i, err := l.Add(t.Context(), body)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := l.Add(t.Context(), body); err != nil || again != i {
		t.Errorf("added again: %v, %v", again, err)
	}
	var files []string
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			files = append(files, name)
		}
		return err
	})
	at := filepath.Join(i.Hash[:2], i.Hash[2:4], i.Hash)
	if diff := cmp.Diff([]string{at, at + ".json"}, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}

	restarted, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := restarted.Medium(t.Context(), i.Hash); err != nil || got != i {
		t.Errorf("after a restart: %v, %v; want %v", got, err, i)
	}
	for _, hash := range []string{"", "ab", "../../../etc/passwd", i.Hash[:63], i.Hash + "0", "A" + i.Hash[1:], hex.EncodeToString(make([]byte, 32))} {
		if got, err := restarted.Medium(t.Context(), hash); !errors.Is(err, ErrNoMedium) {
			t.Errorf("hash %q: got %v, %v; want ErrNoMedium", hash, got, err)
		}
		if _, _, err := restarted.Open(t.Context(), hash); !errors.Is(err, ErrNoMedium) {
			t.Errorf("open %q: %v; want ErrNoMedium", hash, err)
		}
	}
}

func FuzzAdd(f *testing.F) {
	f.Add(encodePNG(f, flat(4, 4)))
	f.Add(withExif(encodeJPEG(f, flat(8, 8)), exif(binary.BigEndian, 6)))
	f.Add(encodeGIF(f, 2))
	f.Add(tinyWebP)
	f.Add(pngHeader(100, 100))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := inspect(body)
		if err != nil || p.pixels() > 1<<20 {
			return
		}
		i, clean, err := p.normalize()
		if err != nil {
			if !errors.Is(err, ErrBadImage) && !errors.Is(err, ErrDimensions) {
				t.Fatalf("an error that is ours: %v", err)
			}
			return
		}
		again, err := inspect(clean)
		if err != nil || again.width != i.Width || again.height != i.Height || "image/"+again.name != i.Type || i.Bytes != len(clean) {
			t.Fatalf("made %+v, which reads as %s of %d by %d, %v", i, again.name, again.width, again.height, err)
		}
	})
}
