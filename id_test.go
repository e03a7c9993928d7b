package tasknet_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
)

func TestIDsSortByTime(t *testing.T) {
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var ids []string
	for i := range 2000 { // ten to a millisecond
		ids = append(ids, tasknet.NewID("q", start.Add(time.Duration(i/10)*time.Millisecond)))
	}
	if !slices.IsSorted(ids) {
		t.Fatal("ids made later do not sort later")
	}
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != 2000 {
		t.Fatalf("%d different ids of 2000", n)
	}
}

// TestIDsWithin: what is part of a whole has ids in no order, which say when that began.
func TestIDsWithin(t *testing.T) {
	began := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var ids []string
	for range 100 {
		id := tasknet.NewIDWithin("q", began)
		if err := tasknet.CheckID("q", id); err != nil || id <= tasknet.NewID("q", began.Add(-time.Millisecond)) || id >= tasknet.NewID("q", began.Add(time.Millisecond)) {
			t.Fatalf("%s, %v", id, err)
		}
		ids = append(ids, id)
	}
	rises := 0
	for i := 1; i < len(ids); i++ {
		if ids[i] > ids[i-1] {
			rises++
		}
	}
	if rises < 20 || rises > 80 {
		t.Errorf("%d of 99 ids are greater than the one before", rises)
	}
}

func TestCheckID(t *testing.T) {
	good := tasknet.NewID("ans", time.Now())
	if err := tasknet.CheckID("ans", good); err != nil {
		t.Fatalf("CheckID(%q) = %v", good, err)
	}
	for _, bad := range []string{"", "ans_", good + "0", good[:len(good)-1], "q" + good[3:], strings.ToUpper(good), good[:5] + "u" + good[6:], good[:5] + "'" + good[6:]} {
		err := tasknet.CheckID("ans", bad)
		if tasknet.Describe(err).Code != "bad_id" {
			t.Errorf("CheckID(%q) = %v, want bad_id", bad, err)
		}
	}
}

func TestDescribeHidesUnknownErrors(t *testing.T) {
	d := tasknet.Describe(errors.New("disk is on fire at /var/lib"))
	if d.Kind != tasknet.Internal || strings.Contains(d.Message, "disk") {
		t.Fatalf("Describe tells %q of kind %s", d.Message, d.Kind)
	}
}
