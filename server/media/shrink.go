package media

import (
	"image"
	"image/draw"
)

// shrink returns a picture in 8-bit colour, from the origin, with at most SideKept pixels on its longer side.
func shrink(in image.Image) *image.NRGBA {
	w, h := in.Bounds().Dx(), in.Bounds().Dy()
	if longer := max(w, h); longer > SideKept {
		return average(in, max(1, (w*SideKept+longer/2)/longer), max(1, (h*SideKept+longer/2)/longer))
	}
	size := image.Rect(0, 0, w, h)
	if o, ok := in.(interface{ Opaque() bool }); ok && o.Opaque() {
		out := image.NewRGBA(size) // which the standard library converts to much faster
		draw.Draw(out, size, in, in.Bounds().Min, draw.Src)
		return &image.NRGBA{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect}
	}
	out := image.NewNRGBA(size)
	draw.Draw(out, size, in, in.Bounds().Min, draw.Src)
	return out
}

// average shrinks a picture to w by h, each pixel the mean of the area that it stands for. It works in integers and
// row by row: the usual scalers keep a whole picture of floating-point numbers, which takes hundreds of megabytes for
// the largest that are allowed.
func average(in image.Image, w, h int) *image.NRGBA {
	from := in.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	row := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1)) // premultiplied, as means of colours must be
	narrow := make([]uint64, 4*w)                        // the row, shrunk in width; each sum has the weight from.Dx()
	sums := make([]uint64, 4*w)                          // of rows; in the end each has the weight of the whole area
	target, space := 0, from.Dy()
	for y := range from.Dy() {
		draw.Draw(row, row.Rect, in, image.Pt(from.Min.X, from.Min.Y+y), draw.Src)
		shrinkRow(narrow, row.Pix, w)
		// The row is h long and a target row from.Dy(), in units in which both are whole numbers.
		for rest := h; rest > 0; {
			part := min(rest, space)
			for i, v := range narrow {
				sums[i] += v * uint64(part)
			}
			rest, space = rest-part, space-part
			if space == 0 {
				finish(out.Pix[target*out.Stride:][:4*w], sums, uint64(from.Dx())*uint64(from.Dy()))
				clear(sums)
				target, space = target+1, from.Dy()
			}
		}
	}
	return out
}

// shrinkRow adds the pixels of a row up into w of them.
func shrinkRow(out []uint64, row []uint8, w int) {
	clear(out)
	wide := len(row) / 4
	at, space := 0, wide
	for i := 0; i < len(row); i += 4 {
		for rest := w; rest > 0; {
			part := min(rest, space)
			for c := range 4 {
				out[at+c] += uint64(row[i+c]) * uint64(part)
			}
			rest, space = rest-part, space-part
			if space == 0 {
				at, space = at+4, wide
			}
		}
	}
}

// finish turns sums of premultiplied pixels into pixels.
func finish(out []uint8, sums []uint64, weight uint64) {
	for i := 0; i < len(sums); i += 4 {
		alpha := sums[i+3]
		if alpha == 0 {
			continue // the picture begins as transparent black
		}
		for c := range 3 {
			out[i+c] = uint8(min((sums[i+c]*255+alpha/2)/alpha, 255))
		}
		out[i+3] = uint8((alpha + weight/2) / weight)
	}
}
