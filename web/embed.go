// Package web holds the built web app as files inside the binary. It serves nothing itself: the server decides on
// headers and routes. Everything under assets/ has a content hash in its name and never changes; files ending in .gz
// and .br are compressed forms of their neighbours. The app's own routes (/earned, /console/q/...) have no file: index.html is the
// answer to every unknown GET that is not the API's.
package web

import (
	"embed"
	"io/fs"
)

// The pattern matches placeholder, which is tracked, and dist, which is there only after `npm run build`. A plain
// "all:dist" would fail to compile on a fresh clone.
//
//go:embed all:[dp][il][sa][tc]*
var files embed.FS

// Files returns the built web app, and true; or, when it was not built before this binary was, a folder with one page
// that says so, and false.
func Files() (root fs.FS, built bool) { return choose(files) }

func choose(all fs.FS) (fs.FS, bool) {
	dir := "placeholder"
	_, err := fs.Stat(all, "dist/index.html")
	if err == nil {
		dir = "dist"
	}
	root, subErr := fs.Sub(all, dir)
	if subErr != nil { // only a malformed name fails
		panic(subErr)
	}
	return root, err == nil
}
