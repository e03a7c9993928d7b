package bench

import (
	"context"
	"errors"
	"os"
	"runtime"
	"time"

	"github.com/tasknet/tasknet/server/bundle"
	"github.com/tasknet/tasknet/server/verify"
)

// VerifyReport is how long it took to verify a bundle, from opening it to the last check.
type VerifyReport struct {
	Answers   int     `json:"answers"`
	Questions int     `json:"questions"`
	People    int     `json:"people"`
	Bytes     int64   `json:"bundle_bytes"`
	Seconds   float64 `json:"seconds"`
	AnswersPS float64 `json:"answers_per_second"`
	PeakRSS   int64   `json:"peak_rss_bytes"` // 0 where it cannot be read
	Cores     int     `json:"cores"`
}

// MakeBundle writes the bundle of a made instance with so many answers, five to a question, by so many people.
func MakeBundle(ctx context.Context, dir string, answers, people int, progress func(what string, done, of int)) error {
	s, err := newInstance(answers, people)
	if err != nil {
		return err
	}
	_, err = bundle.Write(ctx, s, dir, progress)
	return err
}

// VerifyBundle verifies a bundle and measures this process, which should do nothing else.
func VerifyBundle(ctx context.Context, dir string) (_ VerifyReport, err error) {
	start := time.Now()
	b, err := bundle.Open(ctx, dir, "")
	if err != nil {
		return VerifyReport{}, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	report, err := verify.Run(ctx, b, verify.Config{})
	if err != nil {
		return VerifyReport{}, err
	}
	took := time.Since(start).Seconds()
	return VerifyReport{
		Answers: report.Answers, Questions: report.Questions, People: report.Respondents, Bytes: b.Bytes(), Seconds: took, AnswersPS: float64(report.Answers) / took,
		PeakRSS: memoryOf(os.Getpid(), "VmHWM"), Cores: runtime.GOMAXPROCS(0),
	}, nil
}
