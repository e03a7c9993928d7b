package interchange

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// cocoRegion is an annotation as it is written. What begins with tasknet is ours.
type cocoRegion struct {
	ID           int     `json:"id"`
	ImageID      int     `json:"image_id"`
	CategoryID   int     `json:"category_id"`
	Bbox         [4]int  `json:"bbox"`
	Area         float64 `json:"area"`
	Segmentation any     `json:"segmentation"`
	Crowd        int     `json:"iscrowd"`
	Confidence   float64 `json:"tasknet_confidence"` // or of all regions of the image together, where theirs are not known
}

// cocoExported is an image as it is written.
type cocoExported struct {
	cocoImage
	Key        string  `json:"tasknet_key"`
	Hash       string  `json:"tasknet_hash,omitempty"`
	Question   string  `json:"tasknet_question,omitempty"`
	Method     string  `json:"tasknet_method"`
	Confidence float64 `json:"tasknet_confidence"`
}

// cocoTruth is what is known to be true of an image.
type cocoTruth struct {
	ImageID int          `json:"image_id"`
	Regions []cocoRegion `json:"regions"`
}

// WriteCOCO writes boxes, polygons or masks as COCO's JSON. Images are numbered from 1 in the order of the rows, as are
// categories in that of the classes. The regions that respondents drew are in "tasknet_answers", in the same form with the
// worker beside, and those that are known to be true in "tasknet_truth". All of them wait in temporary files until the
// images are written.
func WriteCOCO(w io.Writer, about About, rows Labeled) (err error) {
	if !about.marksRegions() {
		return errNoFormat
	}
	regions, err := newSpool()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, regions.remove()) }()
	answers, err := newSpool()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, answers.remove()) }()

	truths, err := newSpool()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, truths.remove()) }()

	categories := []cocoCategory{}
	for i, class := range about.Choices {
		categories = append(categories, cocoCategory{int64(i + 1), class})
	}
	info := map[string]any{"description": about.Name, "version": about.Version, "date_created": at(about.Created), "year": about.Created.Year()}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "{\"info\":%s,\n\"licenses\":[{\"id\":1,\"name\":%s}],\n\"categories\":%s,\n\"images\":[", mustJSON(info), mustJSON(about.License), mustJSON(categories))
	images := 0
	for row, err := range about.checked(rows) {
		if err != nil {
			return err
		}
		images++
		labeled := row.Value != ""
		image := cocoExported{
			cocoImage: cocoImage{ID: int64(images), Width: row.Image.Width, Height: row.Image.Height, FileName: imagePlace(row.Image), Labeled: &labeled},
			Key:       row.Key, Hash: row.Hash, Question: string(row.Question), Method: row.Method, Confidence: float64(row.Confidence) / million,
		}
		separate := ","
		if images == 1 {
			separate = ""
		}
		fmt.Fprintf(out, "%s\n%s", separate, mustJSON(image))
		if labeled {
			each := fractions(row.Regions)
			err = about.regions(row, row.Value, images, func(r cocoRegion) error {
				r.ID, r.Confidence = regions.count+1, image.Confidence
				if len(each) > 0 {
					r.Confidence, each = each[0], each[1:]
				}
				return regions.add(r)
			})
			if err != nil {
				return err
			}
		}
		if row.Truth != nil {
			known := cocoTruth{images, []cocoRegion{}}
			err = about.regions(row, row.Truth.Value, images, func(r cocoRegion) error {
				r.ID, r.Confidence = len(known.Regions)+1, 1
				known.Regions = append(known.Regions, r)
				return nil
			})
			if err := errors.Join(err, truths.add(known)); err != nil {
				return err
			}
		}
		for _, a := range row.Answers {
			given := struct {
				ImageID    int          `json:"image_id"`
				Worker     string       `json:"worker"`
				Time       string       `json:"time"`
				CannotTell bool         `json:"cannot_tell"`
				Regions    []cocoRegion `json:"regions"`
			}{images, a.Worker, at(a.At), a.Value == "", []cocoRegion{}}
			if a.Value != "" {
				err = about.regions(row, a.Value, images, func(r cocoRegion) error {
					given.Regions = append(given.Regions, r)
					return nil
				})
			}
			if err := errors.Join(err, answers.add(given)); err != nil {
				return err
			}
		}
	}
	fmt.Fprint(out, "],\n\"annotations\":[")
	if err := regions.copy(out); err != nil {
		return err
	}
	fmt.Fprint(out, "],\n\"tasknet_answers\":[")
	if err := answers.copy(out); err != nil {
		return err
	}
	fmt.Fprint(out, "],\n\"tasknet_truth\":[")
	if err := truths.copy(out); err != nil {
		return err
	}
	fmt.Fprint(out, "]}\n")
	return out.Flush()
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // of texts and finite numbers, which always can
	}
	return b
}

// regions calls each for every region of a value.
func (a *About) regions(row *labeling.Labeled, value polls.Value, image int, each func(cocoRegion) error) error {
	switch a.Type {
	case polls.Boxes:
		boxes, err := value.Boxes()
		for _, b := range boxes {
			err = errors.Join(err, each(cocoRegion{
				ImageID: image, CategoryID: b.Class + 1, Bbox: [4]int{b.X, b.Y, b.W, b.H}, Area: float64(b.W * b.H),
				Segmentation: [][]int{{b.X, b.Y, b.X + b.W, b.Y, b.X + b.W, b.Y + b.H, b.X, b.Y + b.H}},
			}))
		}
		return err
	case polls.Polygons:
		polygons, err := value.Polygons()
		for _, p := range polygons {
			size, box := outline(p.Points)
			err = errors.Join(err, each(cocoRegion{ImageID: image, CategoryID: p.Class + 1, Bbox: box, Area: size, Segmentation: [][]int{p.Points}}))
		}
		return err
	}
	masks, err := value.Masks()
	for _, m := range masks {
		pixels, box := area(m, row.Image.Width, row.Image.Height)
		err = errors.Join(err, each(cocoRegion{
			ImageID: image, CategoryID: m.Class + 1, Bbox: box, Area: float64(pixels),
			Segmentation: cocoMask{[2]int{row.Image.Height, row.Image.Width}, cocoRuns(m.Counts).packed()},
		}))
	}
	return err
}

// outline returns the area within a polygon, by the shoelace formula, and the box around it.
func outline(points []int) (size float64, box [4]int) {
	left, top, right, bottom, twice := points[0], points[1], points[0], points[1], 0
	n := len(points)
	for i := 0; i+1 < n; i += 2 {
		x, y, nextX, nextY := points[i], points[i+1], points[(i+2)%n], points[(i+3)%n]
		twice += x*nextY - nextX*y
		left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
	}
	return math.Abs(float64(twice)) / 2, [4]int{left, top, right - left, bottom - top}
}

// spool keeps the values of an array in a file until it is their turn.
type spool struct {
	file  *os.File
	out   *bufio.Writer
	count int
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "tasknet-export-")
	if err != nil {
		return nil, err
	}
	return &spool{file: f, out: bufio.NewWriter(f)}, nil
}

func (s *spool) add(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.count++
	_, err = fmt.Fprintf(s.out, "%s\n%s", strings.Repeat(",", min(s.count-1, 1)), text)
	return err
}

func (s *spool) copy(w io.Writer) error {
	if err := s.out.Flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.file)
	return err
}

func (s *spool) remove() error {
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
