package corpus

import (
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// Preset returns a preset for what the file holds. choices are as Classes takes them.
func (f *File) Preset(name string, choices []string) (compute.Spec, error) {
	classes, err := f.Classes(choices)
	if err != nil {
		return compute.Spec{}, err
	}
	in := compute.Input{Columns: f.Columns}
	if name == "image" {
		if in.Height, in.Width, err = f.Size(); err != nil {
			return compute.Spec{}, err
		}
	}
	return compute.Preset(name, in, classes)
}

// Complete puts the classes and columns of the file into a spec that has none, and refuses one that has others.
func (f *File) Complete(spec compute.Spec, choices []string) (compute.Spec, error) {
	classes, err := f.Classes(choices)
	if err != nil {
		return spec, err
	}
	if spec.Classes == nil {
		spec.Classes = classes
	}
	if !slices.Equal(spec.Classes, classes) {
		return spec, tasknet.NewError(tasknet.Invalid, "other_classes", "The spec tells "+strings.Join(spec.Classes, ", ")+" apart, and the labels are "+strings.Join(classes, ", ")+".")
	}
	if spec.Input.Kind == compute.Numbers && spec.Input.Columns == nil {
		spec.Input.Columns = f.Columns
	}
	return spec, nil
}

// Pictured reports whether rows show pictures that are files of their own.
func (f *File) Pictured() bool {
	return slices.ContainsFunc(f.All(), func(r Row) bool { return r.Image != "" && !strings.HasPrefix(r.Image, inRow) })
}
