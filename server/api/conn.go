package api

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// writeTime is how long one write may wait for a client that does not read. It bounds each write, not the reply, so
	// that streams may last.
	writeTime = 30 * time.Second

	// lingerTime and lingerBytes bound how much of a request that was refused unread is still taken in. Closing a
	// connection with unread bytes resets it, and the client would never see why.
	lingerTime  = 2 * time.Second
	lingerBytes = 32 << 20
)

// listener keeps its connections in view, so that a shutdown can end them, and refuses those of an address that has many.
type listener struct {
	net.Listener
	close      func() error // once
	perAddress int          // 0: any number

	mu    sync.Mutex // guards all below
	conns map[*conn]struct{}
	from  map[string]int // connections by address
}

func newListener(ln net.Listener, perAddress int) *listener {
	return &listener{Listener: ln, close: sync.OnceValue(ln.Close), perAddress: perAddress, conns: make(map[*conn]struct{}), from: make(map[string]int)}
}

// Close implements net.Listener. Again changes nothing.
func (l *listener) Close() error { return l.close() }

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c, ok := l.admit(raw); ok {
			return c, nil
		}
		refuse(raw)
	}
}

// admit counts a connection in, if its address has not too many.
func (l *listener) admit(raw net.Conn) (*conn, bool) {
	c := &conn{Conn: raw, listener: l}
	if a, err := netip.ParseAddrPort(raw.RemoteAddr().String()); err == nil && l.perAddress > 0 && !a.Addr().Unmap().IsLoopback() {
		c.from = network(a.Addr().Unmap().WithZone("").String())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.from != "" {
		if l.from[c.from] >= l.perAddress {
			return nil, false
		}
		l.from[c.from]++
	}
	l.conns[c] = struct{}{}
	return c, true
}

// remove counts a connection out. Again changes nothing.
func (l *listener) remove(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.conns[c]; !ok {
		return
	}
	delete(l.conns, c)
	if c.from == "" {
		return
	}
	if l.from[c.from]--; l.from[c.from] == 0 {
		delete(l.from, c.from)
	}
}

// refuse ends a connection that is one too many, and says why. It waits for nothing: what it writes fits any buffer.
func refuse(raw net.Conn) {
	body, err := json.Marshal(newProblem(errConnections))
	if err == nil && raw.SetWriteDeadline(time.Now().Add(time.Second)) == nil {
		fmt.Fprintf(raw, "HTTP/1.1 429 Too Many Requests\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\nRetry-After: 10\r\n\r\n%s", problemType, len(body), body)
	}
	raw.Close()
}

// closeUnused closes connections over which nothing came yet.
func (l *listener) closeUnused() {
	l.each(func(c *conn) {
		if !c.used.Load() {
			c.Conn.Close()
		}
	})
}

func (l *listener) closeAll() { l.each(func(c *conn) { c.Conn.Close() }) }

func (l *listener) each(f func(*conn)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		f(c)
	}
}

// conn is a connection of a client.
type conn struct {
	net.Conn
	listener *listener
	from     string // the address that it is counted under; empty when it is not
	used     atomic.Bool
	linger   atomic.Bool // take in what is left of the request before closing
	ended    func()      // called when the connection is closed; nil where nobody asked
}

// Read implements net.Conn.
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && !c.used.Load() {
		c.used.Store(true)
	}
	return n, err
}

// Write implements net.Conn, with a deadline of its own.
func (c *conn) Write(b []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.listener.remove(c)
	if c.ended != nil {
		c.ended()
	}
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && c.linger.Load() && half.CloseWrite() == nil {
		if c.Conn.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
			_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes) // however it ends, the connection is closed next
		}
	}
	return c.Conn.Close()
}
