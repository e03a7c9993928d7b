package push

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/option"

	"github.com/tasknet/tasknet/server/pipeline"
)

// fakeFCM speaks the part of FCM's HTTP v1 API that sends: POST /v1/projects/{project}/messages:send.
type fakeFCM struct {
	status int
	code   string // of an FcmError
	after  string
	got    []json.RawMessage
	paths  []string
}

func (f *fakeFCM) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.got, f.paths = append(f.got, body), append(f.paths, r.Method+" "+r.URL.Path)
	w.Header().Set("Content-Type", "application/json")
	if f.status == http.StatusOK {
		fmt.Fprint(w, `{"name":"projects/heron/messages/1"}`)
		return
	}
	if f.after != "" {
		w.Header().Set("Retry-After", f.after)
	}
	w.WriteHeader(f.status)
	fmt.Fprintf(w, `{"error":{"code":%d,"message":"no","status":"X","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":%q}]}}`, f.status, f.code)
}

// to sends what is meant for Google to the fake.
type to struct{ host string }

func (t to) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "fcm.googleapis.com" {
		return nil, errors.New("asked " + r.URL.Host)
	}
	u, _ := url.Parse(t.host)
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = u.Scheme, u.Host
	return http.DefaultTransport.RoundTrip(r)
}

func newFCM(t *testing.T) (*fakeFCM, *Firebase) {
	t.Helper()
	fake := &fakeFCM{status: http.StatusOK}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	f, err := NewFirebase(t.Context(), "heron", func() time.Time { return noon }, option.WithHTTPClient(&http.Client{Transport: to{server.URL}}))
	if err != nil {
		t.Fatal(err)
	}
	return fake, f
}

var app = pipeline.Subscription{ID: "sub_b", Channel: pipeline.FCM, Target: "cX:APA91"}

func TestFirebase(t *testing.T) {
	fake, f := newFCM(t)
	result, err := f.Send(t.Context(), app, testMessage())
	if err != nil || result.Outcome != pipeline.PushTaken {
		t.Fatalf("%+v, %v", result, err)
	}
	var got any
	if err := json.Unmarshal(fake.got[0], &got); err != nil {
		t.Fatal(err)
	}
	var want any
	if err := json.Unmarshal([]byte(`{"message":{"token":"cX:APA91",
		"data":{"wake":"wak_a","question":"q_a","pays":"0.018","symbol":"TST","until_ms":"1795356000000"},
		"android":{"collapse_key":"work","priority":"normal","ttl":"7200s"},
		"apns":{"headers":{"apns-collapse-id":"work","apns-expiration":"1795356000"},"payload":{"aps":{"content-available":1,"thread-id":"work"}}}}}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || fake.paths[0] != "POST /v1/projects/heron/messages:send" {
		t.Errorf("%s (-want +got):\n%s", fake.paths[0], diff)
	}
}

// TestFirebaseNotice: see TestWebPushNotice.
func TestFirebaseNotice(t *testing.T) {
	fake, f := newFCM(t)
	if result, err := f.Send(t.Context(), app, &Message{Wake: "wak_a", Notice: addressNotice, Deadline: noon.Add(noticeFor)}); err != nil || result.Outcome != pipeline.PushTaken {
		t.Fatalf("%+v, %v", result, err)
	}
	var got, want any
	if err := json.Unmarshal(fake.got[0], &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{"message":{"token":"cX:APA91",
		"data":{"wake":"wak_a","notice":"address","until_ms":"1795953600000"},
		"android":{"collapse_key":"address","priority":"high","ttl":"604800s"},
		"apns":{"headers":{"apns-collapse-id":"address","apns-expiration":"1795953600"},"payload":{"aps":{"content-available":1,"thread-id":"address"}}}}}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFirebaseOutcomes(t *testing.T) {
	fake, f := newFCM(t)
	for _, c := range []struct {
		status      int
		code, after string
		want        Result
	}{
		{404, "UNREGISTERED", "", Result{Outcome: pipeline.PushGone}},
		{403, "SENDER_ID_MISMATCH", "", Result{Outcome: pipeline.PushGone}},
		{429, "QUOTA_EXCEEDED", "", Result{pipeline.PushLater, time.Minute}},
		{429, "QUOTA_EXCEEDED", "120", Result{pipeline.PushLater, 2 * time.Minute}},
		{500, "INTERNAL", "", Result{Outcome: pipeline.PushLater}},
		{400, "INVALID_ARGUMENT", "", Result{Outcome: pipeline.PushFailed}},
		{401, "THIRD_PARTY_AUTH_ERROR", "", Result{Outcome: pipeline.PushFailed}},
		{404, "", "", Result{Outcome: pipeline.PushFailed}}, // the project, not the token
	} {
		fake.status, fake.code, fake.after = c.status, c.code, c.after
		if got, err := f.Send(t.Context(), app, testMessage()); got != c.want || err == nil {
			t.Errorf("%d %s: %+v, %v; want %+v", c.status, c.code, got, err, c.want)
		}
	}
}

func TestFirebaseCredentials(t *testing.T) {
	if _, err := NewFirebase(t.Context(), "", time.Now, option.WithAuthCredentialsFile(option.ServiceAccount, t.TempDir()+"/none.json")); !errors.Is(err, ErrFirebase) {
		t.Errorf("%v", err)
	}
}
