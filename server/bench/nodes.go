package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	nodesGoal = 300 // MB
	nodesWait = 60  // seconds that a node waits for work, and then asks anew
)

// Nodes has nodes wait for work, each by a request of its own with a token of its own, and measures the memory of the server's process
// (RSS) when all have waited for some time. Then a job of one part comes, and it is counted how many of them get a reply.
func Nodes(ctx context.Context, cfg Config, n int, stay time.Duration) ([]Row, error) {
	var in wire.Instance
	if err := cfg.withServer(ctx, func(c *client.Client, _ string, _ int) (err error) {
		in, err = c.Instance(ctx)
		return err
	}); err != nil {
		return nil, err
	}
	w := &writer{instance: in.Instance, chain: in.ChainID, now: time.Now().UTC().Truncate(time.Millisecond)}
	key := ""
	if err := inStore(ctx, cfg, func(db *store.DB) (err error) {
		w.db = db
		if err := w.register(ctx, n); err != nil {
			return err
		}
		if key, err = newKey(ctx, db); err != nil {
			return err
		}
		return w.join(ctx)
	}); err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	tokens := make([]string, n)
	if err := cfg.withServer(ctx, func(c *client.Client, _ string, _ int) error { return w.signIn(ctx, cfg, c, tokens) }); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	// A server that has done nothing else, so that what it holds is for the nodes.
	var rows []Row
	err := cfg.withServer(ctx, func(c *client.Client, host string, pid int) (err error) {
		rows, err = waiting(ctx, cfg, stay, c.Requester(key), host, pid, tokens)
		return err
	})
	return rows, err
}

// join makes everybody's device a node.
func (w *writer) join(ctx context.Context) error {
	p, err := pipeline.New(w.db, labeling.NewStopper(w.db.Labels()), deaf{}, nil, pipeline.Config{Instance: instanceID, ChainID: 1})
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(perTx) // which share commits
	for i, who := range w.people {
		g.Go(func() error {
			_, err := p.Join(ctx, benchNode(who, i, w.now))
			return err
		})
	}
	return g.Wait()
}

// idleNodes are nodes that wait, each over a connection.
type idleNodes struct {
	host  string
	lost  atomic.Int64 // that ended before the end
	why   atomic.Pointer[error]
	given atomic.Int64 // that got something
	at    atomic.Int64 // when the last of them got it, in Unix nanoseconds
	early atomic.Int64 // that were told that there is nothing, before they had waited

	mu     sync.Mutex // guards all below
	conns  []net.Conn // by node
	ending bool
}

// dial connects a node, anew when the server closed the connection.
func (n *idleNodes) dial(ctx context.Context, i int) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+i/perSource))}}
	conn, err := d.DialContext(ctx, "tcp", n.host)
	if err != nil {
		return nil, fmt.Errorf("node %d: %w", i, err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ending {
		return nil, errors.Join(errEnding, conn.Close())
	}
	n.conns[i] = conn
	return conn, nil
}

var errEnding = errors.New("the measurement ends")

// end closes all connections.
func (n *idleNodes) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ending = true
	for _, c := range n.conns {
		if c != nil {
			c.Close()
		}
	}
}

func (n *idleNodes) isEnding() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ending
}

func waiting(ctx context.Context, cfg Config, stay time.Duration, asker *client.Requester, host string, pid int, tokens []string) ([]Row, error) {
	idle := memoryOf(pid, "VmRSS")
	nodes := &idleNodes{host: host, conns: make([]net.Conn, len(tokens))}
	var all sync.WaitGroup
	defer all.Wait()
	defer nodes.end()
	for i, token := range tokens {
		conn, err := nodes.dial(ctx, i)
		if err != nil {
			return nil, err
		}
		all.Go(func() { nodes.wait(ctx, i, conn, token) })
		cfg.tell("connecting", i+1, len(tokens))
	}
	began, cpu := time.Now(), cpuOf(pid)
	if err := client.Pause(ctx, stay); err != nil {
		return nil, err
	}
	rss, share := memoryOf(pid, "VmRSS"), float64(cpuOf(pid)-cpu)/float64(time.Since(began))
	program := []byte("\x00asm\x01\x00\x00\x00")
	a, err := asker.UploadArtefact(ctx, bytes.NewReader(program), int64(len(program)), client.Transfer{})
	if err != nil {
		return nil, err
	}
	nodes.early.Store(0)
	posted := time.Now()
	if _, err := asker.NewJob(ctx, wire.NewJob{
		Title: "Bench", Kind: "custom", Rows: 1, Importance: 5, MaxSeconds: 3600, Program: &wire.JobProgram{Memory: 1 << 20, Fuel: 1, Output: 1},
		Inputs: []wire.JobInput{{Role: "program", Artefact: a.ID, Name: "program.wasm"}},
	}, ""); err != nil {
		return nil, err
	}
	if err := client.Pause(ctx, wakeTime); err != nil {
		return nil, err
	}
	if lost := nodes.lost.Load(); lost > 0 {
		return nil, fmt.Errorf("%d nodes lost their connection: %w", lost, *nodes.why.Load())
	}
	return []Row{
		{fmt.Sprintf("server with %d idle nodes", len(tokens)), float64(rss) / 1e6, nodesGoal, "MB", Lower},
		{"memory for an idle node", float64(rss-idle) / 1e3 / float64(len(tokens)), nodesGoal * 1e3 / 10_000, "kB", Lower},
		{"processor for idle nodes", share, 0.5, "cores", Lower},
		{"nodes that a job of one part wakes", float64(nodes.given.Load() + nodes.early.Load()), 1, "nodes", Lower},
		{"from posting a job to a node that has it", float64(nodes.at.Load()-posted.UnixNano()) / 1e6, 100, "ms", Lower},
	}, nil
}

// wakeTime is for how long is counted who is woken.
const wakeTime = 5 * time.Second

// wait asks for work, again and again, until it gets some or all ends.
func (n *idleNodes) wait(ctx context.Context, i int, conn net.Conn, token string) {
	in := bufio.NewReaderSize(conn, 1<<9)
	body := fmt.Sprintf(`{"wait_seconds":%d}`, nodesWait)
	for {
		asked := time.Now()
		_, err := fmt.Fprintf(conn, "POST /v1/work HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", n.host, token, len(body), body)
		var reply []byte
		closing := false
		if err == nil {
			reply, closing, err = readReply(in)
		}
		switch {
		case err != nil:
		case bytes.Contains(reply, []byte(`"lease":{`)):
			n.at.Store(time.Now().UnixNano())
			n.given.Add(1)
			return
		case time.Since(asked) < nodesWait*time.Second*9/10:
			n.early.Add(1)
		}
		if err == nil && closing {
			conn.Close()
			if conn, err = n.dial(ctx, i); err == nil {
				in.Reset(conn)
			}
		}
		if err != nil {
			if !n.isEnding() {
				n.lost.Add(1)
				n.why.Store(&err)
			}
			return
		}
	}
}

var errReply = errors.New("the server refused")

// readReply reads a reply, and whether the connection ends with it.
func readReply(in *bufio.Reader) (body []byte, closing bool, err error) {
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return nil, false, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%w: %s", errReply, body)
	}
	return body, resp.Close, err
}
