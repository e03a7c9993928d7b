package interchange

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// cocoStart is how an object begins that has what COCO's files consist of, and cocoImages what is near its beginning where
// it has something else before. A task of Label Studio has data.
var (
	cocoStart  = regexp.MustCompile(`^\{\s*"(info|licenses|images|annotations|categories)"\s*:\s*[\[{]`)
	cocoImages = regexp.MustCompile(`"(images|categories)"\s*:\s*\[\s*\{`)
	studioData = regexp.MustCompile(`"data"\s*:\s*\{`)
)

func likeCOCO(head []byte) bool {
	return cocoStart.Match(head) || cocoImages.Match(head) && !studioData.Match(head)
}

type cocoImage struct {
	ID       int64  `json:"id"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	FileName string `json:"file_name"`
	URL      string `json:"coco_url,omitempty"`

	// Labeled is ours: false when nobody answered, so that no regions does not mean that none were seen.
	Labeled *bool `json:"tasknet_labeled,omitempty"`
}

type cocoCategory struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type cocoAnnotation struct {
	ImageID      int64           `json:"image_id"`
	CategoryID   int64           `json:"category_id"`
	Bbox         []float64       `json:"bbox"`
	Segmentation json.RawMessage `json:"segmentation"`
}

// cocoPlace is where an annotation is in the file.
type cocoPlace struct {
	image  int64
	offset int64
	length int32
	line   int32
}

// cocoReading reads a file of COCO twice: first where the annotations of each image are, then the images.
type cocoReading struct {
	*taskReading
	file       io.ReaderAt
	size       int64
	categories []cocoCategory
	class      map[int64]int // of a category, its index among the project's classes
	places     []cocoPlace   // by image
	found      []bool        // which places belong to an image
}

func (r *taskReading) coco() error {
	file, size, err := r.random()
	if err != nil {
		return err
	}
	c := &cocoReading{taskReading: r, file: file, size: size}
	if err := c.sections(map[string]func(*elements) error{"categories": c.category, "annotations": c.place}); err != nil {
		return err
	}
	slices.SortStableFunc(c.places, func(a, b cocoPlace) int { return cmp.Compare(a.image, b.image) })
	c.found = make([]bool, len(c.places))
	c.match()
	if err := c.sections(map[string]func(*elements) error{"images": c.image}); err != nil {
		return err
	}
	for i, found := range c.found {
		if !found {
			p := c.places[i]
			if err := r.bad(&labeling.BadRow{Line: int(p.line), Problem: fmt.Sprintf("the annotation is of image %d, which is not there", p.image)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// sections reads the file's arrays by their names.
func (c *cocoReading) sections(each map[string]func(*elements) error) error {
	in := &source{ctx: c.ctx, file: File{Reader: io.NewSectionReader(c.file, 0, c.size)}}
	e := newElements(bufio.NewReaderSize(in, 1<<16))
	if head, err := e.in.Peek(len(byteOrderMark)); err == nil && bytes.Equal(head, byteOrderMark) {
		if _, err := e.in.Discard(len(head)); err != nil {
			return err
		}
		e.offset += int64(len(head))
	}
	return e.object(func(name string) error {
		do := each[name]
		if do == nil {
			do = func(*elements) error { return nil }
		}
		first, err := e.peek()
		if err != nil || first == '[' {
			return e.array(func() error { return do(e) })
		}
		if err := e.next(); err != nil {
			return e.broken(err, "")
		}
		return nil
	})
}

func (c *cocoReading) category(e *elements) error {
	var category cocoCategory
	if json.Unmarshal(e.value, &category) != nil || category.Name == "" {
		return badf("Line %d: a category needs id and name.", e.begins)
	}
	c.categories = append(c.categories, category)
	return nil
}

// match finds the classes of the categories: those of the project by their names, or all by their ids.
func (c *cocoReading) match() {
	slices.SortStableFunc(c.categories, func(a, b cocoCategory) int { return cmp.Compare(a.ID, b.ID) })
	c.class = make(map[int64]int, len(c.categories))
	for i, category := range c.categories {
		if c.options.Choices != nil {
			i = slices.Index(c.options.Choices, category.Name)
		}
		if i >= 0 {
			c.class[category.ID] = i
		}
	}
}

func (c *cocoReading) place(e *elements) error {
	if c.options.Type == "" {
		return nil
	}
	var a struct {
		ImageID *int64 `json:"image_id"`
	}
	switch {
	case e.long:
		return c.bad(&labeling.BadRow{Line: e.begins, Problem: fmt.Sprintf("the annotation is longer than %d bytes", elementMax)})
	case json.Unmarshal(e.value, &a) != nil || a.ImageID == nil:
		return c.bad(&labeling.BadRow{Line: e.begins, Problem: "the annotation has no image_id that is a whole number"})
	}
	c.places = append(c.places, cocoPlace{*a.ImageID, e.at, int32(len(e.value)), int32(e.begins)})
	return nil
}

func (c *cocoReading) image(e *elements) error {
	var image cocoImage
	if e.long || json.Unmarshal(e.value, &image) != nil || image.FileName == "" && image.URL == "" {
		return c.bad(&labeling.BadRow{Line: e.begins, Problem: "an image needs id, width, height and file_name, all but the last whole numbers"})
	}
	row := labeling.TaskRow{Key: strconv.FormatInt(image.ID, 10), Image: image.URL, Width: image.Width, Height: image.Height}
	if image.URL == "" {
		row.Image = image.FileName
	}
	from, _ := slices.BinarySearchFunc(c.places, image.ID, func(p cocoPlace, id int64) int { return cmp.Compare(p.image, id) })
	var annotations []cocoAnnotation
	for i := from; i < len(c.places) && c.places[i].image == image.ID; i++ {
		c.found[i] = true
		text := make([]byte, c.places[i].length)
		if _, err := c.file.ReadAt(text, c.places[i].offset); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		var a cocoAnnotation
		if err := json.Unmarshal(text, &a); err != nil {
			return c.bad(&labeling.BadRow{Line: int(c.places[i].line), Problem: "the annotation needs image_id, category_id, and bbox or segmentation"})
		}
		annotations = append(annotations, a)
	}
	var problem string
	unknown := image.Labeled != nil && !*image.Labeled
	if c.options.Type != "" && !unknown && (len(annotations) > 0 || c.marksRegions()) {
		row.Truth, problem = c.truth(image, annotations)
	}
	return c.rowOr(row, e.begins, problem)
}

func (c *cocoReading) marksRegions() bool {
	t := c.options.Type
	return t == polls.Boxes || t == polls.Polygons || t == polls.Mask
}

// truth makes of an image's annotations what is true of it, in the form of labeling.TaskRow.
func (c *cocoReading) truth(image cocoImage, annotations []cocoAnnotation) (truth, problem string) {
	if c.marksRegions() && (image.Width <= 0 || image.Height <= 0 || image.Width > pixelsMax/image.Height) {
		return "", fmt.Sprintf("the image has %d x %d pixels", image.Width, image.Height)
	}
	boxes, polygons, masks, selected := []polls.Box{}, []polls.Polygon{}, map[int]*bitmap{}, []int{}
	for _, a := range annotations {
		class, ok := c.class[a.CategoryID]
		if !ok {
			return "", fmt.Sprintf("an annotation of the image has category %d, which is none of the classes", a.CategoryID)
		}
		selected = append(selected, class)
		switch c.options.Type {
		case polls.Boxes:
			if len(a.Bbox) != 4 {
				return "", "an annotation of the image has no bbox of four numbers"
			}
			x, y, w, h := a.Bbox[0], a.Bbox[1], a.Bbox[2], a.Bbox[3]
			boxes = append(boxes, boxOf(class, x, y, x+w, y+h, image.Width, image.Height))
		case polls.Polygons:
			outlines, _, problem := segmentsOf(a.Segmentation, image)
			if outlines == nil {
				return "", cmp.Or(problem, "an annotation of the image is a mask and no polygon")
			}
			for _, outline := range outlines {
				points := make([]int, len(outline))
				for i, at := range outline {
					points[i] = pixel(at, []int{image.Width, image.Height}[i%2])
				}
				polygons = append(polygons, polls.Polygon{Class: class, Points: points})
			}
		case polls.Mask:
			outlines, mask, problem := segmentsOf(a.Segmentation, image)
			if problem != "" {
				return "", problem
			}
			if masks[class] == nil {
				masks[class] = newBitmap(image.Width, image.Height)
			}
			if mask != nil {
				masks[class].add(mask)
			}
			for _, outline := range outlines {
				masks[class].fill(outline)
			}
		}
	}
	switch c.options.Type {
	case polls.Boxes:
		return jsonOf(boxes), ""
	case polls.Polygons:
		return jsonOf(polygons), ""
	case polls.Mask:
		return string(masksOf(masks)), ""
	}
	slices.Sort(selected)
	selected = slices.Compact(selected)
	switch c.options.Type {
	case polls.Multiple:
		return jsonOf(selected), ""
	case polls.Choice, polls.YesNo, polls.Scale:
		if len(selected) > 1 {
			return "", fmt.Sprintf("the image has annotations of %d categories, and one choice was asked for", len(selected))
		}
		return strconv.Itoa(selected[0]), ""
	}
	return "", fmt.Sprintf("there are no annotations for questions of type %s", c.options.Type)
}

// segmentsOf reads polygons or a mask. Without a problem, one of them is not nil.
func segmentsOf(text json.RawMessage, image cocoImage) (outlines [][]float64, mask *bitmap, problem string) {
	text = bytes.TrimSpace(text)
	if len(text) > 0 && text[0] == '{' {
		var m struct {
			Size   [2]int   `json:"size"`
			Counts cocoRuns `json:"counts"`
		}
		if err := json.Unmarshal(text, &m); err != nil {
			return nil, nil, errRuns.Error()
		}
		if m.Size != [2]int{image.Height, image.Width} {
			return nil, nil, fmt.Sprintf("a mask is of %d x %d pixels, and its image of %d x %d", m.Size[1], m.Size[0], image.Width, image.Height)
		}
		mask, err := m.Counts.bitmap(image.Width, image.Height)
		if err != nil {
			return nil, nil, err.Error()
		}
		return nil, mask, ""
	}
	if json.Unmarshal(text, &outlines) != nil || len(outlines) == 0 {
		return nil, nil, "an annotation of the image has no segmentation"
	}
	for _, outline := range outlines {
		if len(outline) < 6 || len(outline)%2 != 0 {
			return nil, nil, "an annotation of the image has a polygon with less than three corners, or half of one"
		}
	}
	return outlines, nil, ""
}
