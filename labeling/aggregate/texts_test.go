package aggregate_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// textsOf returns one task with a text of each of several workers.
func textsOf(answers ...string) aggregate.Texts {
	var t aggregate.Texts
	for w, text := range answers {
		addText(&t, 0, w, text)
	}
	return t
}

func addText(t *aggregate.Texts, task, worker int, text string) {
	t.TaskCount, t.WorkerCount = max(t.TaskCount, task+1), max(t.WorkerCount, worker+1)
	t.Tasks, t.Workers, t.Texts = append(t.Tasks, int32(task)), append(t.Workers, int32(worker)), append(t.Texts, text)
}

func mustText(t testing.TB, texts aggregate.Texts) *aggregate.TextsResult {
	t.Helper()
	r, err := aggregate.TextsFuse(t.Context(), texts, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Converged {
		t.Fatalf("no end after %d iterations", r.Iterations)
	}
	return r
}

func TestTexts(t *testing.T) {
	long := strings.Repeat("äé ", 2500)
	family := "👩\u200d👩\u200d👧"
	for _, c := range []struct {
		name    string
		answers []string
		want    string
		method  aggregate.TextsMethod
	}{
		{"one", []string{"a b c"}, "a b c", aggregate.TextsMedoid},
		{"one empty", []string{""}, "", aggregate.TextsMedoid},
		{"two", []string{"a b c", "a b d"}, "a b c", aggregate.TextsMedoid},
		{"alike", []string{"a  b", "a  b", "a  b"}, "a  b", aggregate.TextsMedoid},
		{"changed words", []string{"the cat sat here", "the bat sat here", "the cat sad here"}, "the cat sat here", aggregate.TextsRover},
		{"two miss one", []string{"cat sat on it", "the cat sat on it", "the cat on it"}, "the cat sat on it", aggregate.TextsRover},
		{"level", []string{"a b x", "a b x", "a b y", "a b y"}, "a b x", aggregate.TextsRover},
		{"one adds", []string{"a b c", "a b x c", "a b c"}, "a b c", aggregate.TextsRover},
		{"two add", []string{"a b x c", "a b x c", "a b c"}, "a b x c", aggregate.TextsRover},
		{"most write nothing", []string{"a b", "", "", "", "c d"}, "", aggregate.TextsRover},
		{"free descriptions", []string{"a dog", "the brown thing runs fast", "something with an animal", "a dog runs away"}, "a dog runs away", aggregate.TextsMedoid},
		{"characters", []string{"B-XY123", "B-XV123", "B-XY128", "8-XY123"}, "B-XY123", aggregate.TextsRover},
		{"no spaces", []string{"我喜欢猫咪", "我喜吹猫咪", "我喜欢猫米"}, "我喜欢猫咪", aggregate.TextsRover},
		{"marks", []string{"cafe\u0301xy", "cafe\u0301xz", "cafe\u0301wy"}, "cafe\u0301xy", aggregate.TextsRover},
		{"joined", []string{"ab" + family + "c", "abc", "ab" + family + "d", "a" + family + "c"}, "ab" + family + "c", aggregate.TextsRover},
		{"10 kB", []string{long + "x y", long + "x z", long + "v y"}, strings.Join(strings.Fields(long+"x y"), " "), aggregate.TextsRover},
	} {
		got := mustText(t, textsOf(c.answers...)).Texts[0]
		if got.Text != c.want || got.Method != c.method || got.Answers != len(c.answers) {
			t.Errorf("%s: %s gives %q, want %s and %q", c.name, got.Method, got.Text, c.method, c.want)
		}
		if got.Method == aggregate.TextsRover && len(got.Shares) != len([]rune(strings.NewReplacer(" ", "", family, "f", "\u0301", "").Replace(got.Text))) && len(got.Shares) != len(strings.Fields(got.Text)) {
			t.Errorf("%s: %d shares for %q", c.name, len(got.Shares), got.Text)
		}
		if got.Agreement < 0 || got.Agreement > 1 {
			t.Errorf("%s: agreement %f", c.name, got.Agreement)
		}
	}
}

func TestTextsShares(t *testing.T) {
	r := mustText(t, textsOf("a b c", "a b c", "a x c", "a b"))
	v := r.Texts[0]
	if v.Text != "a b c" || v.Shares[0] != 1 || !(v.Shares[1] > 0.7 && v.Shares[1] < 0.85) || v.Shares[2] <= v.Shares[1]-0.1 || v.Shares[2] == 1 {
		t.Errorf("%+v", v)
	}
	if w := r.Skills; !(w[0].Value > w[2].Value && w[0].Value == w[1].Value) {
		t.Errorf("skills %v", w)
	}
	alone := mustText(t, textsOf("a"))
	if alone.Skills[0].Known() || alone.Texts[0].Agreement != 1 {
		t.Errorf("one answer: %+v", alone)
	}
	none := mustText(t, aggregate.Texts{Rows: aggregate.Rows{TaskCount: 1, WorkerCount: 1}})
	if v := none.Texts[0]; v.Method != aggregate.TextsNone || v.Text != "" || !math.IsNaN(v.Agreement) {
		t.Errorf("no answer: %+v", v)
	}
	unsure := textsOf("a b", "")
	unsure.CannotTell = []bool{false, true}
	if v := mustText(t, unsure).Texts[0]; v.Text != "a b" || v.Answers != 1 || v.Agreement != 1 {
		t.Errorf("one could not tell: %+v", v)
	}
}

// wordDistance is the edit distance, plainly.
func wordDistance[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// TestTextsAgreementIsEditDistance compares with the plain recurrence, over and across the blocks of 64.
func TestTextsAgreementIsEditDistance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	random := func() []string {
		words := make([]string, 1+rng.IntN(200))
		for i := range words {
			words[i] = string(rune('a' + rng.IntN(1+rng.IntN(6))))
		}
		return words
	}
	for range 300 {
		a, b := random(), random()
		a, b = append(a, "x", "y"), append(b, "z", "z") // words, and no common end
		want := 1 - float64(wordDistance(a, b))/float64(max(len(a), len(b)))
		r := mustText(t, textsOf(strings.Join(a, " "), strings.Join(b, " ")))
		if got := r.Skills[0].Value; math.Abs(got-want) > 1e-12 {
			t.Fatalf("texts of %d and %d words are alike by %f, want %f", len(a), len(b), got, want)
		}
	}
}

// dictation draws sentences and what 4 careful and as many as asked careless workers hear.
func dictation(rng *rand.Rand, sentences, careless int) (texts aggregate.Texts, truth []string) {
	word := func() string { return fmt.Sprint("w", rng.IntN(300)) }
	for t := range sentences {
		said := make([]string, 8+rng.IntN(8))
		for i := range said {
			said[i] = word()
		}
		truth = append(truth, strings.Join(said, " "))
		for w := range 4 + careless {
			wrong := 0.12
			if w >= 4 {
				wrong = 0.6
			}
			var heard []string
			for _, s := range said {
				switch u := rng.Float64(); {
				case u < wrong/2:
					heard = append(heard, word())
				case u < wrong*3/4:
				case u < wrong:
					heard = append(heard, s, word())
				default:
					heard = append(heard, s)
				}
			}
			addText(&texts, t, w, strings.Join(heard, " "))
		}
	}
	return texts, truth
}

func TestTextsBeatTheMedoid(t *testing.T) {
	texts, truth := dictation(rand.New(rand.NewPCG(3, 4)), 60, 4)
	r := mustText(t, texts)
	for w, s := range r.Skills {
		if (w < 4) != (s.Value > 0.5) {
			t.Errorf("worker %d has skill %v", w, s)
		}
	}
	words, fused, plain := 0, 0, 0
	for i, said := range truth {
		want := strings.Fields(said)
		words += len(want)
		fused += wordDistance(strings.Fields(r.Texts[i].Text), want)
		least, medoid := math.MaxInt, ""
		for a := range texts.Texts {
			if int(texts.Tasks[a]) != i {
				continue
			}
			sum := 0
			for b := range texts.Texts {
				if int(texts.Tasks[b]) == i {
					sum += wordDistance(strings.Fields(texts.Texts[a]), strings.Fields(texts.Texts[b]))
				}
			}
			if sum < least {
				least, medoid = sum, texts.Texts[a]
			}
		}
		plain += wordDistance(strings.Fields(medoid), want)
	}
	t.Logf("word error rate %.3f fused, %.3f of the plain medoid", float64(fused)/float64(words), float64(plain)/float64(words))
	if fused*3 > plain {
		t.Errorf("%d errors in %d words, %d by the plain medoid", fused, words, plain)
	}
}

func TestTextsIgnoreOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	texts, _ := dictation(rng, 10, 3)
	want := mustText(t, texts)
	for range 5 {
		var shuffled aggregate.Texts
		for _, r := range rng.Perm(len(texts.Texts)) {
			addText(&shuffled, int(texts.Tasks[r]), int(texts.Workers[r]), texts.Texts[r])
		}
		if diff := cmp.Diff(want, mustText(t, shuffled), cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("another order of rows differs (-want +got):\n%s", diff)
		}
	}
}

func TestTextsBad(t *testing.T) {
	if _, err := aggregate.TextsFuse(t.Context(), textsOf("a", "\xff"), nil); !errors.Is(err, aggregate.ErrBadAnswers) || err.Error() != "answer 1: it is not UTF-8" {
		t.Errorf("not UTF-8: error %v", err)
	}
	if _, err := aggregate.TextsFuse(t.Context(), textsOf(strings.Repeat("x", aggregate.TextsBytesMax+1)), nil); !errors.Is(err, aggregate.ErrTextTooLong) {
		t.Errorf("too long: error %v", err)
	}
	short := textsOf("a", "b")
	short.Texts = short.Texts[:1]
	if _, err := aggregate.TextsFuse(t.Context(), short, nil); !errors.Is(err, aggregate.ErrBadAnswers) {
		t.Errorf("a row without a text: error %v", err)
	}
}

// TestTextsLongest: ten texts of the longest size, without spaces, are compared in seconds.
func TestTextsLongest(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var answers []string
	said := make([]byte, aggregate.TextsBytesMax)
	for i := range said {
		said[i] = byte('a' + rng.IntN(26))
	}
	for range 4 {
		heard := slices.Clone(said)
		for range 1000 {
			heard[rng.IntN(len(heard))] = '?'
		}
		answers = append(answers, string(heard))
	}
	start := time.Now()
	if v := mustText(t, textsOf(answers...)).Texts[0]; v.Method != aggregate.TextsMedoid || v.Agreement < 0.97 {
		t.Errorf("%s with agreement %f", v.Method, v.Agreement)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}

func BenchmarkTexts(b *testing.B) {
	texts, _ := dictation(rand.New(rand.NewPCG(1, 1)), 2000, 2)
	for b.Loop() {
		mustText(b, texts)
	}
}
