package media

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestCheckAddress(t *testing.T) {
	for _, address := range []string{
		"8.8.8.8:80", "8.8.8.8:443", "1.1.1.1:443", "100.63.255.255:80", "100.128.0.0:80", "172.15.0.1:80", "172.32.0.1:80",
		"192.0.1.1:80", "198.17.255.255:80", "223.255.255.255:80", "[2606:4700::1111]:443", "[2a00:1450::8a]:80",
	} {
		if err := checkAddress(netip.MustParseAddrPort(address)); err != nil {
			t.Errorf("%s is refused: %v", address, err)
		}
	}
	for _, address := range []string{
		"8.8.8.8:22", "8.8.8.8:8080", "8.8.8.8:0", // ports
		"0.0.0.0:80", "0.1.2.3:80", "[::]:80", // unspecified, this network
		"127.0.0.1:80", "127.255.255.254:80", "[::1]:80", // loopback
		"10.0.0.1:80", "172.16.0.1:80", "172.31.255.255:80", "192.168.1.1:80", // private
		"[fc00::1]:80", "[fd12:3456::1]:80", "[fec0::1]:80", // unique-local, site-local
		"169.254.169.254:80", "[fe80::1]:80", "[fe80::1%eth0]:80", // link-local, metadata services
		"100.64.0.1:80", "100.127.255.255:80", // carrier-grade NAT
		"224.0.0.1:80", "239.255.255.255:80", "[ff02::1]:80", // multicast
		"240.0.0.1:80", "255.255.255.255:80", // reserved, broadcast
		"192.0.2.1:80", "198.51.100.1:80", "203.0.113.1:80", "[2001:db8::1]:80", "[3fff::1]:80", // documentation
		"198.18.0.1:80", "192.88.99.1:80", "192.0.0.8:80", // benchmarks, relays, protocol assignments
		"[::ffff:127.0.0.1]:80", "[::ffff:8.8.8.8]:80", "[::7f00:1]:80", // IPv4 in IPv6
		"[64:ff9b::7f00:1]:80", "[64:ff9b:1::a00:1]:80", // NAT64
		"[2002:7f00:1::]:80", "[2001::7f00:1]:80", // 6to4, Teredo
		"[100::1]:80", "[4000::1]:80", // discard, not assigned
	} {
		if err := checkAddress(netip.MustParseAddrPort(address)); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: got %v, want ErrRefused", address, err)
		}
	}
}

// TestFetchJSON: a document comes over https from the public internet, from where it is asked, and is small.
func TestFetchJSON(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/rate":
			if r.Header.Get("Accept") != "application/json" {
				t.Errorf("asked for %s", r.Header.Get("Accept"))
			}
			fmt.Fprint(w, `{"a":1}`)
		case "/long":
			fmt.Fprint(w, strings.Repeat("x", 101))
		case "/missing":
			http.NotFound(w, r)
		default:
			http.Redirect(w, r, "https://public.example/rate", http.StatusFound)
		}
	}))
	defer server.Close()
	f := rewired(t, server, map[string]string{"public.example": "8.8.8.8", "rebound.example": "10.0.0.1"})
	f.client.Transport.(*http.Transport).TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	f.client.Transport.(*http.Transport).TLSClientConfig.ServerName = "example.com"
	got, err := f.json(t.Context(), "https://public.example/rate", 100)
	if err != nil || string(got) != `{"a":1}` {
		t.Errorf("%s, %v", got, err)
	}
	for address, want := range map[string]error{
		"http://public.example/rate": ErrAddress, "https://public.example:8443/rate": ErrAddress, "https://me@public.example/rate": ErrAddress,
		"https://rebound.example/rate": ErrRefused, "https://public.example/else": ErrRedirects, "https://public.example/missing": ErrFetch, "https://public.example/long": ErrTooLarge,
	} {
		if _, err := f.json(t.Context(), address, 100); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", address, err, want)
		}
	}
	if _, err := FetchJSON(t.Context(), "https://127.0.0.1/rate", 100); !errors.Is(err, ErrRefused) {
		t.Errorf("this machine: %v", err)
	}
}

// What get refuses before anything is dialled, and what it refuses when it dials.
func TestFetchRefuses(t *testing.T) {
	l, _ := newLibrary(t)
	for _, test := range []struct {
		address string
		want    error
	}{
		{"", ErrAddress},
		{"/media/x.png", ErrAddress},
		{"file:///etc/passwd", ErrAddress},
		{"gopher://example.com/", ErrAddress},
		{"ftp://example.com/a.png", ErrAddress},
		{"http://user@example.com/a.png", ErrAddress},
		{"http://user:password@example.com/a.png", ErrAddress},
		{"http://example.com:8080/a.png", ErrAddress},
		{"http://example.com:22/", ErrAddress},
		{"http://", ErrAddress},
		{"http:///a.png", ErrAddress},
		{"http://exa mple.com/", ErrAddress},
		{"http://127.0.0.1/a.png", ErrRefused},
		{"http://[::1]/a.png", ErrRefused},
		{"http://[::ffff:127.0.0.1]/a.png", ErrRefused},
		{"http://169.254.169.254/latest/meta-data/", ErrRefused},
		{"https://10.0.0.1/a.png", ErrRefused},
		{"http://localhost/a.png", ErrRefused},
		{"http://0/a.png", ErrRefused}, // the unspecified address in one digit, where the resolver reads it so
	} {
		_, err := l.Fetch(t.Context(), test.address)
		if test.address == "http://0/a.png" && errors.Is(err, ErrFetch) {
			continue
		}
		if !errors.Is(err, test.want) {
			t.Errorf("%q: got %v, want %v", test.address, err, test.want)
		}
	}
}

// rewired is a fetcher whose connections all go to one server of the test, and whose check sees the addresses that
// the names stand for.
func rewired(t *testing.T, server *httptest.Server, names map[string]string) *fetcher {
	check := func(netip.AddrPort) error { return nil }
	f := newFetcher(check)
	f.client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if ip, ok := names[host]; ok {
			if err := checkAddress(netip.AddrPortFrom(netip.MustParseAddr(ip), 80)); err != nil {
				return nil, &net.OpError{Op: "dial", Net: network, Err: err}
			}
		}
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	return f
}

func TestFetch(t *testing.T) {
	picture := encodePNG(t, flat(40, 30))
	asked := make(map[string]int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		switch r.URL.Path {
		case "/picture":
			if r.Header.Get("Referer") != "" || r.Header.Get("Authorization") != "" {
				t.Errorf("headers tell too much: %v", r.Header)
			}
			w.Write(picture)
		case "/clip":
			if !strings.Contains(r.Header.Get("Accept"), "audio/ogg") {
				http.Error(w, "no clip is accepted", http.StatusNotAcceptable)
				return
			}
			fmt.Fprint(w, "OggS and then some")
		case "/missing":
			http.NotFound(w, r)
		case "/long":
			w.Header().Set("Content-Length", fmt.Sprint(BytesMax+1))
		case "/endless":
			for chunk := make([]byte, 1<<20); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		case "/page":
			fmt.Fprint(w, "<html>")
		default:
			target, ok := strings.CutPrefix(r.URL.Path, "/to/")
			if ok {
				target, _ = url.PathUnescape(target)
			}
			http.Redirect(w, r, target, http.StatusFound)
		}
	}))
	defer server.Close()
	names := map[string]string{"public.example": "8.8.8.8", "rebound.example": "127.0.0.1"}
	to := func(target string, times int) string {
		for range times {
			target = "http://public.example/to/" + url.PathEscape(url.PathEscape(target))
		}
		return target
	}
	for _, test := range []struct {
		name, address string
		want          error
	}{
		{"picture", "http://public.example/picture", nil},
		{"clip", "http://public.example/clip", nil},
		{"three redirects", to("http://public.example/picture", 3), nil},
		{"four redirects", to("http://public.example/picture", 4), ErrRedirects},
		{"redirect to a name that is ours", to("http://rebound.example/picture", 1), ErrRefused},
		{"redirect to another port", to("http://public.example:6379/", 1), ErrAddress},
		{"redirect to a file", to("file:///etc/passwd", 1), ErrAddress},
		{"redirect with a password", to("http://a:b@public.example/picture", 1), ErrAddress},
		{"missing", "http://public.example/missing", ErrFetch},
		{"too long by its header", "http://public.example/long", ErrTooLarge},
		{"too long", "http://public.example/endless", ErrTooLarge},
		{"not a picture", "http://public.example/page", ErrType},
		{"a name that is ours", "http://rebound.example/picture", ErrRefused},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, _ := newLibrary(t)
			l.fetcher = rewired(t, server, names)
			i, err := l.Fetch(t.Context(), test.address)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, %v; want %v", i, err, test.want)
			}
			if err == nil && i.Width != 40 && !(test.name == "clip" && i.IsAudio()) {
				t.Errorf("got %v", i)
			}
		})
	}
}

// The proxy that the environment names would connect for us, unchecked.
func TestFetchUsesNoProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://192.0.2.1:3128")
	if newFetcher(checkAddress).client.Transport.(*http.Transport).Proxy != nil {
		t.Error("the fetcher uses a proxy")
	}
}

func TestFetchEndsWithItsContext(t *testing.T) {
	l, _ := newLibrary(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Fetch(ctx, "http://8.8.8.8/a.png"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
