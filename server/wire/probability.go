package wire

import (
	"fmt"
	"strconv"
	"strings"
)

// Probability writes parts per million as a decimal of six digits: "0.976190".
func Probability(ppm int) string { return fmt.Sprintf("%d.%06d", ppm/1_000_000, ppm%1_000_000) }

// ParseProbability reads what Probability writes.
func ParseProbability(text string) (ppm int, err error) {
	whole, digits, _ := strings.Cut(text, ".")
	if ppm, err = strconv.Atoi(whole + digits); err != nil || ppm < 0 || ppm > 1_000_000 || Probability(ppm) != text {
		return 0, fmt.Errorf("%q is not a share with six digits", text)
	}
	return ppm, nil
}
