package api

import (
	"testing"
	"testing/fstest"
)

// testLog is a log of which the file names matter, and no hash.
var testLog = fstest.MapFS{
	"checkpoint":                   {Data: []byte("a checkpoint\n")},
	"tile/0/000":                   {Data: []byte("a tile")},
	"tile/63/x001/x234/567.p/255":  {Data: []byte("a part of a tile")},
	"tile/entries/x001/234.p/17":   {Data: []byte("some leaves")},
	".state/treeState":             {Data: []byte("not public")},
	"tile/0/000.tmp":               {Data: []byte("not a tile")},
	"tile/0/000.p/1/../../secret":  {Data: []byte("not a tile")},
	"tile/entries/x001/234.p/0017": {Data: []byte("not a tile")},
}

// TestLogFiles: the files of the log are public, also to pages of others, and nothing beside them is.
func TestLogFiles(t *testing.T) {
	address, _ := start(t, base(t))
	for path, caching := range map[string]string{
		"/log/checkpoint":                  checkpointAge,
		"/log/tile/0/000":                  immutable,
		"/log/tile/63/x001/x234/567.p/255": immutable,
		"/log/tile/entries/x001/234.p/17":  immutable,
	} {
		got := send(t, address, request{method: "GET", path: path})
		if got.status != 200 || got.body != string(testLog[path[len("/log/"):]].Data) || got.header.Get("Cache-Control") != caching ||
			got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%s: %d %q %v", path, got.status, got.body, got.header)
		}
		if head := send(t, address, request{method: "HEAD", path: path}); head.status != 200 || head.body != "" {
			t.Errorf("HEAD %s: %d %q", path, head.status, head.body)
		}
	}
	for _, path := range []string{
		"/log/", "/log/tile", "/log/tile/", "/log/.state/treeState", "/log/tile/../.state/treeState", "/log/tile/%2e%2e/.state/treeState", "/log/tile/0/001", "/log/tile/0/000.tmp",
		"/log/tile/64/000", "/log/tile/00/000", "/log/tile/entries/x001/234.p/0017", "/log/tile/entries/x001/234", "/log/tile/0/000.p/1/../../secret", "/log/checkpoint/x",
	} {
		if got := send(t, address, request{method: "GET", path: path}); got.status != 404 {
			t.Errorf("%s: %d %q", path, got.status, got.body)
		}
	}
}
