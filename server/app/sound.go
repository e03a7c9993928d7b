package app

import (
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
	le := binary.LittleEndian
	out := le.AppendUint32([]byte("RIFF"), 36+size)
	out = le.AppendUint32(append(out, "WAVEfmt "...), 16)
	out = le.AppendUint16(le.AppendUint16(out, 1), 1) // PCM, one channel
	out = le.AppendUint32(le.AppendUint32(out, rate), 2*rate)
	out = le.AppendUint16(le.AppendUint16(out, 2), 16) // bytes of a sample of all channels, bits of one
	out = le.AppendUint32(append(out, "data"...), size)
	for _, s := range samples {
		out = le.AppendUint16(out, uint16(s))
	}
	return out
}
