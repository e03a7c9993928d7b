package compute_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
)

const small = `{"input":{"kind":"numbers","columns":["a","b"]},"layers":[{"type":"dense","units":3}]` + classes + `}`

func saved(t testing.TB, w compute.Weights, p *compute.Plan) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := w.Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWeights(t *testing.T) {
	p := plan(t, small)
	w := compute.NewWeights(p)
	if want := []int{6, 3, 6, 2}; len(w) != 4 || len(w[0]) != want[0] || len(w[1]) != want[1] || len(w[2]) != want[2] || len(w[3]) != want[3] {
		t.Fatalf("the arrays are %v", w)
	}
	for _, v := range w[0] {
		if bound := float32(math.Sqrt(3)); v == 0 || v < -bound || v > bound {
			t.Errorf("a first weight of 2 inputs is %v", v)
		}
	}
	raw := saved(t, w, p)
	if n := binary.LittleEndian.Uint64(raw); n%8 != 0 || len(raw) != 8+int(n)+4*17 {
		t.Errorf("the header has %d bytes, and the file %d", n, len(raw))
	}
	again, err := compute.ReadWeights(bytes.NewReader(raw), p)
	if err != nil || !reflect.DeepEqual(again, w) {
		t.Errorf("read again: %v, %v", again, err)
	}
}

func TestBadWeights(t *testing.T) {
	p := plan(t, small)
	good := saved(t, compute.NewWeights(p), p)
	n := int(binary.LittleEndian.Uint64(good))
	header := func(from, to string) []byte {
		text := strings.Replace(string(good[8:8+n]), from, to, 1)
		if text == string(good[8:8+n]) {
			t.Fatalf("there is no %s in %s", from, text)
		}
		return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...), good[8+n:]...)
	}
	wild := bytes.Clone(good)
	binary.LittleEndian.PutUint32(wild[len(wild)-4:], math.Float32bits(float32(math.Inf(1))))
	for name, raw := range map[string][]byte{
		"nothing":         {},
		"a pickle":        []byte("\x80\x02}q\x00(X\x06\x00\x00\x00weightq\x01cposix\nsystem\n"),
		"a zip":           append([]byte("PK\x03\x04"), make([]byte, 100)...),
		"cut":             good[:len(good)-1],
		"cut header":      good[:20],
		"more":            append(bytes.Clone(good), 0),
		"a huge header":   append(binary.LittleEndian.AppendUint64(nil, 1<<60), good[8:]...),
		"no JSON":         append(binary.LittleEndian.AppendUint64(nil, 8), "{......}"...),
		"another type":    header(`"F32"`, `"F16"`),
		"another name":    header(`0.dense.bias`, `0.dense.base`),
		"another shape":   header(`"shape":[2,3]`, `"shape":[3,2]`),
		"an overlap":      header(`[24,36]`, `[12,24]`),
		"infinite":        wild,
		"another array":   header(`"0.dense.bias"`, `"1.dense.more":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"0.dense.bias"`),
		"of another size": saved(t, compute.NewWeights(plan(t, strings.Replace(small, `"units":3`, `"units":4`, 1))), plan(t, strings.Replace(small, `"units":3`, `"units":4`, 1))),
	} {
		if _, err := compute.ReadWeights(bytes.NewReader(raw), p); !errors.Is(err, compute.ErrBadWeights) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadWeights(f *testing.F) {
	p, err := parse(small)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(saved(f, compute.NewWeights(p), p))
	f.Fuzz(func(t *testing.T, raw []byte) {
		w, err := compute.ReadWeights(bytes.NewReader(raw), p)
		if err != nil {
			return
		}
		again, err := compute.ReadWeights(bytes.NewReader(saved(t, w, p)), p)
		if err != nil || !reflect.DeepEqual(again, w) {
			t.Errorf("what was read cannot be written and read: %v", err)
		}
	})
}
