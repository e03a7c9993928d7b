package computetest

import (
	"archive/zip"
	"bytes"
	"testing"
)

// Module is a TorchScript module without parameters, as PyTorch 2.1 writes it, whose forward takes x and has a body in TorchScript.
func Module(t *testing.T, body string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range [][2]string{
		{"m/data.pkl", "\x80\x02c__torch__\nM\nq\x00)\x81}(X\x08\x00\x00\x00trainingq\x01\x89ubq\x02."}, // {"training": False}
		{"m/code/__torch__.py", "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    " + body + "\n"},
		{"m/constants.pkl", "\x80\x02)."}, // none
		{"m/version", "3\n"},
	} {
		to, err := w.CreateHeader(&zip.FileHeader{Name: f[0], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
