package corpus

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	_ "image/gif" // to be decoded
	_ "image/jpeg"
	_ "image/png"
	"io"
	"os"
	"strings"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // to be decoded

	"github.com/tasknet/tasknet/compute"
)

// Limits of pictures.
const (
	pictureBytes = 64 << 20
	picturePixel = 64 << 20
)

// inRow begins a picture that stands in its row.
const inRow = "data:"

// picture is a picture as it is in its file.
type picture struct{ image.Image }

// picture opens the picture of a row. Paths lead nowhere but below the file's folder.
func (f *File) picture(r *Row) (_ *picture, err error) {
	if r.pixels != nil {
		return r.pixels, nil
	}
	if r.Image == "" {
		return nil, badFile("Task %q has no picture.", r.Key)
	}
	if within, ok := strings.CutPrefix(r.Image, inRow); ok {
		return inline(r.Key, within)
	}
	root, err := os.OpenRoot(f.folder)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	in, err := root.Open(r.Image)
	if err != nil {
		return nil, badFile("The picture of task %q cannot be opened: %v.", r.Key, err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	raw, err := io.ReadAll(io.LimitReader(in, pictureBytes+1))
	if err != nil {
		return nil, badFile("The picture of task %q cannot be read: %v.", r.Key, err)
	}
	return decode(r.Key, raw)
}

// inline opens a picture that stands in its row, as a data URL in base64.
func inline(key, url string) (*picture, error) {
	_, encoded, ok := strings.Cut(url, ";base64,")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil {
		return nil, badFile("The picture of task %q is no data URL in base64.", key)
	}
	return decode(key, raw)
}

func decode(key string, raw []byte) (*picture, error) {
	about, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || len(raw) > pictureBytes || about.Width*about.Height > picturePixel {
		return nil, badFile("The picture of task %q is larger than %d million pixels, or none.", key, picturePixel>>20)
	}
	decoded, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, badFile("The picture of task %q is broken: %v.", key, err)
	}
	return &picture{decoded}, nil
}

// Size is the height and width of the first picture, by which a preset chooses its input.
func (f *File) Size() (height, width int, err error) {
	shown, err := f.picture(&f.Rows[0])
	if err != nil {
		return 0, 0, err
	}
	return shown.Bounds().Dy(), shown.Bounds().Dx(), nil
}

// input scales the picture to what a model looks at, whatever its proportions; what is transparent is white.
func (p *picture) input(in compute.Input) []float32 {
	area := image.Rect(0, 0, in.Width, in.Height)
	scaled := image.NewRGBA(area)
	draw.Draw(scaled, area, image.White, image.Point{}, draw.Src)
	if p.Bounds().Size() == area.Size() {
		draw.Draw(scaled, area, p, p.Bounds().Min, draw.Over)
	} else {
		draw.BiLinear.Scale(scaled, area, p, p.Bounds(), draw.Over, nil)
	}
	out := make([]float32, 0, in.Height*in.Width*in.Channels)
	for i := 0; i < len(scaled.Pix); i += 4 {
		red, green, blue := float32(scaled.Pix[i])/255, float32(scaled.Pix[i+1])/255, float32(scaled.Pix[i+2])/255
		if in.Channels == 3 {
			out = append(out, red, green, blue)
		} else {
			out = append(out, 0.299*red+0.587*green+0.114*blue) // luma of Rec. 601
		}
	}
	return out
}
