package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/tasknet/tasknet"
)

// Fetcher is the Source of https addresses, and of files of this computer by their paths.
type Fetcher struct{ HTTP *http.Client }

// ErrAddress reports an address that nothing is fetched from.
var ErrAddress = tasknet.NewError(tasknet.Invalid, "bad_address", "Releases are fetched from https addresses, or are files of this computer.")

// Fetch opens what is at an address. ErrAddress.
func (f Fetcher) Fetch(ctx context.Context, address string, most int64) (io.ReadCloser, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, ErrAddress
	}
	switch u.Scheme {
	case "":
		return os.Open(address)
	case "https":
	default:
		return nil, ErrAddress
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, ErrAddress
	}
	got, err := f.HTTP.Do(r)
	if err != nil {
		return nil, err
	}
	if got.StatusCode != http.StatusOK || got.ContentLength > most {
		return nil, errors.Join(fmt.Errorf("%s: %s, %d bytes", address, got.Status, got.ContentLength), got.Body.Close())
	}
	return got.Body, nil
}
