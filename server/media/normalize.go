package media

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// SideKept is how many pixels the longer side of a picture has at most that is kept.
const SideKept = 2048

const (
	sideMax     = 12_000     // pixels on a side, before shrinking
	pixelsMax   = 40_000_000 // before shrinking
	jpegQuality = 85

	// A picture without transparency is kept as PNG when it has few colours, as drawings and screenshots do, or when
	// the PNG is small anyway; photographs become JPEG, which is a tenth of the size.
	pngColours = 256
	pngBytes   = 64 << 10

	// jpegScans bounds the passes over the picture that a progressive JPEG may ask for. Cameras and tools make about
	// ten; a file of 10 MiB could ask for a million, each taking as long as the whole picture.
	jpegScans = 64
)

// format is how images of one type are read. The set is closed; the order does not matter.
type format struct {
	name   string
	magic  string // '?' stands for any byte
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var formats = []format{
	{"png", "\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
	{"jpeg", "\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode},
	{"gif", "GIF8?a", gif.DecodeConfig, gif.Decode}, // Decode reads the first frame and stops
	{"webp", "RIFF????WEBP", webp.DecodeConfig, webp.Decode},
}

// picture is an image that came in and whose size has been checked, not yet decoded.
type picture struct {
	format
	width, height int
	body          []byte
}

// inspect says what body is, without decoding it.
func inspect(body []byte) (picture, error) {
	if len(body) > BytesMax {
		return picture{}, ErrTooLarge
	}
	for _, f := range formats {
		if !hasMagic(body, f.magic) {
			continue
		}
		config, err := f.config(bytes.NewReader(body))
		if err != nil || config.Width <= 0 || config.Height <= 0 {
			return picture{}, ErrBadImage
		}
		if config.Width > sideMax || config.Height > sideMax || config.Width*config.Height > pixelsMax {
			return picture{}, ErrDimensions
		}
		if f.name == "jpeg" && bytes.Count(body, []byte{0xff, 0xda}) > jpegScans {
			return picture{}, ErrBadImage
		}
		return picture{f, config.Width, config.Height, body}, nil
	}
	return picture{}, ErrType
}

func hasMagic(body []byte, magic string) bool {
	if len(body) < len(magic) {
		return false
	}
	for i, c := range []byte(magic) {
		if c != '?' && c != body[i] {
			return false
		}
	}
	return true
}

func (p picture) pixels() int64 { return int64(p.width) * int64(p.height) }

// normalize decodes the picture, turns it upright, shrinks it, and encodes it anew.
func (p picture) normalize() (Medium, []byte, error) {
	decoded, err := p.decode(bytes.NewReader(p.body))
	if err != nil || decoded.Bounds().Empty() {
		return Medium{}, nil, ErrBadImage
	}
	if decoded.Bounds().Dx() > sideMax || decoded.Bounds().Dy() > sideMax {
		return Medium{}, nil, ErrDimensions // what was decoded is not what the header said
	}
	turn := upright
	if p.name == "jpeg" {
		turn = orientation(p.body)
	}
	small := turn.apply(shrink(decoded))
	body, mediaType, err := encode(small, p.name)
	if err != nil {
		return Medium{}, nil, err
	}
	sum := sha256.Sum256(body)
	return Medium{
		Hash: hex.EncodeToString(sum[:]), Type: mediaType, Width: small.Bounds().Dx(), Height: small.Bounds().Dy(), Bytes: len(body),
	}, body, nil
}

// encode writes the picture as PNG or JPEG, whichever suits it.
func encode(m *image.NRGBA, source string) ([]byte, string, error) {
	var out bytes.Buffer
	opaque := m.Opaque()
	if !opaque || source == "png" || source == "gif" {
		var asPNG image.Image = m
		few := fewColours(m)
		if few != nil {
			asPNG = few
		}
		if err := png.Encode(&out, asPNG); err != nil {
			return nil, "", err
		}
		if !opaque || few != nil || out.Len() <= pngBytes {
			return out.Bytes(), "image/png", nil
		}
		out.Reset()
	}
	// Without transparency both models are the same bytes, and the encoder is faster with this one.
	err := jpeg.Encode(&out, &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}, &jpeg.Options{Quality: jpegQuality})
	return out.Bytes(), "image/jpeg", err
}

// fewColours returns the picture with a palette, or nil when it has more colours than a palette holds.
func fewColours(m *image.NRGBA) *image.Paletted {
	index := make(map[color.NRGBA]uint8, pngColours)
	palette := make(color.Palette, 0, pngColours)
	out := image.NewPaletted(m.Bounds(), nil)
	var last color.NRGBA
	lastIndex, begun := uint8(0), false
	for i := 0; i < len(m.Pix); i += 4 {
		c := color.NRGBA{m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3]}
		if !begun || c != last {
			at, ok := index[c]
			if !ok {
				if len(palette) == pngColours {
					return nil
				}
				at = uint8(len(palette))
				index[c] = at
				palette = append(palette, c)
			}
			last, lastIndex, begun = c, at, true
		}
		out.Pix[i/4] = lastIndex
	}
	out.Palette = palette
	return out
}
