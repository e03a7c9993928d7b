package api

import (
	"bytes"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

func TestTokens(t *testing.T) {
	s, other := newSigner(bytes.Repeat([]byte{7}, 32)), newSigner(bytes.Repeat([]byte{8}, 32))
	now := time.Unix(1_800_000_000, 0)
	who := respondent{polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, now)), polls.DeviceKey{1, 2, 3}}
	token, expires := s.newToken(who, now)
	if !expires.Equal(now.Add(tokenTime)) {
		t.Errorf("expires %v", expires)
	}
	if got, err := s.readToken(token, expires.Add(-time.Second)); err != nil || got != who {
		t.Errorf("got %v, %v; want %v", got, err, who)
	}
	if _, err := s.readToken(token, expires); !errors.Is(err, errBadToken) {
		t.Errorf("at its end: %v", err)
	}
	if _, err := other.readToken(token, now); !errors.Is(err, errBadToken) {
		t.Errorf("of another server: %v", err)
	}
	raw, _ := base64.RawURLEncoding.DecodeString(token[len(tokenPrefix):])
	for i := range raw {
		bent := bytes.Clone(raw)
		bent[i] ^= 1
		if got, err := s.readToken(tokenPrefix+base64.RawURLEncoding.EncodeToString(bent), now); !errors.Is(err, errBadToken) {
			t.Fatalf("with byte %d changed: %v, %v", i, got, err)
		}
	}
	for _, bad := range []string{"", "rt_", token[3:], "tn_" + token[3:], token + "=", token[:len(token)-1], " " + token} {
		if _, err := s.readToken(bad, now); !errors.Is(err, errBadToken) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestChallenges(t *testing.T) {
	s := newSigner(bytes.Repeat([]byte{7}, 32))
	now := time.Unix(1_800_000_000, 0)
	device := polls.DeviceKey{1, 2, 3}
	challenge, expires := s.newChallenge(device, now)
	if again, _ := s.newChallenge(device, now); again == challenge {
		t.Error("two challenges are the same")
	}
	if err := s.checkChallenge(challenge, device, expires.Add(-time.Second)); err != nil {
		t.Errorf("a good challenge: %v", err)
	}
	token, _ := s.newToken(respondent{device: device, id: "rsp_" + "0123456789abcdef"}, now)
	for name, test := range map[string]struct {
		challenge string
		device    polls.DeviceKey
		at        time.Time
	}{
		"late":           {challenge, device, expires},
		"another device": {challenge, polls.DeviceKey{9}, now},
		"cut":            {challenge[:40], device, now},
		"none":           {"", device, now},
		"a token":        {token[len(tokenPrefix):], device, now},
	} {
		if err := s.checkChallenge(test.challenge, test.device, test.at); !errors.Is(err, errBadChallenge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.readToken(tokenPrefix+challenge, now); !errors.Is(err, errBadToken) {
		t.Errorf("a challenge as a token: %v", err)
	}
}

func TestCursors(t *testing.T) {
	s := newSigner(bytes.Repeat([]byte{7}, 32))
	if got := s.newCursor("list", ""); got != "" {
		t.Errorf("the cursor of no next page is %q", got)
	}
	cursor := s.newCursor("list", "17|q_a")
	if got, err := s.readCursor("list", cursor); err != nil || got != "17|q_a" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := s.readCursor("list", ""); err != nil || got != "" {
		t.Errorf("no cursor: %q, %v", got, err)
	}
	forged := base64.RawURLEncoding.EncodeToString([]byte("118|q_a12345678"))
	for name, test := range map[string][2]string{
		"another list": {"list2", cursor}, "cut": {"list", cursor[:8]}, "bent": {"list", "X" + cursor[1:]}, "forged": {"list", forged}, "padded": {"list", cursor + "="}, "words": {"list", "next page"},
	} {
		if got, err := s.readCursor(test[0], test[1]); !errors.Is(err, errBadCursor) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestSealedSecrets(t *testing.T) {
	s, other := newSigner(bytes.Repeat([]byte{7}, 32)), newSigner(bytes.Repeat([]byte{8}, 32))
	sealed, err := s.seal("tn_secret", "key_1")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.open(sealed, "key_1"); err != nil || got != "tn_secret" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := s.open(sealed, "key_2"); err == nil {
		t.Error("it opens for another key")
	}
	if _, err := other.open(sealed, "key_1"); err == nil {
		t.Error("it opens with another secret")
	}
}
