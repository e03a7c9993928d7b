package interchange

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet/polls"
)

// feature is a column of a dataset as Hugging Face's library names them.
type feature struct {
	name    string
	dtype   string    // as string, int64, float64, image, audio, class_label, list; "" for a struct
	classes []string  // of a class_label
	of      []feature // of a struct its members, of a list what is in it
}

func list(name string, of feature) feature {
	return feature{name: name, dtype: "list", of: []feature{of}}
}

// hugging is metadata that the library reads of a Parquet file by itself.
func hugging(columns []feature) string {
	b, err := json.Marshal(map[string]any{"info": map[string]any{"features": members(columns)}})
	if err != nil {
		panic(err) // of texts, which always can
	}
	return string(b)
}

func members(of []feature) map[string]any {
	m := make(map[string]any, len(of))
	for _, f := range of {
		m[f.name] = f.json()
	}
	return m
}

func (f feature) json() any {
	switch f.dtype {
	case "":
		return members(f.of)
	case "list":
		return map[string]any{"feature": f.of[0].json(), "_type": "List"}
	case "image":
		return map[string]any{"_type": "Image"}
	case "audio":
		return map[string]any{"_type": "Audio"}
	case "class_label":
		return map[string]any{"names": f.classes, "_type": "ClassLabel"}
	}
	return map[string]any{"dtype": f.dtype, "_type": "Value"}
}

// yaml writes features as a card has them.
func yaml(b *strings.Builder, of []feature, indent string) {
	for _, f := range of {
		fmt.Fprintf(b, "%s- name: %s\n", indent, quoted(f.name))
		f.yaml(b, indent+"  ", true)
	}
}

func (f feature) yaml(b *strings.Builder, indent string, named bool) {
	switch f.dtype {
	case "":
		fmt.Fprintf(b, "%sstruct:\n", indent)
		yaml(b, f.of, indent)
	case "list":
		of := f.of[0]
		switch of.dtype {
		case "":
			fmt.Fprintf(b, "%slist:\n", indent)
			yaml(b, of.of, indent)
		case "list", "class_label":
			fmt.Fprintf(b, "%slist:\n", indent)
			of.yaml(b, indent+"  ", false)
		default:
			fmt.Fprintf(b, "%slist: %s\n", indent, of.dtype)
		}
	case "class_label":
		if named {
			fmt.Fprintf(b, "%sdtype:\n", indent)
			indent += "  "
		}
		fmt.Fprintf(b, "%sclass_label:\n%s  names:\n", indent, indent)
		for i, class := range f.classes {
			fmt.Fprintf(b, "%s    %s: %s\n", indent, quoted(strconv.Itoa(i)), quoted(class))
		}
	default:
		fmt.Fprintf(b, "%sdtype: %s\n", indent, f.dtype)
	}
}

// quoted writes a text as YAML and JSON have it.
func quoted(s string) string { return jsonOf(s) }

// label is the column of labels. Each task has its own choices when the dataset has none, so that they have no classes.
func (a *About) labelFeature() feature {
	class := feature{name: "label", dtype: "class_label", classes: a.Choices}
	if a.Choices == nil {
		class.dtype = "int64"
	}
	category := class
	category.name = "category"
	number := func(name string) feature { return feature{name: name, dtype: "int64"} }
	switch a.Type {
	case polls.Multiple, polls.Ranking:
		return list("label", class)
	case polls.Number:
		return feature{name: "label", dtype: "float64"}
	case polls.Text:
		return feature{name: "label", dtype: "string"}
	case polls.Boxes:
		return list("objects", feature{of: []feature{category, list("bbox", number(""))}})
	case polls.Polygons:
		return list("objects", feature{of: []feature{category, list("points", number(""))}})
	case polls.Mask:
		return list("objects", feature{of: []feature{category, list("size", number("")), {name: "counts", dtype: "string"}}})
	case polls.Spans:
		return list("spans", feature{of: []feature{category, number("start"), number("end"), {name: "text", dtype: "string"}}})
	}
	return class
}

// hasSoft says whether there is a soft label for each choice.
func (a *About) hasSoft() bool { return a.Type.IsLabel() || a.Type == polls.Multiple }

// hasWeight says whether it is known how much each label counts in training.
func (a *About) hasWeight() bool { return a.Type.IsLabel() }

// features are the columns of a dataset's rows.
func (a *About) features() []feature {
	text := func(name string) feature { return feature{name: name, dtype: "string"} }
	f := []feature{text("key"), text("text")}
	if a.Passage {
		f = append(f, text("passage"))
	}
	if a.Image {
		f = append(f, feature{name: "image", dtype: "image"}, text("image_alt"), feature{name: "width", dtype: "int64"}, feature{name: "height", dtype: "int64"})
	}
	if a.Audio {
		f = append(f, feature{name: "audio", dtype: "audio"})
	}
	if a.Choices == nil && (a.Type.IsLabel() || a.Type == polls.Ranking) {
		f = append(f, list("choices", text("")))
	}
	if a.ChoiceImages {
		f = append(f, list("choice_images", feature{dtype: "image"}))
	}
	f = append(f, a.labelFeature())
	if a.hasSoft() {
		f = append(f, list("soft_label", feature{dtype: "float64"}))
	}
	if a.hasWeight() {
		f = append(f, feature{name: "weight", dtype: "float64"})
	}
	if !a.Type.IsLabel() {
		f = append(f, text("label_value"))
	}
	if a.Truth {
		f = append(f, text("truth"))
	}
	answer := feature{of: []feature{text("worker"), text("label"), {name: "time", dtype: "timestamp[ms, tz=UTC]"}}}
	return append(f, feature{name: "confidence", dtype: "float64"}, text("method"), list("answers", answer), text("question_id"), text("hash"))
}
