package api

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

const (
	// sharePath is where the share sheet of a phone sends what is to be asked about: the web app's manifest names it, and its service
	// worker takes what comes. Here it arrives from a browser that has lost its worker.
	sharePath = "/share"

	// sharedMost is how long the address of the form may become by what was shared: proxies pass no long heads on.
	sharedMost = 3000
)

// takeShare leads to the form that asks, with the words that were shared in its address, after the # that no server sees. A picture
// stays behind, which the form says: nothing is kept of somebody who has shown no key.
func takeShare(c *fiber.Ctx) error {
	shared := make(url.Values)
	_, params, _ := mime.ParseMediaType(c.Get(fiber.HeaderContentType)) // of another form nothing is read
	for form := multipart.NewReader(bytes.NewReader(c.Body()), params["boundary"]); ; {
		part, err := form.NextPart()
		if err != nil { // the end, or no form: what was read until then is shown
			return toForm(c, shared)
		}
		name := part.FormName()
		if name != "title" && name != "text" && name != "url" {
			if name == "picture" && part.FileName() != "" {
				shared.Set("picture", "lost")
			}
			continue
		}
		words, err := io.ReadAll(part) // it is part of a body that is bounded
		if err == nil && shared.Get(name) == "" {
			setShort(shared, name, strings.ToValidUTF8(strings.TrimSpace(string(words)), ""))
		}
	}
}

// setShort sets as much of a value as there is room for.
func setShort(shared url.Values, name, value string) {
	if value == "" {
		return
	}
	left := sharedMost - len(shared.Encode()) - len(name) - 2
	for i, r := range value {
		if left -= len(url.QueryEscape(string(r))); left < 0 {
			value = value[:i]
			break
		}
	}
	shared.Set(name, value)
}

// toForm sends a browser to the form that asks.
func toForm(c *fiber.Ctx, shared url.Values) error {
	to := "/ask"
	if len(shared) > 0 {
		to += "#" + shared.Encode()
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(to, http.StatusSeeOther)
}
