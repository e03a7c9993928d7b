package media

import (
	"encoding/binary"
	"image"
)

// turn is how a picture must be turned to stand upright: the values of the EXIF tag Orientation, 1 to 8.
type turn int

const upright turn = 1

// orientation returns the turn that a JPEG's EXIF segment asks for; upright when it has none, or a broken one. Source:
// CIPA DC-008 (EXIF 2.32), sections 4.5 and 4.6.
func orientation(jpeg []byte) turn {
	for rest := jpeg[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, length := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xda || length < 2 || len(rest) < 2+length {
			break // the picture itself begins, or the file is broken
		}
		if segment := rest[4 : 2+length]; marker == 0xe1 && len(segment) > 6 && string(segment[:6]) == "Exif\x00\x00" {
			return orientationOf(segment[6:])
		}
		rest = rest[2+length:]
	}
	return upright
}

// orientationOf reads the tag from the first directory of a TIFF structure.
func orientationOf(tiff []byte) turn {
	const tagOrientation, typeShort, entrySize = 0x0112, 3, 12
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entrySize {
			break
		}
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if t := turn(order.Uint16(entries[8:])); t >= upright && t <= 8 {
				return t
			}
			break
		}
		entries = entries[entrySize:]
	}
	return upright
}

// apply returns the picture turned upright.
func (t turn) apply(in *image.NRGBA) *image.NRGBA {
	if t == upright {
		return in
	}
	w, h := in.Bounds().Dx(), in.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if t >= 5 { // these exchange rows and columns
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewNRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := t.target(x, y, w, h)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], in.Pix[in.PixOffset(x, y):][:4])
		}
	}
	return out
}

// target returns where the pixel at x, y of a picture of w by h goes.
func (t turn) target(x, y, w, h int) (int, int) {
	switch t {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
