package bench

// Row is a figure, with what it should be.
type Row struct {
	What   string  `json:"what"`
	Value  float64 `json:"value"`
	Goal   float64 `json:"goal"`
	Unit   string  `json:"unit"`
	Better string  `json:"better"` // higher or lower
}

// Better is which way a figure should go.
const (
	Higher = "higher"
	Lower  = "lower"
)
