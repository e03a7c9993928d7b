package corpus

import (
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"strconv"
	"strings"
)

// idxMax is the most bytes that an IDX file holds unpacked.
const idxMax = 1 << 30

// openIDX reads grey pictures and their labels in the IDX format, packed with gzip or not: two zeros, the type 8 (bytes), the
// number of dimensions, each as four bytes with the highest first, then the bytes.
func openIDX(path, labels string) (*File, error) {
	if labels == "" {
		return nil, badFile("IDX files have their labels in another; name it.")
	}
	pictures, hash, err := readIDX(path, 3)
	if err != nil {
		return nil, err
	}
	named, labelHash, err := readIDX(labels, 1)
	if err != nil {
		return nil, err
	}
	if pictures.shape[0] != named.shape[0] {
		return nil, badFile("There are %d pictures and %d labels.", pictures.shape[0], named.shape[0])
	}
	f := &File{Hash: hash + labelHash}
	height, width := pictures.shape[1], pictures.shape[2]
	for i, label := range named.values {
		area := image.Rect(0, 0, width, height)
		grey := &image.Gray{Pix: pictures.values[i*height*width : (i+1)*height*width], Stride: width, Rect: area}
		if err := f.add(Row{Key: strconv.Itoa(i), Label: strconv.Itoa(int(label)), pixels: &picture{grey}}); err != nil {
			return nil, err
		}
	}
	return f, f.check()
}

type idx struct {
	shape  []int
	values []byte
}

func readIDX(path string, dimensions int) (_ *idx, hash string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hashed := newHash(file)
	in := io.Reader(hashed)
	if strings.HasSuffix(strings.ToLower(path), ".gz") {
		if in, err = gzip.NewReader(hashed); err != nil {
			return nil, "", badFile("%s is no gzip file: %v.", path, err)
		}
	}
	raw, err := io.ReadAll(io.LimitReader(in, idxMax+1))
	if err != nil {
		return nil, "", badFile("%s cannot be unpacked: %v.", path, err)
	}
	if len(raw) > idxMax {
		return nil, "", badFile("%s is longer than %d bytes.", path, idxMax)
	}
	begin := 4 + 4*dimensions
	if len(raw) < begin || raw[0] != 0 || raw[1] != 0 || raw[2] != 8 || int(raw[3]) != dimensions {
		return nil, "", badFile("%s is no IDX file of bytes with %d dimensions.", path, dimensions)
	}
	out := &idx{values: raw[begin:]}
	want := 1
	for i := range dimensions {
		d := int(binary.BigEndian.Uint32(raw[4+4*i:]))
		if out.shape = append(out.shape, d); d == 0 || want > idxMax/d {
			return nil, "", badFile("%s has the dimension %d.", path, d)
		}
		want *= d
	}
	if want != len(out.values) {
		return nil, "", badFile("%s has %d bytes, and its header says %d.", path, len(out.values), want)
	}
	if _, err := io.Copy(io.Discard, hashed); err != nil {
		return nil, "", err
	}
	return out, fmt.Sprint(hashed.sum()), nil
}
