// Package app puts an instance together: it opens the stores and the chain, starts the loops, and serves the API and
// the web app from one process. Everything is built by hand, in dependency order, in New.
package app
