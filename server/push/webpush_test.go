package push

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// browser is one that subscribed, with the keys that its service worker would decrypt by.
type browser struct {
	t       *testing.T
	private *ecdh.PrivateKey
	auth    []byte
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth := make([]byte, 16)
	rand.Read(auth)
	return &browser{t, private, auth}
}

func (b *browser) subscription(endpoint string) pipeline.Subscription {
	return pipeline.Subscription{
		ID: "sub_a", Channel: pipeline.WebPush, Target: pipeline.Secret(endpoint), Key: pipeline.Secret(b.private.PublicKey().Bytes()), Auth: pipeline.Secret(b.auth),
	}
}

// decrypt reads a message as RFC 8291 and RFC 8188 have it: one record of aes128gcm.
func (b *browser) decrypt(body []byte) []byte {
	b.t.Helper()
	check := func(err error) {
		b.t.Helper()
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if len(body) < 21+65+16 || body[20] != 65 || binary.BigEndian.Uint32(body[16:20]) < uint32(len(body)-86) {
		b.t.Fatalf("no header of aes128gcm: %x", body[:min(len(body), 90)])
	}
	salt, sender, sealed := body[:16], body[21:86], body[86:]
	public, err := ecdh.P256().NewPublicKey(sender)
	check(err)
	shared, err := b.private.ECDH(public)
	check(err)
	info := "WebPush: info\x00" + string(b.private.PublicKey().Bytes()) + string(sender)
	ikm, err := hkdf.Key(sha256.New, shared, b.auth, info, 32)
	check(err)
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	check(err)
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	check(err)
	block, err := aes.NewCipher(key)
	check(err)
	gcm, err := cipher.NewGCM(block)
	check(err)
	text, err := gcm.Open(nil, nonce, sealed, nil)
	check(err)
	text = bytes.TrimRight(text, "\x00")
	if len(text) == 0 || text[len(text)-1] != 2 {
		b.t.Fatal("the last record does not end as one")
	}
	return text[:len(text)-1]
}

// checkVAPID checks who says that they send: RFC 8292.
func checkVAPID(t *testing.T, header, audience string, key Key) {
	t.Helper()
	token, k, ok := strings.Cut(strings.TrimPrefix(header, "vapid t="), ", k=")
	if !ok || k != key.Public() {
		t.Fatalf("Authorization: %s", header)
	}
	parts := strings.Split(token, ".")
	decode := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	point, signature := decode(k), decode(parts[2])
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	if !ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the token is not signed by the key")
	}
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(decode(parts[1]), &claims); err != nil {
		t.Fatal(err)
	}
	if left := time.Until(time.Unix(claims.Exp, 0)); claims.Aud != audience || claims.Sub != "mailto:operator@example.org" || left <= 0 || left > 24*time.Hour {
		t.Errorf("claims: %+v", claims)
	}
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func testKey(t *testing.T) Key {
	t.Helper()
	key, err := NewKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func testMessage() *Message {
	return &Message{
		Wake: "wak_a", Pays: "0.018", Symbol: "TST", Deadline: noon.Add(2 * time.Hour),
		Question: &polls.Question{ID: "q_a", Type: polls.YesNo, Text: "Is “this” spam?", Choices: []string{"yes", "no"}, Price: tasknet.Micro(18_000)},
	}
}

// service is a push service that replies with a status.
type service struct {
	*httptest.Server
	status int
	header http.Header
	got    []*http.Request
	bodies [][]byte
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{status: http.StatusCreated, header: make(http.Header)}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.got, s.bodies = append(s.got, r), append(s.bodies, body)
		for k, v := range s.header {
			w.Header()[k] = v
		}
		w.WriteHeader(s.status)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestWebPush(t *testing.T) {
	s, b, key := newService(t), newBrowser(t), testKey(t)
	web := NewWeb(key, "operator@example.org", s.Client(), nil, func() time.Time { return noon })
	result, err := web.Send(t.Context(), b.subscription(s.URL+"/send/abc"), testMessage())
	if err != nil || result.Outcome != pipeline.PushTaken {
		t.Fatalf("%+v, %v", result, err)
	}
	r := s.got[0]
	for header, want := range map[string]string{"TTL": "7200", "Topic": "work", "Urgency": "normal", "Content-Encoding": "aes128gcm"} {
		if got := r.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if r.Method != http.MethodPost || r.URL.Path != "/send/abc" || bytes.Contains(s.bodies[0], []byte("spam")) {
		t.Errorf("%s %s, in clear: %t", r.Method, r.URL, bytes.Contains(s.bodies[0], []byte("spam")))
	}
	checkVAPID(t, r.Header.Get("Authorization"), s.URL, key)
	const want = `{"wake":"wak_a","question":"q_a","type":"yes_no","text":"Is “this” spam?","choices":["yes","no"],"pays":"0.018","symbol":"TST","until_ms":1795356000000}`
	if diff := cmp.Diff(want, string(b.decrypt(s.bodies[0]))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	soon := testMessage()
	soon.Deadline = noon.Add(time.Hour)
	if _, err := web.Send(t.Context(), b.subscription(s.URL+"/send/abc"), soon); err != nil || s.got[1].Header.Get("Urgency") != "high" || s.got[1].Header.Get("TTL") != "3600" {
		t.Errorf("soon over: %v, %v", s.got[1].Header, err)
	}
}

// TestWebPushNotice: that a payout address changes has a name of its own, at which no question takes its place, and wakes a phone that
// saves power.
func TestWebPushNotice(t *testing.T) {
	s, b := newService(t), newBrowser(t)
	web := NewWeb(testKey(t), "operator@example.org", s.Client(), nil, func() time.Time { return noon })
	result, err := web.Send(t.Context(), b.subscription(s.URL+"/send/abc"), &Message{Wake: "wak_a", Notice: addressNotice, Deadline: noon.Add(noticeFor)})
	if err != nil || result.Outcome != pipeline.PushTaken {
		t.Fatalf("%+v, %v", result, err)
	}
	for header, want := range map[string]string{"TTL": "604800", "Topic": "address", "Urgency": "high"} {
		if got := s.got[0].Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if diff := cmp.Diff(`{"wake":"wak_a","notice":"address","until_ms":1795953600000}`, string(b.decrypt(s.bodies[0]))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWebPushOutcomes(t *testing.T) {
	s, b := newService(t), newBrowser(t)
	web := NewWeb(testKey(t), "https://example.org", s.Client(), nil, func() time.Time { return noon })
	for _, c := range []struct {
		status int
		after  string
		want   Result
	}{
		{201, "", Result{Outcome: pipeline.PushTaken}},
		{202, "", Result{Outcome: pipeline.PushTaken}},
		{404, "", Result{Outcome: pipeline.PushGone}},
		{410, "", Result{Outcome: pipeline.PushGone}},
		{429, "17", Result{pipeline.PushLater, 17 * time.Second}},
		{429, "", Result{Outcome: pipeline.PushLater}},
		{503, noon.Add(time.Minute).Format(http.TimeFormat), Result{pipeline.PushLater, time.Minute}},
		{500, "-5", Result{Outcome: pipeline.PushLater}},
		{400, "", Result{Outcome: pipeline.PushFailed}},
		{403, "", Result{Outcome: pipeline.PushFailed}},
		{413, "", Result{Outcome: pipeline.PushFailed}},
	} {
		s.status = c.status
		s.header.Set("Retry-After", c.after)
		got, err := web.Send(t.Context(), b.subscription(s.URL+"/send/abc"), testMessage())
		if got != c.want || (err == nil) != (c.want.Outcome == pipeline.PushTaken) {
			t.Errorf("%d: %+v, %v; want %+v", c.status, got, err, c.want)
		}
	}
}

// TestWebPushTellsNoSecret: an error does not say where a push went.
func TestWebPushTellsNoSecret(t *testing.T) {
	s, b := newService(t), newBrowser(t)
	to := b.subscription(s.URL + "/send/abc")
	s.Close()
	web := NewWeb(testKey(t), "https://example.org", s.Client(), nil, func() time.Time { return noon })
	result, err := web.Send(t.Context(), to, testMessage())
	if result.Outcome != pipeline.PushLater || err == nil || strings.Contains(err.Error(), "abc") {
		t.Errorf("%+v, %v", result, err)
	}
	to.Key = "no point"
	if result, err = web.Send(t.Context(), to, testMessage()); result.Outcome == pipeline.PushTaken || err == nil || strings.Contains(err.Error(), "abc") {
		t.Errorf("%+v, %v", result, err)
	}
}

// refusing is a client's transport that goes nowhere.
type refusing struct{ err error }

func (r refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, r.err }

func TestWebPushForgetsPrivateAddresses(t *testing.T) {
	refused := tasknet.NewError(tasknet.Forbidden, "url_not_public", "Not there.")
	web := NewWeb(testKey(t), "https://example.org", &http.Client{Transport: refusing{refused}}, refused, func() time.Time { return noon })
	result, err := web.Send(t.Context(), newBrowser(t).subscription("https://10.0.0.1/abc"), testMessage())
	if result.Outcome != pipeline.PushGone || !errors.Is(err, refused) || strings.Contains(err.Error(), "abc") {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestMessageOffersButtonsOnlyForWhatIsSeen(t *testing.T) {
	for name, change := range map[string]func(*polls.Question){
		"three choices": func(q *polls.Question) { q.Type, q.Choices = polls.Choice, []string{"a", "b", "c"} },
		"an image":      func(q *polls.Question) { q.Image = &polls.Image{} },
		"a passage":     func(q *polls.Question) { q.Passage = "Long ago" },
		"a clip":        func(q *polls.Question) { q.Audio = &polls.Audio{} },
		"choice images": func(q *polls.Question) { q.ChoiceImages = make([]polls.Image, 2) },
		"a long text":   func(q *polls.Question) { q.Text = strings.Repeat("ß", 201) },
		"several":       func(q *polls.Question) { q.Type = polls.Multiple },
	} {
		m := testMessage()
		change(m.Question)
		text, err := m.encode()
		var p payload
		if err != nil || json.Unmarshal(text, &p) != nil || p.Choices != nil || p.Question != "q_a" || len([]rune(p.Text)) > textShown {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
	m := testMessage()
	m.Question = nil
	if text, err := m.encode(); err != nil || string(text) != `{"wake":"wak_a","pays":"0.018","symbol":"TST","until_ms":1795356000000}` {
		t.Errorf("of a project: %s, %v", text, err)
	}
}
