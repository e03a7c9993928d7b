package app

import (
	"bytes"
	"encoding/binary"
	"math"
)

// beeps returns a WAV clip of three short tones: RIFF with one "fmt " and one "data" chunk of 16-bit samples, as
// Microsoft's "Multimedia Programming Interface and Data Specifications 1.0" has it.
func beeps() []byte {
	const (
		rate    = 8000 // samples a second
		pitch   = 660  // hertz
		tone    = rate / 5
		silence = rate / 5
		fade    = rate / 100 // at both ends of a tone, which would click otherwise
	)
	var samples []int16
	for range 3 {
		for i := range tone {
			level := min(1, float64(min(i, tone-i))/fade) * 0.4 * math.MaxInt16
			samples = append(samples, int16(level*math.Sin(2*math.Pi*pitch*float64(i)/rate)))
		}
		samples = append(samples, make([]int16, silence)...)
	}
	size := uint32(2 * len(samples))
	var out bytes.Buffer
	for _, part := range []any{
		[]byte("RIFF"), 36 + size, []byte("WAVEfmt "), uint32(16),
		uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16), // PCM, one channel
		[]byte("data"), size, samples,
	} {
		binary.Write(&out, binary.LittleEndian, part) // a buffer takes all
	}
	return out.Bytes()
}
