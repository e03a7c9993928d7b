package bench

import "testing"

func TestStartsAreMeasured(t *testing.T) {
	started := 0
	report, err := Starts(t.Context(), Config{Data: t.TempDir(), Start: inProcess(func(string) { started++ })}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if report.Starts != 3 || started != 4 {
		t.Errorf("measured %d of %d starts, want all but the first", report.Starts, started)
	}
	if report.Chain <= 0 || report.Rest <= 0 || report.P50 < report.Chain || report.Most < report.P50 {
		t.Errorf("%+v", report)
	}
}
