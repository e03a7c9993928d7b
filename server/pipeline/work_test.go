package pipeline

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// TestWorkConfig: nobody has fewer parts audited than must be, and what is not said is the default.
func TestWorkConfig(t *testing.T) {
	for ppm, fits := range map[int]bool{0: true, compute.AuditLeast: true, 40_000: true, compute.AuditMost: true, 1: false, compute.AuditLeast - 1: false, compute.AuditMost + 1: false, -1: false} {
		c := WorkConfig{AuditPPM: ppm}.WithDefaults()
		err := c.validate()
		if fits && err != nil || !fits && tasknet.Describe(err).Code != "bad_work_config" {
			t.Errorf("%d audits in a million: %v", ppm, err)
		}
		if ppm == 0 && c.AuditPPM != compute.AuditMost {
			t.Errorf("by default there are %d audits in a million", c.AuditPPM)
		}
	}
	for name, c := range map[string]WorkConfig{"hold-back": {HoldBack: -time.Second}, "patience": {Patience: -time.Second}, "exclusion": {Exclude: -time.Second}} {
		c = c.WithDefaults()
		if err := c.validate(); tasknet.Describe(err).Code != "bad_work_config" {
			t.Errorf("a %s below 0: %v", name, err)
		}
	}
}
