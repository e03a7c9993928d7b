package tray

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// ico is a look as the file of an icon that Windows reads, in the sizes of its screens.
func ico(l Look) []byte {
	sizes := []int{16, 20, 24, 32, 48}
	const header, entry, info = 6, 16, 40
	var file, pictures bytes.Buffer
	put := func(to *bytes.Buffer, values ...any) {
		for _, v := range values {
			_ = binary.Write(to, binary.LittleEndian, v) // a Buffer takes all
		}
	}
	put(&file, uint16(0), uint16(1), uint16(len(sizes)))
	for _, size := range sizes {
		at := header + entry*len(sizes) + pictures.Len()
		img := draw(l, size)
		mask := (size + 31) / 32 * 4 * size // a bit a pixel, in lines of four bytes; alpha decides, and it stays empty
		// A bitmap whose height counts the mask, from the lowest line up, blue first.
		put(&pictures, uint32(info), int32(size), int32(2*size), uint16(1), uint16(32), uint32(0), uint32(4*size*size+mask), int32(0), int32(0), uint32(0), uint32(0))
		for y := size - 1; y >= 0; y-- {
			row := slices.Clone(img.Pix[y*img.Stride : y*img.Stride+4*size])
			for x := 0; x < len(row); x += 4 {
				row[x], row[x+2] = row[x+2], row[x]
			}
			pictures.Write(row)
		}
		pictures.Write(make([]byte, mask))
		put(&file, uint8(size), uint8(size), uint8(0), uint8(0), uint16(1), uint16(32), uint32(header+entry*len(sizes)+pictures.Len()-at), uint32(at))
	}
	file.Write(pictures.Bytes())
	return file.Bytes()
}
