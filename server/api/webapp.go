package api

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// immutable is the caching of what has its hash in its name.
const immutable = "public, max-age=31536000, immutable"

// webTypes are the types of the files that a web app has; the system's tables differ from machine to machine.
var webTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
	".png": "image/png", ".webmanifest": "application/manifest+json", ".json": "application/json", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
	".ico": "image/x-icon",
}

// webApp serves the built web app from memory.
type webApp map[string]*webFile // by path, with its slash

// webFile is a file, with those of its encodings that the build made.
type webFile struct {
	mediaType string
	caching   string
	etag      string
	policy    string // its own content security policy; empty: that of all
	plain     []byte
	encoded   map[string][]byte // by content coding: br, gzip
}

// newWebApp reads the files of a web app. Those under assets/ have their hash in their name; all others are asked for
// anew each time, so that a new build is seen at once.
// The app itself may ask a node of the chain, too, where there is one.
func newWebApp(root fs.FS, node string) (webApp, error) {
	app := make(webApp)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || codingOf(name) != "" {
			return err
		}
		body, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		f := &webFile{
			mediaType: webTypes[path.Ext(name)], caching: "no-cache", plain: body, encoded: make(map[string][]byte),
			etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
		}
		if f.mediaType == "" {
			f.mediaType = mime.TypeByExtension(path.Ext(name))
		}
		if strings.HasPrefix(name, "assets/") {
			f.caching = immutable
		}
		if own := ownPolicy.FindSubmatch(body); own != nil && f.mediaType == webTypes[".html"] {
			f.policy = string(own[1]) + "; frame-ancestors 'none'" // which a page cannot say of itself
		}
		for suffix, coding := range webCodings {
			if body, err := fs.ReadFile(root, name+suffix); err == nil {
				f.encoded[coding] = body
			}
		}
		app["/"+name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the web app: %w", err)
	}
	if app[webIndex] == nil {
		return nil, fmt.Errorf("read the web app: it has no index.html")
	}
	if u, err := url.Parse(node); err != nil {
		return nil, fmt.Errorf("read the node's address: %w", err)
	} else if node != "" {
		app[webIndex].policy = strings.Replace(csp, "connect-src 'self'", "connect-src 'self' "+u.Scheme+"://"+u.Host, 1)
	}
	return app, nil
}

// ownPolicy finds the policy of a page that can be saved and opened from elsewhere, and so carries it. It has the hashes of
// the page's one script and one style sheet.
var ownPolicy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]+)">`)

const webIndex = "/index.html"

var webCodings = map[string]string{".br": "br", ".gz": "gzip"}

func codingOf(name string) string { return webCodings[path.Ext(name)] }

// appPages are what the addresses of the app's pages begin with, as app.tsx has them.
var appPages = []string{"answered", "ask", "console", "earned", "how", "key", "move", "payouts", "verify"}

// serves reports whether an address that is no route is the web app's: a file of it, or an address that the app itself
// will understand. A page has its address whoever asks; at another one, which may be a mistyped one of the API, a browser gets
// the app, which says that nothing is there, and a program a problem. Those of the API never are the app's.
func (w webApp) serves(c *fiber.Ctx) bool {
	if c.Method() != http.MethodGet && c.Method() != http.MethodHead {
		return false
	}
	return w.file(c) != nil
}

func (w webApp) file(c *fiber.Ctx) *webFile {
	name := c.Path()
	if f := w[name]; f != nil {
		return f
	}
	for _, prefix := range []string{"/v1/", "/media/", "/assets/", "/docs/", logPath} {
		if strings.HasPrefix(name, prefix) {
			return nil
		}
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	if name == "/" || slices.Contains(appPages, first) || strings.Contains(c.Get(fiber.HeaderAccept), "text/html") {
		return w[webIndex]
	}
	return nil
}

func (w webApp) serve(c *fiber.Ctx) error {
	f := w.file(c)
	c.Set(fiber.HeaderCacheControl, f.caching)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderETag, f.etag)
	if f.policy != "" {
		c.Set(fiber.HeaderContentSecurityPolicy, f.policy)
	}
	if strings.Contains(c.Get(fiber.HeaderIfNoneMatch), f.etag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	body := f.plain
	accepted := c.Get(fiber.HeaderAcceptEncoding)
	for _, coding := range []string{"br", "gzip"} {
		if encoded := f.encoded[coding]; encoded != nil && accepts(accepted, coding) {
			c.Set(fiber.HeaderContentEncoding, coding)
			body = encoded
			break
		}
	}
	c.Set(fiber.HeaderContentType, f.mediaType)
	c.Status(http.StatusOK)
	c.Response().SetBodyRaw(body)
	return nil
}

// accepts reports whether an Accept-Encoding header names a coding without refusing it.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q := strings.ReplaceAll(params, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.000") && q != "q=0.0" && q != "q=0.00"
		}
	}
	return false
}
