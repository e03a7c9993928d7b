package desktop

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/web/src/styles"
)

//go:embed page
var page embed.FS

// Listen listens at an address, which must be of this computer alone. Port 0 is any that is free.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, tasknet.NewError(tasknet.Invalid, "not_loopback", "The page is for this computer alone: its address is 127.0.0.1 or [::1], and a port, as in 127.0.0.1:0.")
	}
	var l net.ListenConfig
	return l.Listen(ctx, "tcp", address)
}

// Link returns the link that lets one browser in, when a Desktop serves its page for a folder.
func Link(folder string) (string, error) {
	link, err := os.ReadFile(filepath.Join(folder, linkFile))
	return strings.TrimSpace(string(link)), err
}

// closeTime is how long requests may take to end when the page does.
const closeTime = 2 * time.Second

// Serve serves the page until ctx ends. ready is given the first link to it.
func (d *Desktop) Serve(ctx context.Context, l net.Listener, ready func(link string)) error {
	link, err := d.keys.serve("http://" + l.Addr().String() + "/")
	if err != nil {
		return errors.Join(err, l.Close())
	}
	ready(link)
	server := &http.Server{
		Handler: d.handler(l.Addr()), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, MaxHeaderBytes: 16 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }, // streams end with it
	}
	closed := make(chan error, 1)
	end := context.AfterFunc(ctx, func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		closed <- server.Shutdown(closing)
	})
	err = server.Serve(l)
	if !end() {
		err = <-closed
	}
	return errors.Join(err, d.keys.end())
}

// Errors of the page.
var (
	errWrongHost = tasknet.NewError(tasknet.Forbidden, "wrong_host", "The page is for this computer alone; open the link that the program shows.")
	errNoKey     = tasknet.NewError(tasknet.Unauthenticated, "no_key", "The link was used, or is of an earlier start. Open the page anew: tasknet-node desktop.")
	errNotServed = tasknet.NewError(tasknet.Unavailable, "not_served", "The page is not served.")
	errBody      = tasknet.NewError(tasknet.Invalid, "bad_body", "The request makes no sense.")
)

// headers keep other pages out of this one: nothing is loaded from elsewhere, nothing within the page is a program but its files, and
// no other page may show it.
var headers = map[string]string{
	"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"Cache-Control":                "no-store",
}

func (d *Desktop) handler(at net.Addr) http.Handler {
	files, err := fs.Sub(page, "page")
	if err != nil { // only a malformed name fails
		panic(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.Handle("GET /styles/", http.StripPrefix("/styles/", http.FileServerFS(styles.Files)))
	mux.HandleFunc("POST /api/enter", d.enter)
	for pattern, do := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /api/live":      d.stream,
		"GET /api/log":       d.giveLog,
		"POST /api/pause":    d.takePause,
		"POST /api/resume":   func(http.ResponseWriter, *http.Request) error { return d.Resume() },
		"PUT /api/settings":  d.takeSettings,
		"PUT /api/autostart": d.takeAutostart,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !d.keys.fits(token) {
				d.refuse(w, errNoKey)
				return
			}
			if err := do(w, r); err != nil {
				d.refuse(w, err)
			}
		})
	}
	host := at.String()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		// A page of another site whose name was made to point at this computer has that name as the host.
		origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
		if r.Host != host || origin != "" && origin != "http://"+host || r.URL.Path != "/" && site != "" && site != "same-origin" {
			d.refuse(w, errWrongHost)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		mux.ServeHTTP(w, r)
	})
}

// statuses are the statuses of errors.
var statuses = map[tasknet.Kind]int{
	tasknet.Invalid: http.StatusUnprocessableEntity, tasknet.Unauthenticated: http.StatusUnauthorized, tasknet.Forbidden: http.StatusForbidden,
	tasknet.NotSupported: http.StatusNotImplemented,
}

func (d *Desktop) refuse(w http.ResponseWriter, err error) {
	known := tasknet.Describe(err)
	status, ok := statuses[known.Kind]
	if !ok {
		status = http.StatusInternalServerError
		d.log.Error("the page failed", "error", err)
		known = tasknet.NewError(tasknet.Internal, "internal", "That failed; the log says why.")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	say(w, map[string]string{"code": known.Code, "message": known.Message})
}

// say writes JSON. Who is not there any more hears nothing.
func say(w http.ResponseWriter, fields map[string]string) {
	if raw, err := json.Marshal(fields); err == nil { // texts always are
		_, _ = w.Write(raw)
	}
}

// read reads the JSON of a request.
func read(r *http.Request, v any) error {
	if r.Header.Get("Content-Type") != "application/json" {
		return errBody
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return errBody
	}
	return nil
}

// enter lets a browser in that has the link.
func (d *Desktop) enter(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Code string `json:"code"`
	}
	err := read(r, &in)
	var token string
	var fits bool
	if err == nil {
		token, fits, err = d.keys.enter(in.Code)
	}
	if err == nil && !fits {
		err = errNoKey
	}
	if err != nil {
		d.refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	say(w, map[string]string{"token": token})
}

// How often a stream tells at most, and at least.
const (
	tellMost  = 250 * time.Millisecond
	tellLeast = 15 * time.Second
	tellTime  = 10 * time.Second // that a browser has to take it
)

// stream tells all that the page shows, as soon as something changes, as server-sent events.
func (d *Desktop) stream(w http.ResponseWriter, r *http.Request) error {
	changed, end := d.watch()
	defer end()
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	quiet := time.NewTicker(tellLeast)
	defer quiet.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-changed:
		case <-quiet.C:
		}
		raw, err := json.Marshal(d.Live())
		if err != nil {
			return err
		}
		err = errors.Join(control.SetWriteDeadline(time.Now().Add(tellTime)), tellEvent(w, raw), control.Flush())
		if err != nil {
			return nil // the browser has gone, or sleeps: it asks again
		}
		calm := time.NewTimer(tellMost)
		select {
		case <-r.Context().Done():
			calm.Stop()
			return nil
		case <-calm.C:
		}
	}
}

func tellEvent(w io.Writer, raw []byte) error {
	_, err := w.Write(append(append([]byte("data: "), raw...), "\n\n"...))
	return err
}

func (d *Desktop) giveLog(w http.ResponseWriter, r *http.Request) error {
	all, err := d.cfg.Journal.Read(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(all) // who is not there any more reads nothing
	return nil
}

func (d *Desktop) takePause(_ http.ResponseWriter, r *http.Request) error {
	var in struct {
		Finish bool `json:"finish"`
	}
	if err := read(r, &in); err != nil {
		return err
	}
	return d.Pause(in.Finish)
}

func (d *Desktop) takeSettings(_ http.ResponseWriter, r *http.Request) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("Content-Type") != "application/json" {
		return errors.Join(errBody, err)
	}
	s, err := readSettings(raw)
	if err != nil {
		return err
	}
	return d.Set(s)
}

func (d *Desktop) takeAutostart(_ http.ResponseWriter, r *http.Request) error {
	var in struct {
		On bool `json:"on"`
	}
	if err := read(r, &in); err != nil {
		return err
	}
	if d.cfg.SetAutostart == nil {
		return tasknet.NewError(tasknet.NotSupported, "no_autostart", "Starting with the computer cannot be set here.")
	}
	err := d.cfg.SetAutostart(in.On)
	d.tellWatchers()
	return err
}
