package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	artefactsPath = "/v1/artefacts"

	// manifestBytesMax is the most that a manifest takes as JSON.
	manifestBytesMax = compute.ArtefactBytesMax/compute.PieceSize*32/3*4 + 4<<10

	// missingMax is how many ranges of missing pieces one reply names.
	missingMax = 1000
)

type newArtefactInput struct {
	Idempotent
	LeaseQuery
	Body wire.NewArtefact
}

// ArtefactPath is the path of all that is of an artefact.
type ArtefactPath struct {
	ID string `path:"id" doc:"The artefact's id"`
}

type artefactInput struct {
	ArtefactPath
	LeaseQuery
}

func (s *Server) artefactRoutes() {
	create := op(http.MethodPost, artefactsPath, tagArtefacts, "create-artefact", "Begin to upload an artefact")
	create.Description = "The body says which pieces there will be; then send those that are missing, in any order and several at a time. An artefact that your organisation has is found and needs no pieces again; what another one has does not count. An upload that stands still for a day is removed."
	create.DefaultStatus, create.MaxBodyBytes = http.StatusCreated, manifestBytesMax+1
	forKeeper(s, create, s.createArtefact)
	forRequester(s, op(http.MethodGet, artefactsPath, tagArtefacts, "list-artefacts", "List your artefacts, newest first"), s.listArtefacts)
	forKeeper(s, op(http.MethodGet, artefactsPath+"/{id}", tagArtefacts, "get-artefact", "Get an artefact's state, with the pieces that are missing"), s.getArtefact)
	forKeeper(s, op(http.MethodGet, artefactsPath+"/{id}/manifest", tagArtefacts, "get-artefact-manifest", "Get an artefact's manifest, by which each piece can be checked alone"), s.getManifest)
	remove := op(http.MethodDelete, artefactsPath+"/{id}", tagArtefacts, "remove-artefact", "Remove an artefact, or end its upload")
	remove.DefaultStatus = http.StatusNoContent
	forRequester(s, remove, s.removeArtefact)

	id := &huma.Param{Name: "id", In: "path", Required: true, Description: "The artefact's id", Schema: &huma.Schema{Type: huma.TypeString}}
	binary := map[string]*huma.MediaType{fiber.MIMEOctetStream: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	put := op(http.MethodPut, artefactsPath+"/{id}/pieces/{n}", tagArtefacts, "put-piece", "Send a piece of an artefact")
	put.Description = "It is checked against the manifest, and is durable when the reply comes. A piece that was sent already changes nothing; with the last one the artefact is complete."
	put.Security = []map[string][]string{{schemeKey: {}}, {schemeToken: {}}}
	put.Parameters = []*huma.Param{id, leaseParam, {Name: "n", In: "path", Required: true, Description: "The piece's number, from 0", Schema: &huma.Schema{Type: huma.TypeInteger}}}
	put.RequestBody = &huma.RequestBody{Required: true, Content: binary}
	put.Responses["200"] = &huma.Response{Description: "Received", Content: s.jsonOf(reflect.TypeFor[wire.Artefact]())}
	s.plain(put, s.putPiece)

	content := op(http.MethodGet, artefactsPath+"/{id}/content", tagArtefacts, "get-artefact-content", "Get the bytes of an artefact, or a range of them")
	content.Description = "The ETag is the id. When the server finds that what it has is damaged, the connection ends before all bytes have come."
	content.Security = put.Security
	content.Parameters = []*huma.Param{id, leaseParam, {Name: fiber.HeaderRange, In: "header", Description: "One range, such as bytes=4194304-8388607", Schema: &huma.Schema{Type: huma.TypeString}}}
	content.Responses["200"] = &huma.Response{Description: "All bytes", Content: binary}
	content.Responses["206"] = &huma.Response{Description: "The range", Content: binary}
	content.Responses["416"] = &huma.Response{Description: "There is no such range"}
	s.plain(content, s.serveArtefact, http.MethodHead)
}

func (s *Server) createArtefact(ctx context.Context, who keeper, in *newArtefactInput) (*replayed[wire.Artefact], error) {
	once, err := in.onceFor(who.org, "POST "+artefactsPath+" "+in.Lease, in.Body)
	if err != nil {
		return nil, err
	}
	m, err := compute.ReadManifest(in.Body.Length, in.Body.Pieces)
	if err != nil {
		return nil, err
	}
	return do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.Artefact, error) {
		a, err := s.Pipeline.NewArtefact(ctx, tx, who.org, m, in.Body.Name, in.Body.Type)
		if err != nil {
			return wire.Artefact{}, err
		}
		return artefactWithMissing(ctx, tx, a)
	})
}

func (s *Server) listArtefacts(ctx context.Context, who requester, in *Paging) (*of[wire.Artefacts], error) {
	list := "artefacts " + string(who.org.ID)
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	artefacts, next, err := s.Stores.Artefacts().Artefacts(ctx, who.org.ID, page)
	if err != nil {
		return nil, err
	}
	out := wire.Artefacts{Page: s.next(list, next), Artefacts: make([]wire.Artefact, len(artefacts))}
	for i, a := range artefacts {
		out.Artefacts[i] = artefactOf(a)
	}
	return &of[wire.Artefacts]{out}, nil
}

func (s *Server) getArtefact(ctx context.Context, who keeper, in *artefactInput) (*of[wire.Artefact], error) {
	a, err := s.artefact(ctx, who, in.ID, writes)
	if err != nil {
		return nil, err
	}
	out, err := artefactWithMissing(ctx, s.Stores, a)
	return &of[wire.Artefact]{out}, err
}

func (s *Server) getManifest(ctx context.Context, who keeper, in *artefactInput) (*of[wire.ArtefactManifest], error) {
	a, err := s.artefact(ctx, who, in.ID, reads)
	if err != nil {
		return nil, err
	}
	m, err := s.Pipeline.Manifest(ctx, a)
	if err != nil {
		return nil, err
	}
	return &of[wire.ArtefactManifest]{wire.ArtefactManifest{ID: string(a.ID), Length: a.Length, Pieces: m.Encode()}}, nil
}

func (s *Server) removeArtefact(ctx context.Context, who requester, in *ArtefactPath) (*empty, error) {
	a, err := s.artefact(ctx, keeper{org: who.org.ID}, in.ID, writes)
	if err != nil {
		return nil, err
	}
	return nil, s.Pipeline.RemoveArtefact(ctx, a)
}

func (s *Server) putPiece(c *fiber.Ctx) error {
	who, err := s.keeper(c)
	if err != nil {
		return err
	}
	a, err := s.artefact(c.UserContext(), who, c.Params("id"), writes)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil {
		return compute.ErrPieceNumber
	}
	if a, err = s.Pipeline.PutPiece(c.UserContext(), a, n, c.Request().Body()); err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, artefactOf(a))
}

// isPieceUpload reports whether a path is that of a piece of an artefact.
func isPieceUpload(path string) bool {
	return strings.HasPrefix(path, artefactsPath+"/") && strings.Contains(path, "/pieces/")
}

// isArtefactBytes reports whether what is asked for at a path takes as long as a disk or a network.
func isArtefactBytes(path string) bool {
	return isPieceUpload(path) || strings.HasPrefix(path, artefactsPath+"/") && strings.HasSuffix(path, "/content")
}

// serveArtefact sends bytes of an artefact as they are read. What it says of them to a browser is that they are nothing to show.
func (s *Server) serveArtefact(c *fiber.Ctx) error {
	who, err := s.keeper(c)
	if err != nil {
		return err
	}
	a, err := s.artefact(c.UserContext(), who, c.Params("id"), reads)
	if err != nil {
		return err
	}
	if a.State != pipeline.ArtefactComplete {
		return pipeline.ErrArtefactPartial
	}
	etag := `"` + string(a.ID) + `"`
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache") // whoever may read it now may not always
	if strings.Contains(c.Get(fiber.HeaderIfNoneMatch), etag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	from, size, status := int64(0), a.Length, http.StatusOK
	asked := c.Request().Header.Peek(fiber.HeaderRange)
	if unless := c.Get(fiber.HeaderIfRange); len(asked) > 0 && (unless == "" || unless == etag) {
		var ok bool
		if from, size, ok = rangeOf(asked, a.Length); !ok {
			c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", a.Length))
			c.Status(http.StatusRequestedRangeNotSatisfiable)
			return nil
		}
		status = http.StatusPartialContent
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", from, from+size-1, a.Length))
	}
	// The bytes are read when this function has returned, and the request's context has ended.
	ctx, cancel := context.WithCancel(context.WithValue(s.base, requestKey{}, requestID(c.UserContext())))
	body, err := s.Pipeline.Content(ctx, a, from, size)
	if err != nil {
		cancel()
		return err
	}
	c.Status(status)
	c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
	c.Context().SetBodyStream(artefactBody{body, cancel}, int(size))
	return nil
}

// rangeOf reads a range of so many bytes, where it is one that can be served.
func rangeOf(asked []byte, length int64) (from, size int64, ok bool) {
	first, last, err := fasthttp.ParseByteRange(asked, int(length))
	return int64(first), int64(last-first) + 1, err == nil && first <= last
}

// artefactBody is content whose context ends with it.
type artefactBody struct {
	*pipeline.Content
	cancel context.CancelFunc
}

// Close implements io.Closer.
func (b artefactBody) Close() error {
	defer b.cancel()
	return b.Content.Close()
}

func artefactOf(a *pipeline.Artefact) wire.Artefact {
	out := wire.Artefact{
		ID: string(a.ID), State: string(a.State), Length: a.Length, Pieces: compute.Pieces(a.Length), Arrived: a.Arrived, Name: a.Name, Type: a.MediaType, CreatedAt: wire.At(a.CreatedAt),
	}
	if !a.ExpiresAt.IsZero() {
		expires := wire.At(a.ExpiresAt)
		out.ExpiresAt = &expires
	}
	return out
}

// artefactWithMissing adds to an artefact which pieces are missing.
func artefactWithMissing(ctx context.Context, tx pipeline.Tx, a *pipeline.Artefact) (wire.Artefact, error) {
	out := artefactOf(a)
	missing, err := tx.Artefacts().MissingPieces(ctx, a, missingMax)
	for _, m := range missing {
		out.Missing = append(out.Missing, wire.PieceRange{First: m.First, Last: m.Last})
	}
	return out, err
}
