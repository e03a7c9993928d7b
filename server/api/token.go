package api

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

const (
	tokenPrefix   = "rt_"
	tokenTime     = 24 * time.Hour
	challengeTime = 2 * time.Minute

	macSize       = sha256.Size
	cursorMacSize = 8
	deviceSize    = len(polls.DeviceKey{})
)

var (
	errBadToken     = tasknet.NewError(tasknet.Unauthenticated, "bad_token", "The token is not ours or has expired; sign in again by a challenge.")
	errBadChallenge = tasknet.NewError(tasknet.Unauthenticated, "bad_challenge", "The challenge is not ours, is another device's, or is older than two minutes; ask for a new one.")
	errBadCursor    = tasknet.NewError(tasknet.Invalid, "bad_cursor", "This cursor is not one that this list gave; start without one.")
)

// signer makes and checks what clients keep for us: tokens, challenges and cursors, of which nothing is stored. Each
// purpose has a key of its own, so that none passes for another. reply encrypts secrets in replies that are kept; domain
// names networks.
type signer struct{ token, challenge, cursor, reply, bench, domain []byte }

func newSigner(secret []byte) signer {
	key := func(purpose string) []byte { return mac(secret, []byte(purpose)) }
	return signer{key("tasknet/token/v1"), key("tasknet/challenge/v1"), key("tasknet/cursor/v1"), key("tasknet/reply/v1"), key("tasknet/bench/v1"), key("tasknet/domain/v1")}
}

func mac(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

// respondent is who asks, by a token.
type respondent struct {
	id     polls.RespondentID
	device polls.DeviceKey
}

// newToken returns a token of a respondent's device, and when it ends.
func (s signer) newToken(who respondent, now time.Time) (string, time.Time) {
	expires := now.Add(tokenTime).Truncate(time.Second)
	body := binary.BigEndian.AppendUint64(nil, uint64(expires.Unix()))
	body = append(append(body, who.device[:]...), who.id...)
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(append(body, mac(s.token, body)...)), expires
}

// readToken returns whose token it is, if it has not ended.
func (s signer) readToken(token string, now time.Time) (respondent, error) {
	text, ours := strings.CutPrefix(token, tokenPrefix)
	body, ok := signed(s.token, text)
	if !ours || !ok || len(body) <= 8+deviceSize || now.Unix() >= int64(binary.BigEndian.Uint64(body)) {
		return respondent{}, errBadToken
	}
	return respondent{polls.RespondentID(body[8+deviceSize:]), polls.DeviceKey(body[8:][:deviceSize])}, nil
}

// newChallenge returns a challenge for a device, and when it ends.
func (s signer) newChallenge(device polls.DeviceKey, now time.Time) (string, time.Time) {
	expires := now.Add(challengeTime).Truncate(time.Second)
	body := binary.BigEndian.AppendUint64(nil, uint64(expires.Unix()))
	body = append(body, device[:]...)
	var nonce [16]byte
	rand.Read(nonce[:])
	body = append(body, nonce[:]...)
	return base64.RawURLEncoding.EncodeToString(append(body, mac(s.challenge, body)...)), expires
}

// checkChallenge reports whether a challenge was made for the device and has not ended.
func (s signer) checkChallenge(challenge string, device polls.DeviceKey, now time.Time) error {
	body, ok := signed(s.challenge, challenge)
	if !ok || len(body) != 8+deviceSize+16 || now.Unix() >= int64(binary.BigEndian.Uint64(body)) || polls.DeviceKey(body[8:][:deviceSize]) != device {
		return errBadChallenge
	}
	return nil
}

// newCursor wraps a store's cursor of a list; an empty one stays empty. The list's name goes in, and which part of it
// is listed, so that a cursor fits the list that gave it only.
func (s signer) newCursor(list, after string) string {
	if after == "" {
		return ""
	}
	sum := mac(s.cursor, []byte(list+"\n"+after))
	return base64.RawURLEncoding.EncodeToString(append([]byte("1"+after), sum[:cursorMacSize]...))
}

// readCursor returns what newCursor wrapped.
func (s signer) readCursor(list, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < 1+cursorMacSize || raw[0] != '1' {
		return "", errBadCursor
	}
	after, sum := string(raw[1:len(raw)-cursorMacSize]), raw[len(raw)-cursorMacSize:]
	if want := mac(s.cursor, []byte(list+"\n"+after)); !hmac.Equal(sum, want[:cursorMacSize]) {
		return "", errBadCursor
	}
	return after, nil
}

// signed returns what comes before the MAC in a text, if the MAC is right.
func signed(key []byte, text string) ([]byte, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < macSize {
		return nil, false
	}
	body, sum := raw[:len(raw)-macSize], raw[len(raw)-macSize:]
	return body, hmac.Equal(sum, mac(key, body))
}
