package media

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/tasknet/tasknet"
)

const (
	fetchTime      = 10 * time.Second // for all of it: names, redirects, body
	fetchRedirects = 3
)

// Errors of fetching.
var (
	ErrAddress   = tasknet.NewError(tasknet.Invalid, "bad_url", "Give an http or https address on port 80 or 443, without a user name or password.")
	ErrRefused   = tasknet.NewError(tasknet.Forbidden, "url_not_public", "The address is not on the public internet; upload the file instead.")
	ErrRedirects = tasknet.NewError(tasknet.Invalid, "url_redirects", "The address redirects too often; give the address of the image or clip itself.")
	ErrFetch     = tasknet.NewError(tasknet.Invalid, "url_failed", "The address did not give an image or a clip within 10 seconds; check it, or upload the file instead.")
)

// fetcher loads files from the public internet and from nowhere else. What an address is, is checked where the
// connection is made, on the very address that is dialled: a name that is looked up twice may give two answers.
type fetcher struct{ client *http.Client }

// newFetcher returns a fetcher that dials what check allows.
func newFetcher(check func(netip.AddrPort) error) *fetcher {
	dialer := &net.Dialer{
		Timeout: 5 * time.Second,
		ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
			target, err := netip.ParseAddrPort(address)
			if err != nil || (network != "tcp4" && network != "tcp6") {
				return ErrRefused
			}
			return check(target)
		},
	}
	return &fetcher{&http.Client{
		Timeout: fetchTime,
		Transport: &http.Transport{
			Proxy:                  nil, // one from the environment would dial for us, unchecked
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    5 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			DisableCompression:     true, // media are compressed, and an unpacked body would have no bound
			DisableKeepAlives:      true,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > fetchRedirects {
				return ErrRedirects
			}
			r.Header.Del("Referer")
			return checkURL(r.URL)
		},
	}}
}

// NewClient returns a client for addresses that strangers choose: it connects to ports 80 and 443 of the public internet and to
// nothing else, and follows no redirects. ErrRefused is what it says of other addresses.
func NewClient() *http.Client {
	client := newFetcher(checkAddress).client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client
}

// FetchJSON returns a document of at most so many bytes at an https address on the public internet, which leads nowhere else.
// ErrAddress, ErrRefused, ErrRedirects, ErrTooLarge, ErrFetch.
func FetchJSON(ctx context.Context, address string, most int64) ([]byte, error) {
	return newFetcher(checkAddress).json(ctx, address, most)
}

func (f *fetcher) json(ctx context.Context, address string, most int64) ([]byte, error) {
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" {
		return nil, ErrAddress
	}
	f.client.CheckRedirect = func(*http.Request, []*http.Request) error { return ErrRedirects }
	return f.get(ctx, address, "application/json", most)
}

// mediaTypes are those that a Library takes.
const mediaTypes = "image/png, image/jpeg, image/webp, image/gif, audio/mpeg, audio/ogg, audio/wav, audio/mp4"

// get returns the body at an address.
func (f *fetcher) get(ctx context.Context, address, accept string, most int64) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, ErrAddress
	}
	if err := checkURL(u); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, ErrAddress
	}
	request.Header.Set("Accept", accept)
	request.Header.Set("User-Agent", "TaskNet")
	response, err := f.client.Do(request)
	if err != nil {
		return nil, fetchError(ctx, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, ErrFetch
	}
	if response.ContentLength > most {
		return nil, ErrTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, most+1))
	if err != nil {
		return nil, fetchError(ctx, err)
	}
	if int64(len(body)) > most {
		return nil, ErrTooLarge
	}
	return body, nil
}

// fetchError says what the caller may know of why a fetch failed: what we refused, and otherwise only that it failed,
// because the difference between a closed port and a silent one would map somebody's network.
func fetchError(ctx context.Context, err error) error {
	for _, known := range []*tasknet.Error{ErrRefused, ErrRedirects, ErrAddress} {
		if errors.Is(err, known) {
			return known
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return ErrFetch
}

// checkURL reports whether an address may be asked at all. Where its name leads is checked when it is dialled.
func checkURL(u *url.URL) error {
	port := u.Port()
	if (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || u.Hostname() == "" || (port != "" && port != "80" && port != "443") {
		return ErrAddress
	}
	return nil
}

// checkAddress reports whether a connection may be made: to ports 80 and 443 of public addresses.
func checkAddress(target netip.AddrPort) error {
	if (target.Port() != 80 && target.Port() != 443) || !public(target.Addr()) {
		return ErrRefused
	}
	return nil
}

// special are the blocks that are not the public internet, by the registries of special-purpose addresses of IANA (RFC
// 6890 and its updates). IPv6 is public only in 2000::/3; the entries under it take its special parts out again, also
// those that embed an IPv4 address which a gateway would unpack.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)

var globalUnicast = netip.MustParsePrefix("2000::/3")

func public(a netip.Addr) bool {
	if a.Zone() != "" || a.Is4In6() || (a.Is6() && !globalUnicast.Contains(a)) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return a.IsValid()
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}
