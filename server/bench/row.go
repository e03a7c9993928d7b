package bench

import (
	"encoding/json"
	"math"
)

// Row is a figure, with what it should be.
type Row struct {
	What   string  `json:"what"`
	Value  float64 `json:"value"`
	Goal   Goal    `json:"goal"`
	Unit   string  `json:"unit"`
	Better string  `json:"better"` // higher or lower
}

// Better is which way a figure should go.
const (
	Higher = "higher"
	Lower  = "lower"
)

// Goal is what a figure should be at least, or at most; null in JSON where it is NoGoal.
type Goal float64

// NoGoal is the goal of a figure that is only reported.
var NoGoal = Goal(math.NaN())

// Is reports whether there is a goal.
func (g Goal) Is() bool { return !math.IsNaN(float64(g)) }

// MarshalJSON implements json.Marshaler.
func (g Goal) MarshalJSON() ([]byte, error) {
	if !g.Is() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(g))
}

// UnmarshalJSON implements json.Unmarshaler.
func (g *Goal) UnmarshalJSON(text []byte) error {
	var number *float64
	if err := json.Unmarshal(text, &number); err != nil {
		return err
	}
	if *g = NoGoal; number != nil {
		*g = Goal(*number)
	}
	return nil
}

// Misses reports whether the figure is not what it should be.
func (r Row) Misses() bool {
	return r.Goal.Is() && (r.Better == Higher && r.Value < float64(r.Goal) || r.Better == Lower && r.Value > float64(r.Goal))
}
