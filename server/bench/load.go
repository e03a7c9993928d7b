package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// load sends answers over connections that stay open, by as little code as that takes: the server and the client share
// the machine, and what the client costs the server lacks.
type load struct {
	host    string
	clients []*conn
}

// conn is a connection of one client.
type conn struct {
	net.Conn
	in      *bufio.Reader
	request []byte
	body    []byte
}

// replyTimeout is for how long one reply is waited for.
const replyTimeout = 60 * time.Second

func dial(ctx context.Context, host string, clients int) (*load, error) {
	l := &load{host: host}
	for range clients {
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", host)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l.clients = append(l.clients, &conn{Conn: c, in: bufio.NewReaderSize(c, 4<<10)})
	}
	return l, nil
}

func (l *load) close() error {
	var errs []error
	for _, c := range l.clients {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// send sends answers to a path, each when a client is free, and returns how long all took and how long each.
func (l *load) send(ctx context.Context, path string, p *prepared, answers []answer) (time.Duration, *histogram, error) {
	head := []byte("POST " + path + " HTTP/1.1\r\nHost: " + l.host + "\r\nContent-Type: application/json\r\nContent-Length: ")
	var next atomic.Int64
	var mu sync.Mutex
	all := new(histogram)
	g, ctx := errgroup.WithContext(ctx)
	start := time.Now()
	for _, c := range l.clients {
		g.Go(func() error {
			var own histogram
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(answers) {
					break
				}
				c.body = p.appendJSON(c.body[:0], &answers[i])
				sent := time.Now()
				if err := c.post(head, sent); err != nil {
					return fmt.Errorf("%s: %w", path, err)
				}
				own.add(time.Since(sent))
			}
			mu.Lock()
			defer mu.Unlock()
			all.merge(&own)
			return ctx.Err()
		})
	}
	err := g.Wait()
	return time.Since(start), all, err
}

// order sends a request without a body, when no answers are sent.
func (l *load) order(path string) error {
	c := l.clients[0]
	c.body = c.body[:0]
	return c.post([]byte("POST "+path+" HTTP/1.1\r\nHost: "+l.host+"\r\nContent-Length: "), time.Now())
}

// post sends the body and reads the reply, which must say that it was created.
func (c *conn) post(head []byte, now time.Time) error {
	c.request = strconv.AppendInt(append(c.request[:0], head...), int64(len(c.body)), 10)
	c.request = append(append(c.request, "\r\n\r\n"...), c.body...)
	if err := c.SetDeadline(now.Add(replyTimeout)); err != nil {
		return err
	}
	if _, err := c.Write(c.request); err != nil {
		return err
	}
	status, length := 0, -1
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if first {
			if len(line) < 12 {
				return fmt.Errorf("not an HTTP reply: %q", line)
			}
			status, _ = strconv.Atoi(string(line[9:12])) // zero is none that is expected
			continue
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && len(name) == len("Content-Length") && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return fmt.Errorf("HTTP status %d without a length", status)
	}
	if status == 201 {
		_, err := c.in.Discard(length)
		return err
	}
	reply := make([]byte, length)
	if _, err := io.ReadFull(c.in, reply); err != nil {
		return err
	}
	return fmt.Errorf("HTTP status %d: %s", status, reply)
}
