package bench

import "testing"

// TestStreams: phones stay connected, and the asker hears of each verdict meanwhile.
func TestStreams(t *testing.T) {
	v := Visits{Phones: 50, Events: 20}
	got, err := Streams(t.Context(), Config{Data: t.TempDir(), Start: inProcessOfItsOwn}, v)
	if err != nil {
		t.Fatal(err)
	}
	if got.Phones != v.Phones || got.Lost != 0 || got.Events != v.Events || got.Goroutines < v.Phones || got.EventP50 <= 0 || got.EventP99 < got.EventP50 {
		t.Errorf("%+v", got)
	}
}
