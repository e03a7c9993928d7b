package interchange_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tasknet/tasknet/server/interchange"
)

// BenchmarkReadAnswers reads answers to 100,000 tasks in random order.
func BenchmarkReadAnswers(b *testing.B) {
	const rows = 600_000
	tasks := rand.New(rand.NewPCG(1, 2)).Perm(rows)
	var table, objects bytes.Buffer
	table.WriteString("task,worker,label\n")
	for i, at := range tasks {
		fmt.Fprintf(&table, "t%06d,w%d,%d\n", at/6, at%6*400+i%400, at%3)
		fmt.Fprintf(&objects, `{"task":"t%06d","worker":"w%d","label":%d}`+"\n", at/6, at%6*400+i%400, at%3)
	}
	for name, text := range map[string][]byte{"csv": table.Bytes(), "json": objects.Bytes()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				a, err := interchange.ReadAnswers(b.Context(), interchange.File{Reader: bytes.NewReader(text)}, interchange.AnswersOptions{})
				if err != nil || len(a.Task) != rows {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
