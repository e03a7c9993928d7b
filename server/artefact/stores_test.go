package artefact

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/pipeline"
)

// gateway is the variable with the path of versitygw, a server that speaks S3: what .ci/tool versitygw prints.
const gateway = "TASKNET_TEST_VERSITYGW"

// newS3Server starts one with a bucket of the name bucket, and returns its address.
func newS3Server(t *testing.T) S3Config {
	t.Helper()
	binary := os.Getenv(gateway)
	if binary == "" {
		t.Skip(gateway + " is not set")
	}
	root := t.TempDir()
	for _, dir := range []string{"data", "data/bucket", "about"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, binary, "--quiet", "--port", address, "posix", "--sidecar", filepath.Join(root, "about"), filepath.Join(root, "data"))
	cfg := S3Config{URL: "http://" + address + "/bucket/a/prefix", Region: "us-east-1", KeyID: "tester", Secret: "a secret of the tester"}
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID="+cfg.KeyID, "ROOT_SECRET_ACCESS_KEY="+cfg.Secret)
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
	})
	limit := time.Now().Add(time.Minute)
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return cfg
		}
		if time.Now().After(limit) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond) //nolint:forbidigo // it tells nobody when it listens
	}
}

// stores are all that there are, each empty.
func stores(t *testing.T, test func(t *testing.T, s pipeline.PieceStore)) {
	t.Run("folder", func(t *testing.T) {
		s, err := NewFolder(filepath.Join(t.TempDir(), "artefacts"))
		if err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
	t.Run("s3", func(t *testing.T) {
		s, err := NewS3(t.Context(), newS3Server(t))
		if err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
}

func newBlob() string { return tasknet.NewID(pipeline.BlobPrefix, time.Now()) }

// TestStores is what every store of pieces does.
func TestStores(t *testing.T) {
	stores(t, func(t *testing.T, s pipeline.PieceStore) {
		ctx := t.Context()
		is := func(blob string, n, from, size int, want string) {
			t.Helper()
			r, err := s.OpenPiece(ctx, blob, n, from, size)
			if err != nil {
				t.Errorf("piece %d: %v", n, err)
				return
			}
			got, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err != nil || string(got) != want {
				t.Errorf("piece %d from %d: %.40q, %v", n, from, got, err)
			}
		}
		lost := func(blob string, n int) {
			t.Helper()
			r, err := s.OpenPiece(ctx, blob, n, 0, 1)
			if err == nil {
				err = r.Close()
			}
			if !errors.Is(err, pipeline.ErrPieceLost) {
				t.Errorf("piece %d that is not there: %v", n, err)
			}
		}
		a, b := newBlob(), newBlob()
		lost(a, 0)
		for n, piece := range []string{"the first", "the second", "", "the fourth"} {
			if n == 2 {
				continue
			}
			if err := s.PutPiece(ctx, a, n, []byte(piece)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.PutPiece(ctx, b, 1, []byte("another blob's")); err != nil {
			t.Fatal(err)
		}
		is(a, 0, 0, 9, "the first")
		is(a, 1, 4, 3, "sec")
		is(a, 3, 9, 1, "h")
		is(b, 1, 0, 14, "another blob's")
		is(a, 0, 4, 100, "first") // it is shorter
		lost(a, 2)
		lost(b, 0)
		if err := s.PutPiece(ctx, a, 0, []byte("the first")); err != nil {
			t.Errorf("again: %v", err)
		}
		is(a, 0, 0, 9, "the first")

		if err := s.RemovePieces(ctx, a, 4); err != nil { // the third never came
			t.Fatal(err)
		}
		for n := range 4 {
			lost(a, n)
		}
		if err := s.RemovePieces(ctx, a, 4); err != nil {
			t.Errorf("removed again: %v", err)
		}
		if err := s.RemovePieces(ctx, newBlob(), 3); err != nil {
			t.Errorf("what never was: %v", err)
		}
		is(b, 1, 0, 14, "another blob's")
	})
}

// TestStoreAtOnce: whole pieces come back that are put at the same time, also twice.
func TestStoreAtOnce(t *testing.T) {
	stores(t, func(t *testing.T, s pipeline.PieceStore) {
		ctx, blob := t.Context(), newBlob()
		const pieces, size = 8, 1 << 20
		of := func(n int) []byte { return bytes.Repeat([]byte{byte(n + 1)}, size) }
		var all sync.WaitGroup
		for i := range 2 * pieces {
			all.Go(func() {
				if err := s.PutPiece(ctx, blob, i%pieces, of(i%pieces)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for n := range pieces {
			r, err := s.OpenPiece(ctx, blob, n, 0, size)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, of(n)) {
				t.Errorf("piece %d: %d bytes, %v", n, len(got), err)
			}
		}
	})
}

// TestFolderFull: a disk without room is an error of its own, and leaves nothing behind.
func TestFolderFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full")
	}
	root := t.TempDir()
	s, err := NewFolder(root)
	if err != nil {
		t.Fatal(err)
	}
	create := s.create
	s.create = func(dir string) (*os.File, error) {
		name := filepath.Join(dir, "piece-full")
		if err := os.Symlink("/dev/full", name); err != nil {
			return nil, err
		}
		return os.OpenFile(name, os.O_WRONLY, 0)
	}
	blob := newBlob()
	if err := s.PutPiece(t.Context(), blob, 0, []byte("piece")); !errors.Is(err, pipeline.ErrStorageFull) {
		t.Errorf("%v", err)
	}
	if left := files(t, root); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
	s.create = create // somebody made room
	if err := s.PutPiece(t.Context(), blob, 0, []byte("piece")); err != nil {
		t.Error(err)
	}
	if left := files(t, root); len(left) != 1 {
		t.Errorf("then there are %q", left)
	}
}

func files(t *testing.T, root string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestFolderCleans: what a server was writing when it ended goes at a later start, and what another one is writing stays.
func TestFolderCleans(t *testing.T) {
	root := t.TempDir()
	if _, err := NewFolder(root); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"piece-old": 2 * leftAfter, "piece-young": 0} {
		path := filepath.Join(root, unfinished, name)
		if err := os.WriteFile(path, []byte("part"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := NewFolder(root); err != nil {
		t.Fatal(err)
	}
	if left := files(t, root); len(left) != 1 || !strings.HasSuffix(left[0], "piece-young") {
		t.Errorf("left: %q", left)
	}
}

// TestNoPath: nothing but a blob's name becomes a path.
func TestNoPath(t *testing.T) {
	root := t.TempDir()
	s, err := NewFolder(filepath.Join(root, "artefacts"))
	if err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(root, "outside")
	if err := os.WriteFile(outside, []byte("keep"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, blob := range []string{"", "..", "../outside", newBlob() + "/..", strings.ToUpper(newBlob())} {
		if err := s.PutPiece(t.Context(), blob, 0, []byte("x")); err == nil {
			t.Errorf("%q was put", blob)
		}
		if r, err := s.OpenPiece(t.Context(), blob, 0, 0, 1); err == nil {
			r.Close()
			t.Errorf("%q was opened", blob)
		}
		if err := s.RemovePieces(t.Context(), blob, 1); err == nil {
			t.Errorf("%q was removed", blob)
		}
	}
	if left := files(t, root); len(left) != 1 || left[0] != outside {
		t.Errorf("left: %q", left)
	}
}

// TestS3Refuses: a store that cannot be used is told of at the start.
func TestS3Refuses(t *testing.T) {
	for _, address := range []string{"", "s3.example.org/bucket", "https://s3.example.org", "https://s3.example.org/", "https://me:secret@s3.example.org/bucket", "ftp://s3.example.org/bucket"} {
		if _, err := NewS3(t.Context(), S3Config{URL: address}); !errors.Is(err, ErrS3URL) || strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("%q: %v", address, err)
		}
	}
	good := newS3Server(t)
	for name, change := range map[string]func(*S3Config){
		"another secret": func(c *S3Config) { c.Secret = "another secret" },
		"another key":    func(c *S3Config) { c.KeyID = "stranger" },
		"no such bucket": func(c *S3Config) { c.URL = strings.Replace(c.URL, "/bucket", "/none", 1) },
	} {
		cfg := good
		change(&cfg)
		if _, err := NewS3(t.Context(), cfg); !errors.Is(err, ErrS3) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestS3Away: what passes is told from what does not.
func TestS3Away(t *testing.T) {
	t.Parallel()
	var status int
	var mu sync.Mutex // guards status
	reply := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.WriteHeader(status)
	}
	set := func(s int) {
		mu.Lock()
		defer mu.Unlock()
		status = s
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(reply), ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	set(http.StatusOK)
	s, err := NewS3(t.Context(), S3Config{URL: "http://" + ln.Addr().String() + "/bucket", Region: "us-east-1", KeyID: "k", Secret: "s"})
	if err != nil {
		t.Fatal(err)
	}
	for status, want := range map[int]error{
		http.StatusServiceUnavailable: pipeline.ErrStorageAway, http.StatusTooManyRequests: pipeline.ErrStorageAway, http.StatusInsufficientStorage: pipeline.ErrStorageFull,
	} {
		set(status)
		if err := s.PutPiece(t.Context(), newBlob(), 0, []byte("piece")); !errors.Is(err, want) {
			t.Errorf("with %d: %v", status, err)
		}
	}
	set(http.StatusForbidden)
	if err := s.PutPiece(t.Context(), newBlob(), 0, []byte("piece")); err == nil || tasknet.Describe(err).Kind != tasknet.Internal {
		t.Errorf("refused: %v", err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	<-served
	if err := s.PutPiece(t.Context(), newBlob(), 0, []byte("piece")); !errors.Is(err, pipeline.ErrStorageAway) {
		t.Errorf("nobody is there: %v", err)
	}
	if _, err := s.OpenPiece(t.Context(), newBlob(), 0, 0, 1); !errors.Is(err, pipeline.ErrStorageAway) {
		t.Errorf("nobody is there to read from: %v", err)
	}
}
