package tray

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

var looks = []Look{Waiting, Working, Paused, Trouble}

// TestLooks draws all looks in the least size of a panel: each is told from the others, by its form as well as by its colours.
func TestLooks(t *testing.T) {
	t.Parallel()
	seen := map[string]Look{}
	for _, l := range looks {
		img := draw(l, 16)
		ground, _ := sign(l)
		var form strings.Builder // where the sign is, whatever its colours
		for y := range 16 {
			for x := range 16 {
				switch c := img.NRGBAAt(x, y); {
				case c.A == 0:
					form.WriteByte(' ')
				case c == ground:
					form.WriteByte('.')
				default:
					form.WriteByte('#')
				}
			}
			form.WriteByte('\n')
		}
		if other, ok := seen[form.String()]; ok {
			t.Errorf("look %d has the form of %d:\n%s", l, other, form.String())
		}
		seen[form.String()] = l
		if img.NRGBAAt(0, 0).A > 64 || img.NRGBAAt(8, 1).A != 255 {
			t.Errorf("look %d has no ground with round corners:\n%s", l, form.String())
		}
		if l.says() == "" || !strings.HasPrefix(l.says(), name+": ") {
			t.Errorf("look %d says %q", l, l.says())
		}
	}
}

// TestIco takes the file for Windows apart, and finds each picture upside down, blue first.
func TestIco(t *testing.T) {
	t.Parallel()
	file := ico(Working)
	read := func(at, of uint32) (n uint32) {
		if err := binary.Read(bytes.NewReader(append(bytes.Clone(file[at:at+of]), 0, 0, 0, 0)), binary.LittleEndian, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if read(0, 4) != 1<<16 || read(4, 2) != 5 {
		t.Fatalf("it begins with % x", file[:6])
	}
	end := uint32(6 + 5*16)
	for i := range uint32(5) {
		size, length, at := read(6+16*i, 1), read(6+16*i+8, 4), read(6+16*i+12, 4)
		if at != end || read(at, 4) != 40 || read(at+4, 4) != size || read(at+8, 4) != 2*size || read(at+14, 2) != 32 {
			t.Errorf("picture %d begins at %d: % x", i, at, file[at:at+16])
		}
		end = at + length
		img := draw(Working, int(size))
		for _, p := range [][2]uint32{{0, 0}, {size / 2, 2}, {size - 3, size / 3}} {
			c := img.NRGBAAt(int(p[0]), int(p[1]))
			if got, want := read(at+40+4*((size-1-p[1])*size+p[0]), 4), uint32(c.A)<<24|uint32(c.R)<<16|uint32(c.G)<<8|uint32(c.B); got != want {
				t.Errorf("of %d, the pixel %v is %08x, not %08x", size, p, got, want)
			}
		}
	}
	if end != uint32(len(file)) {
		t.Errorf("the file has %d bytes, and its pictures end at %d", len(file), end)
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Roof damage, version 4":         "Roof damage, version 4",
		"two\nlines\tof \u202eit\x1b[1m": "two lines of it[1m",
		strings.Repeat("é", 81):          strings.Repeat("é", 79) + "…",
		strings.Repeat("é", 80):          strings.Repeat("é", 80),
	} {
		if got := oneLine(text); got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
}
