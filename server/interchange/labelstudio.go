package interchange

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// lsTask is a task of Label Studio.
type lsTask struct {
	ID          json.RawMessage            `json:"id,omitempty"`
	Data        map[string]json.RawMessage `json:"data"`
	Annotations []lsAnnotation             `json:"annotations"`
	Meta        any                        `json:"meta,omitempty"`
}

// lsAnnotation is what one person answered.
type lsAnnotation struct {
	Result       []lsResult `json:"result"`
	WasCancelled bool       `json:"was_cancelled"`
	GroundTruth  bool       `json:"ground_truth"`
}

// lsResult is a part of an answer: all of it, or a region.
type lsResult struct {
	ID       string   `json:"id,omitempty"`
	FromName string   `json:"from_name"`
	ToName   string   `json:"to_name"`
	Type     string   `json:"type"`
	Width    int      `json:"original_width,omitempty"` // of the image that it is a region of, in pixels
	Height   int      `json:"original_height,omitempty"`
	Rotation *float64 `json:"image_rotation,omitempty"` // of that image
	Value    lsValue  `json:"value"`
}

// lsValue is what a result says. Places in images are in percent of their width and height.
type lsValue struct {
	Choices  []string            `json:"choices,omitempty"`
	Rating   float64             `json:"rating,omitempty"`
	Number   json.Number         `json:"number,omitempty"`
	Text     json.RawMessage     `json:"text,omitempty"` // a text area's lines, or the words of a span
	Ranker   map[string][]string `json:"ranker,omitempty"`
	Selected string              `json:"selected,omitempty"`

	X        *float64     `json:"x,omitempty"`
	Y        *float64     `json:"y,omitempty"`
	Width    *float64     `json:"width,omitempty"`
	Height   *float64     `json:"height,omitempty"`
	Rotation *float64     `json:"rotation,omitempty"`
	Points   [][2]float64 `json:"points,omitempty"`
	Format   string       `json:"format,omitempty"`
	RLE      packedBytes  `json:"rle,omitempty"`

	// Of a span, in code points of the text.
	Start *offset `json:"start,omitempty"`
	End   *offset `json:"end,omitempty"`

	RectangleLabels []string `json:"rectanglelabels,omitempty"`
	PolygonLabels   []string `json:"polygonlabels,omitempty"`
	BrushLabels     []string `json:"brushlabels,omitempty"`
	Labels          []string `json:"labels,omitempty"`
}

// packedBytes are bytes as an array of numbers, which encoding/json would write in base 64.
type packedBytes []byte

func (p packedBytes) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	for i, b := range p {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendUint(out, uint64(b), 10)
	}
	return append(out, ']'), nil
}

func (p *packedBytes) UnmarshalJSON(text []byte) error {
	var numbers []uint8
	var wide []int
	if err := json.Unmarshal(text, &wide); err != nil {
		return err
	}
	for _, n := range wide {
		if n < 0 || n > 255 {
			return fmt.Errorf("%d is not a byte", n)
		}
		numbers = append(numbers, uint8(n))
	}
	*p = numbers
	return nil
}

// offset is a place in a text, which some write as a string.
type offset int

func (o *offset) UnmarshalJSON(text []byte) error {
	n, err := strconv.Atoi(strings.Trim(string(text), `"`))
	*o = offset(n)
	return err
}

// labelStudio makes a row of a task of Label Studio.
func (r *taskReading) labelStudio(text []byte) (row labeling.TaskRow, problem string) {
	var task lsTask
	if err := json.Unmarshal(text, &task); err != nil {
		return row, fmt.Sprintf("it is not a task of Label Studio: %v", err)
	}
	c := r.options.Config
	if c == nil {
		row, problem = objectRow(task.Data)
	} else {
		row, problem = c.row(task.Data)
	}
	if problem != "" {
		return row, problem
	}
	if row.Key == "" {
		if id, ok := cellOf(task.ID); ok {
			row.Key = id.text
		}
	}
	at := slices.IndexFunc(task.Annotations, func(a lsAnnotation) bool { return a.GroundTruth && !a.WasCancelled })
	if at < 0 {
		at = slices.IndexFunc(task.Annotations, func(a lsAnnotation) bool { return !a.WasCancelled })
	}
	if at >= 0 && (c != nil || r.options.Type != "") {
		row.Truth, problem = r.truth(&row, task.Annotations[at].Result)
	}
	return row, problem
}

// row takes from a task's data what the configuration shows.
func (c *LabelConfig) row(data map[string]json.RawMessage) (row labeling.TaskRow, problem string) {
	cells := make(map[string]cell)
	for name, column := range c.data {
		value, there := data[name]
		if !there {
			return row, fmt.Sprintf("the data have no %s", shown([]byte(name)))
		}
		if column == "choices" {
			titles, problem := itemsOf(value)
			if problem != "" {
				return row, problem
			}
			cells[column] = cell{list: titles}
			continue
		}
		read, ok := cellOf(value)
		if !ok || read.list != nil {
			return row, fmt.Sprintf("the data's %s is not a text", shown([]byte(name)))
		}
		cells[column] = read
	}
	left, right := cells["left image"].text, cells["right image"].text
	if left != "" || right != "" {
		cells["choices"] = cell{list: []string{"Left", "Right"}}
		cells["choice_images"] = cell{list: []string{left, right}}
	}
	for _, alias := range taskColumns["key"] {
		if _, shows := c.data[alias]; !shows && data[alias] != nil {
			cells["key"], _ = cellOf(data[alias])
			break
		}
	}
	return rowOf(cells)
}

// lsItem is an item of a list that is ranked.
type lsItem struct {
	ID    any    `json:"id"`
	Title string `json:"title"`
	Body  string `json:"body,omitempty"`
}

func itemsOf(value json.RawMessage) (titles []string, problem string) {
	var items []lsItem
	if err := json.Unmarshal(value, &items); err != nil {
		return nil, "the items of a list need id, title and body"
	}
	for _, item := range items {
		switch {
		case item.Title == "" && item.Body == "":
			return nil, "an item of a list has neither title nor body"
		case item.Title == "":
			titles = append(titles, item.Body)
		case item.Body == "":
			titles = append(titles, item.Title)
		default:
			titles = append(titles, item.Title+": "+item.Body)
		}
	}
	return titles, ""
}

// classes returns the index of a choice or a class by its name.
func (r *taskReading) class(name string) (int, bool) {
	if r.options.Choices != nil {
		i := slices.Index(r.options.Choices, name)
		if c := r.options.Config; i < 0 && c != nil {
			if of, aliased := c.alias[name]; aliased && of < len(c.Choices) {
				i = slices.Index(r.options.Choices, c.Choices[of])
			}
		}
		return i, i >= 0
	}
	if c := r.options.Config; c != nil {
		i, ok := c.alias[name]
		return i, ok
	}
	return 0, false
}

// truth makes of results what is true of a row, in the form of labeling.TaskRow.
func (r *taskReading) truth(row *labeling.TaskRow, results []lsResult) (truth, problem string) {
	kind := r.options.Type
	if c := r.options.Config; c != nil {
		if kind == "" {
			kind = c.Type
		}
		results = slices.DeleteFunc(slices.Clone(results), func(res lsResult) bool { return c.control != "" && res.FromName != c.control })
	}
	regions := kind == polls.Boxes || kind == polls.Polygons || kind == polls.Mask || kind == polls.Spans
	if len(results) == 0 && !regions {
		return "", ""
	}
	switch {
	case regions:
		return r.regions(row, kind, results)
	case len(results) > 1:
		return "", fmt.Sprintf("the annotation has %d results, and one was asked for", len(results))
	}
	v := results[0].Value
	switch kind {
	case polls.Choice, polls.YesNo, polls.Scale:
		switch {
		case v.Rating > 0:
			return strconv.FormatFloat(v.Rating, 'f', -1, 64), ""
		case len(v.Choices) != 1:
			return "", fmt.Sprintf("the annotation has %d choices, and one was asked for", len(v.Choices))
		}
		if c := r.options.Config; c != nil {
			if i, ok := c.alias[v.Choices[0]]; ok && i < len(c.Choices) {
				return c.Choices[i], "" // and not its alias
			}
		}
		return v.Choices[0], ""
	case polls.Multiple:
		selected := []int{}
		for _, name := range v.Choices {
			i, ok := r.class(name)
			if !ok {
				return "", fmt.Sprintf("the annotation has the choice %s, which is none", shown([]byte(name)))
			}
			selected = append(selected, i)
		}
		slices.Sort(selected)
		return jsonOf(slices.Compact(selected)), ""
	case polls.Number:
		d, ok := decimalOf(v.Number.String())
		if !ok {
			return "", fmt.Sprintf("the annotation's number %s has more than six decimals, or is too large", shown([]byte(v.Number)))
		}
		return jsonOf(d.String()), ""
	case polls.Text:
		words, problem := textsOf(v.Text)
		return jsonOf(strings.TrimSpace(strings.Join(words, "\n"))), problem
	case polls.Ranking:
		return rankingOf(v.Ranker, row.Choices)
	case polls.Pair:
		at := slices.Index([]string{"left", "right"}, v.Selected)
		if at < 0 {
			return "", fmt.Sprintf("the annotation selects %s, and neither left nor right", shown([]byte(v.Selected)))
		}
		return strconv.Itoa(at), ""
	}
	return "", fmt.Sprintf("there are no annotations for questions of type %s", kind)
}

// decimalOf reads a number as JSON has it.
func decimalOf(s string) (polls.Decimal, bool) {
	if d, err := polls.ParseDecimal(s); err == nil {
		return d, true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, false
	}
	d, err := polls.ParseDecimal(strconv.FormatFloat(f, 'f', -1, 64))
	return d, err == nil
}

// textsOf reads a text or several.
func textsOf(value json.RawMessage) (texts []string, problem string) {
	c, ok := cellOf(value)
	switch {
	case !ok:
		return nil, "the annotation has no text"
	case c.list != nil:
		return c.list, ""
	}
	return []string{c.text}, ""
}

func rankingOf(ranker map[string][]string, items []string) (truth, problem string) {
	if len(ranker) != 1 {
		return "", "the annotation has several buckets, and one ranking was asked for"
	}
	order := []int{}
	for _, ids := range ranker {
		for _, id := range ids {
			i, err := strconv.Atoi(id)
			if err != nil || i < 0 || i >= len(items) {
				if i = slices.Index(items, id); i < 0 {
					return "", fmt.Sprintf("the annotation ranks %s, which is no item's place in the list, from 0", shown([]byte(id)))
				}
			}
			order = append(order, i)
		}
	}
	return jsonOf(order), ""
}

// regions makes regions of results. A region of several classes becomes several.
func (r *taskReading) regions(row *labeling.TaskRow, kind polls.Type, results []lsResult) (truth, problem string) {
	boxes, polygons, spans, masks := []polls.Box{}, []polls.Polygon{}, []polls.Span{}, map[int]*bitmap{}
	for _, res := range results {
		v := res.Value
		names := slices.Concat(v.RectangleLabels, v.PolygonLabels, v.BrushLabels, v.Labels)
		if kind != polls.Spans {
			if res.Width <= 0 || res.Height <= 0 || res.Width > pixelsMax/res.Height {
				return "", fmt.Sprintf("the annotation's image has %d x %d pixels", res.Width, res.Height)
			}
			if row.Width == 0 {
				row.Width, row.Height = res.Width, res.Height
			}
			if res.Width != row.Width || res.Height != row.Height {
				return "", "the annotation's regions do not agree on the size of the image"
			}
		}
		var mask *bitmap
		if kind == polls.Mask {
			if len(v.RLE) == 0 {
				return "", "the annotation has a mask without rle"
			}
			var err error
			if mask, err = decodeBrush(v.RLE, res.Width, res.Height); err != nil {
				return "", err.Error()
			}
		}
		for _, name := range names {
			class, ok := r.class(name)
			if !ok {
				return "", fmt.Sprintf("the annotation has the class %s, which is none", shown([]byte(name)))
			}
			switch kind {
			case polls.Boxes:
				if v.X == nil || v.Y == nil || v.Width == nil || v.Height == nil || v.Rotation != nil && *v.Rotation != 0 {
					return "", "the annotation has a rectangle that is turned, or not whole"
				}
				left, top := *v.X*float64(res.Width)/100, *v.Y*float64(res.Height)/100
				boxes = append(boxes, boxOf(class, left, top, left+*v.Width*float64(res.Width)/100, top+*v.Height*float64(res.Height)/100, res.Width, res.Height))
			case polls.Polygons:
				points := []int{}
				for _, p := range v.Points {
					points = append(points, pixel(p[0]*float64(res.Width)/100, res.Width), pixel(p[1]*float64(res.Height)/100, res.Height))
				}
				polygons = append(polygons, polls.Polygon{Class: class, Points: points})
			case polls.Mask:
				if masks[class] == nil {
					masks[class] = newBitmap(res.Width, res.Height)
				}
				masks[class].add(mask)
			case polls.Spans:
				span, problem := spanOf(class, v, row.Passage)
				if problem != "" {
					return "", problem
				}
				spans = append(spans, span)
			}
		}
	}
	switch kind {
	case polls.Boxes:
		return jsonOf(boxes), ""
	case polls.Polygons:
		return jsonOf(polygons), ""
	case polls.Mask:
		return string(masksOf(masks)), ""
	}
	slices.SortFunc(spans, bySpan)
	return jsonOf(spans), ""
}

func bySpan(a, b polls.Span) int {
	return slices.Compare([]int{a.Start, a.End, a.Class}, []int{b.Start, b.End, b.Class})
}

// pixel rounds a place in an image to the nearest whole pixel within it.
func pixel(at float64, most int) int {
	if !(at > 0) {
		return 0
	}
	return int(math.Round(min(at, float64(most))))
}

// boxOf makes a box of its sides: whole pixels, within the image, and one at least.
func boxOf(class int, left, top, right, bottom float64, width, height int) polls.Box {
	x, y := min(pixel(left, width), width-1), min(pixel(top, height), height-1)
	return polls.Box{Class: class, X: x, Y: y, W: max(pixel(right, width)-x, 1), H: max(pixel(bottom, height)-y, 1)}
}

// spanOf reads a span. Where it says its words, they have to be those of the passage; if they are so in UTF-16 code
// units, which old versions counted, it is taken as that.
func spanOf(class int, v lsValue, passage string) (span polls.Span, problem string) {
	if v.Start == nil || v.End == nil {
		return span, "the annotation has a span without start and end"
	}
	points := []rune(passage)
	span = polls.Span{Class: class, Start: int(*v.Start), End: int(*v.End)}
	within := span.Start >= 0 && span.Start < span.End && span.End <= len(points)
	words, noWords := textsOf(v.Text)
	if noWords != "" || len(words) != 1 || words[0] == "" {
		if !within {
			return span, "the annotation has a span that is not in the text"
		}
		return span, ""
	}
	if within && string(points[span.Start:span.End]) == words[0] {
		return span, ""
	}
	units := 0
	start, end := -1, -1
	for i := 0; i <= len(points); i++ {
		if units == int(*v.Start) {
			start = i
		}
		if units == int(*v.End) {
			end = i
		}
		if i < len(points) {
			units++
			if points[i] > 0xffff {
				units++
			}
		}
	}
	if start >= 0 && end > start && string(points[start:end]) == words[0] {
		return polls.Span{Class: class, Start: start, End: end}, ""
	}
	return span, fmt.Sprintf("the annotation's span from %d to %d is not %s in the text", span.Start, span.End, shown([]byte(words[0])))
}

// results writes a label as results. The image's size is needed for regions of it.
func (c *LabelConfig) results(choice int, value polls.Value, choices []string, passage string, width, height int) ([]lsResult, error) {
	result := lsResult{FromName: c.control, ToName: c.objects[0], Type: c.kind}
	one := func(v lsValue) ([]lsResult, error) {
		result.Value = v
		return []lsResult{result}, nil
	}
	if value == "" {
		switch {
		case choice < 0:
			return []lsResult{}, nil
		case c.Type == polls.Pair:
			return one(lsValue{Selected: []string{"left", "right"}[min(choice, 1)]})
		case choice >= len(choices):
			return nil, fmt.Errorf("there is no choice %d", choice)
		}
		return one(lsValue{Choices: []string{choices[choice]}})
	}
	switch c.Type {
	case polls.Multiple:
		selected, err := value.Selection()
		if err != nil {
			return nil, err
		}
		v := lsValue{}
		for _, i := range selected {
			v.Choices = append(v.Choices, choices[i])
		}
		if v.Choices == nil {
			return []lsResult{}, nil
		}
		return one(v)
	case polls.Number:
		n, err := value.Number()
		if err != nil {
			return nil, err
		}
		return one(lsValue{Number: json.Number(n.String())})
	case polls.Text:
		text, err := value.Text()
		if err != nil {
			return nil, err
		}
		return one(lsValue{Text: json.RawMessage(jsonOf([]string{text}))})
	case polls.Ranking:
		order, err := value.Order()
		if err != nil {
			return nil, err
		}
		ids := []string{}
		for _, i := range order {
			ids = append(ids, strconv.Itoa(i))
		}
		return one(lsValue{Ranker: map[string][]string{c.control: ids}})
	}
	return c.regionResults(value, choices, passage, width, height)
}

func (c *LabelConfig) regionResults(value polls.Value, choices []string, passage string, width, height int) ([]lsResult, error) {
	results := []lsResult{}
	at := func(f float64) *float64 { return &f }
	add := func(v lsValue) {
		result := lsResult{ID: "r" + strconv.Itoa(len(results)+1), FromName: c.control, ToName: c.objects[0], Type: c.kind, Value: v}
		if c.Type != polls.Spans { // which are of a text
			result.Width, result.Height, result.Rotation = width, height, at(0)
		}
		results = append(results, result)
	}
	across := func(x int) float64 { return float64(x) * 100 / float64(width) }
	down := func(y int) float64 { return float64(y) * 100 / float64(height) }
	switch c.Type {
	case polls.Boxes:
		boxes, err := value.Boxes()
		if err != nil {
			return nil, err
		}
		for _, b := range boxes {
			add(lsValue{X: at(across(b.X)), Y: at(down(b.Y)), Width: at(across(b.W)), Height: at(down(b.H)), Rotation: at(0), RectangleLabels: choices[b.Class : b.Class+1]})
		}
	case polls.Polygons:
		polygons, err := value.Polygons()
		if err != nil {
			return nil, err
		}
		for _, p := range polygons {
			v := lsValue{PolygonLabels: choices[p.Class : p.Class+1]}
			for i := 0; i+1 < len(p.Points); i += 2 {
				v.Points = append(v.Points, [2]float64{across(p.Points[i]), down(p.Points[i+1])})
			}
			add(v)
		}
	case polls.Mask:
		masks, err := value.Masks()
		if err != nil {
			return nil, err
		}
		for _, m := range masks {
			add(lsValue{Format: "rle", RLE: encodeBrush(ofCounts(m.Counts, width, height)), BrushLabels: choices[m.Class : m.Class+1]})
		}
	case polls.Spans:
		spans, err := value.Spans()
		if err != nil {
			return nil, err
		}
		points := []rune(passage)
		for _, s := range spans {
			start, end := offset(s.Start), offset(s.End)
			add(lsValue{Start: &start, End: &end, Text: json.RawMessage(jsonOf(string(points[s.Start:s.End]))), Labels: choices[s.Class : s.Class+1]})
		}
	default:
		return nil, tasknet.NewError(tasknet.Invalid, "bad_format", fmt.Sprintf("Label Studio has nothing for questions of type %s.", c.Type))
	}
	return results, nil
}
