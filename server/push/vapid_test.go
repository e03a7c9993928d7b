package push

import (
	"bytes"
	"errors"
	"testing"
)

// TestKey has the key pair of RFC 8291's example, appendix A, as the application server's.
func TestKey(t *testing.T) {
	key, err := ParseKey("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
	if err != nil {
		t.Fatal(err)
	}
	const public = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
	if key.Public() != public {
		t.Errorf("the public key is %s", key.Public())
	}
}

func TestKeyRefuses(t *testing.T) {
	for _, text := range []string{"", "short", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oR!"} {
		if _, err := ParseKey(text); !errors.Is(err, ErrKey) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for name, secret := range map[string][]byte{"nothing": make([]byte, 32), "more than the curve has": bytes.Repeat([]byte{255}, 32)} {
		if _, err := NewKey(secret); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
