package wire

import "fmt"

// Probability writes parts per million as a decimal of six digits: "0.976190".
func Probability(ppm int) string { return fmt.Sprintf("%d.%06d", ppm/1_000_000, ppm%1_000_000) }
