package labeling

import "math"

// weightLeast is how much a label counts of which nothing is known.
const weightLeast = 0.05

// LabelWeight is how much the label of a task counts where a model learns from it: 1 when it is sure, the less the closer its
// confidence, in parts per million, is to an even guess among so many choices, and never nothing. It has six decimals.
func LabelWeight(confidence, choices int) float64 {
	even := 1 / float64(choices)
	return max(math.Round(1e6*(float64(confidence)/1e6-even)/(1-even))/1e6, weightLeast)
}
