package bench

import "testing"

// TestChecks: nobody honest is refuted, who always cheats is found soon, and audits cost what they may.
func TestChecks(t *testing.T) {
	c, err := Checks{Runs: 30, Parts: 1500, Seed: 1}.Run()
	if err != nil {
		t.Fatal(err)
	}
	if c.Wronged != 0 || c.Audits > 0.05 || c.Within < 0.9 {
		t.Errorf("the nodes fared so: %+v", c)
	}
	for _, k := range c.Kinds[:honestKinds] {
		if k.Refuted != 0 || k.Parts == 0 {
			t.Errorf("honest nodes: %+v", k)
		}
	}
	for _, k := range c.Kinds[honestKinds:] {
		if k.Refuted == 0 {
			t.Errorf("nobody was found: %+v", k)
		}
	}
	again, err := Checks{Runs: 30, Parts: 1500, Seed: 1}.Run()
	if err != nil || again.Within != c.Within || again.Disputes != c.Disputes {
		t.Errorf("another time: %+v, %v", again, err)
	}
}
