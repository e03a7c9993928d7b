package compute

import "github.com/tasknet/tasknet"

// ErrNoPreset reports a preset that does not exist.
var ErrNoPreset = tasknet.NewError(tasknet.Invalid, "no_preset", "A preset is image, text or tabular.")

// smallPicture is the side up to which pictures are looked at in their own size, and in grey.
const smallPicture = 40

// Preset returns a spec that does well on most sets of its kind up to some tens of thousands of labels. input says what is known
// of the data: the height and width of a picture, or the columns of numbers.
func Preset(name string, input Input, classes []string) (Spec, error) {
	s := Spec{Classes: classes}
	switch name {
	case "image":
		s.Input = Input{Kind: Image, Height: 64, Width: 64, Channels: 3}
		if max(input.Height, input.Width) <= smallPicture {
			s.Input = Input{Kind: Image, Height: input.Height, Width: input.Width, Channels: 1}
		}
		s.Layers = []Layer{
			{Type: Conv, Filters: 16},
			{Type: MaxPool},
			{Type: Conv, Filters: 32},
			{Type: MaxPool},
			{Type: Flatten},
			{Type: Dropout, Rate: 0.25},
			{Type: Dense, Units: 96},
			{Type: Dropout, Rate: 0.25},
		}
		s.Augment = Augment{Shift: 0.07, Rotate: 8}
		s.Optimizer = Optimizer{Rate: 0.002, Decay: 0.01}
	case "text":
		s.Input = Input{Kind: Words, Buckets: 8192}
		s.Layers = []Layer{{Type: Dense, Units: 64}, {Type: Dropout, Rate: 0.3}}
		s.Optimizer = Optimizer{Rate: 0.003, Decay: 0.05}
	case "tabular":
		s.Input = Input{Kind: Numbers, Columns: input.Columns}
		s.Layers = []Layer{{Type: Dense, Units: 64}, {Type: Norm}, {Type: Dense, Units: 32}, {Type: Dropout, Rate: 0.1}}
		s.Optimizer = Optimizer{Rate: 0.003, Decay: 0.01}
		s.Training = Training{Epochs: 60, Patience: 8}
	default:
		return Spec{}, ErrNoPreset
	}
	return s, nil
}
