package api

import (
	"io"
	"net"
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

// listener keeps its connections in view, so that a shutdown can end them.
type listener struct {
	net.Listener
	close func() error // once
	mu    sync.Mutex   // guards conns
	conns map[*conn]struct{}
}

func newListener(ln net.Listener) *listener {
	return &listener{Listener: ln, close: sync.OnceValue(ln.Close), conns: make(map[*conn]struct{})}
}

// Close implements net.Listener. Again changes nothing.
func (l *listener) Close() error { return l.close() }

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: raw, listener: l}
	l.mu.Lock()
	l.conns[c] = struct{}{}
	l.mu.Unlock()
	return c, nil
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
	used     atomic.Bool
	linger   atomic.Bool // take in what is left of the request before closing
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
	c.listener.mu.Lock()
	delete(c.listener.conns, c)
	c.listener.mu.Unlock()
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && c.linger.Load() && half.CloseWrite() == nil {
		if c.Conn.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
			_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes) // however it ends, the connection is closed next
		}
	}
	return c.Conn.Close()
}
