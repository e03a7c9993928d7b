package api

import (
	"errors"
	"io/fs"
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
)

var errNoLogFile = tasknet.NewError(tasknet.NotFound, "no_log_file", "The public log has no such file; read its checkpoint for how long it is.")

const (
	logPath        = "/log/"
	checkpointName = "checkpoint"
	checkpointAge  = "public, max-age=1" // a new one comes about every second
)

// logTile is a file of C2SP tlog-tiles: a tile of hashes or a bundle of entries, whole or partial. What it holds never changes.
var logTile = regexp.MustCompile(`^tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/(x[0-9]{3}/)*[0-9]{3}(\.p/[1-9][0-9]{0,2})?$`)

func (s *Server) logRoutes() {
	checkpoint := op(http.MethodGet, logPath+checkpointName, tagRecords, "log-checkpoint", "The public log's size and root, signed")
	checkpoint.Description = "C2SP tlog-checkpoint, by the log's key, with the signatures of witnesses if there are any."
	checkpoint.Responses["200"] = &huma.Response{Description: "A signed note", Content: map[string]*huma.MediaType{fiber.MIMETextPlain: {Schema: &huma.Schema{Type: huma.TypeString}}}}
	s.plain(checkpoint, func(c *fiber.Ctx) error {
		return s.serveLog(c, checkpointName, checkpointAge, fiber.MIMETextPlainCharsetUTF8)
	}, http.MethodHead)

	tile := op(http.MethodGet, logPath+"tile/{path}", tagRecords, "log-tile", "A tile or a bundle of entries of the public log")
	tile.Description = "C2SP tlog-tiles: tile/0/x001/234 is a tile of hashes, tile/entries/x001/234 are the leaves below it, and .p/17 at the end is the first 17 of them."
	tile.Parameters = []*huma.Param{{Name: "path", In: "path", Required: true, Description: "Level and number, with slashes", Schema: &huma.Schema{Type: huma.TypeString}}}
	tile.Responses["200"] = &huma.Response{Description: "Bytes", Content: map[string]*huma.MediaType{fiber.MIMEOctetStream: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	s.plainAt(tile, logPath+"tile/*", func(c *fiber.Ctx) error {
		name := strings.TrimPrefix(c.Path(), logPath)
		if !logTile.MatchString(name) {
			return errNoLogFile
		}
		return s.serveLog(c, name, immutable, fiber.MIMEOctetStream)
	}, http.MethodHead)
}

// serveLog sends a file of the log, to pages of any origin.
func (s *Server) serveLog(c *fiber.Ctx, name, caching, mediaType string) error {
	body, err := fs.ReadFile(s.LogFiles, name)
	if errors.Is(err, fs.ErrNotExist) {
		return errNoLogFile
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	c.Set(fiber.HeaderCacheControl, caching)
	c.Set(fiber.HeaderContentType, mediaType)
	c.Status(http.StatusOK)
	c.Response().SetBodyRaw(body)
	return nil
}
