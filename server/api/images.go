package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/wire"
)

const mediaPath = "/media/"

var (
	errImageUnknown = tasknet.NewError(tasknet.Invalid, "image_unknown", "The question names an image or a clip that this server does not have; upload it first and use the hash that you get.")
	errNoAudio      = tasknet.NewError(tasknet.Invalid, "no_audio", "What the question names as its audio clip is an image.")
	errNoPicture    = tasknet.NewError(tasknet.Invalid, "no_picture", "What the question names as its image is an audio clip.")
	errWidth        = tasknet.NewError(tasknet.Invalid, "bad_width", "Previews are 320 pixels wide; leave w out for the image itself.")
	errBadForm      = tasknet.NewError(tasknet.Invalid, "bad_form", `Send the bytes of the image or clip as the body, or a form with them in the field "file".`)
)

type fetchInput struct{ Body wire.FetchMedia }

func (s *Server) imageRoutes() {
	upload := op(http.MethodPost, uploadPath, tagAsk, "upload-image", "Upload an image or an audio clip")
	upload.Description = "PNG, JPEG, GIF (its first picture) or WebP, at most 10 MiB and 40 million pixels. It is shrunk to 2048 pixels, turned upright and encoded anew without metadata. " +
		"Or MP3, Ogg, WAV or M4A, at most 10 MiB, which is kept as it is."
	upload.Security = []map[string][]string{{schemeKey: {}}}
	binary := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	upload.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"image/png": binary, "image/jpeg": binary, "image/gif": binary, "image/webp": binary,
		"audio/mpeg": binary, "audio/ogg": binary, "audio/wav": binary, "audio/mp4": binary,
		"multipart/form-data": {Schema: &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}}}},
	}}
	upload.Responses["201"] = &huma.Response{Description: "Stored", Content: s.jsonOf(reflect.TypeFor[wire.Image]())}
	s.plain(upload, s.uploadImage)

	fetch := op(http.MethodPost, "/v1/media/fetch", tagAsk, "fetch-image", "Have an image or an audio clip fetched from an address")
	fetch.Description = "The address must be on the public internet, answer within 10 seconds, and redirect at most three times."
	fetch.DefaultStatus = http.StatusCreated
	forRequester(s, fetch, s.fetchImage)

	get := op(http.MethodGet, mediaPath+"{hash}", tagServer, "get-image", "Get an image or an audio clip by its hash")
	get.Parameters = []*huma.Param{
		{Name: "hash", In: "path", Required: true, Description: "SHA-256 of its bytes", Schema: &huma.Schema{Type: huma.TypeString}},
		{Name: "w", In: "query", Description: "A preview of an image so wide, as JPEG, to show until the image is there; the image itself where that is no wider", Schema: &huma.Schema{Type: huma.TypeInteger, Enum: []any{media.PreviewWidth}}},
	}
	get.Responses["200"] = &huma.Response{Description: "The image or the clip", Content: map[string]*huma.MediaType{
		"image/png": binary, "image/jpeg": binary, "audio/mpeg": binary, "audio/ogg": binary, "audio/wav": binary, "audio/mp4": binary,
	}}
	s.plain(get, s.serveImage, http.MethodHead)
}

func (s *Server) uploadImage(c *fiber.Ctx) error {
	if _, err := s.requester(c); err != nil {
		return err
	}
	body := c.Request().Body()
	if kind, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType)); err == nil && kind == fiber.MIMEMultipartForm {
		if body, err = fileOf(body, params["boundary"]); err != nil {
			return err
		}
	}
	i, err := s.Media.Add(c.UserContext(), body)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusCreated, wireImage(i))
}

// fileOf returns the field "file" of a form.
func fileOf(body []byte, boundary string) ([]byte, error) {
	for form := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		part, err := form.NextPart()
		if err != nil {
			return nil, errBadForm
		}
		if part.FormName() != "file" {
			continue
		}
		file, err := io.ReadAll(part) // it is part of a body that is bounded
		if err != nil {
			return nil, errBadForm
		}
		return file, nil
	}
}

func (s *Server) fetchImage(ctx context.Context, _ requester, in *fetchInput) (*of[wire.Image], error) {
	i, err := s.Media.Fetch(ctx, in.Body.URL)
	return &of[wire.Image]{wireImage(i)}, err
}

// serveImage sends an image or a clip that somebody uploaded, or the range of it that is asked for: some browsers play nothing
// without. Whatever a browser takes it for, it runs no script in our origin.
func (s *Server) serveImage(c *fiber.Ctx) error {
	i, err := s.Media.Medium(c.UserContext(), c.Params("hash"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	etag := `"` + i.Hash + `"`
	small := c.Query("w") != ""
	if small {
		if c.Query("w") != strconv.Itoa(media.PreviewWidth) {
			return errWidth
		}
		etag = `"` + i.Hash + `-small"`
	}
	c.Set(fiber.HeaderCacheControl, immutable)
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	if strings.Contains(c.Get(fiber.HeaderIfNoneMatch), etag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	if small {
		preview, err := s.Media.Preview(c.UserContext(), i.Hash)
		if err != nil {
			return err
		}
		if preview != nil {
			c.Set(fiber.HeaderContentType, "image/jpeg")
			return c.Send(preview)
		}
	}
	_, file, err := s.Media.Open(c.UserContext(), i.Hash)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, i.Type)
	from, size := int64(0), i.Bytes
	if asked := c.Request().Header.Peek(fiber.HeaderRange); len(asked) > 0 {
		first, last, err := fasthttp.ParseByteRange(asked, i.Bytes)
		if err != nil {
			c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", i.Bytes))
			c.Status(http.StatusRequestedRangeNotSatisfiable)
			return file.Close()
		}
		from, size = int64(first), last-first+1
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", first, last, i.Bytes))
		c.Status(http.StatusPartialContent)
	}
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return errors.Join(err, file.Close())
	}
	c.Context().SetBodyStream(struct {
		io.Reader
		io.Closer
	}{io.LimitReader(file, int64(size)), file}, size) // which closes it
	return nil
}

func wireImage(m media.Medium) wire.Image {
	return wire.Image{Hash: m.Hash, URL: mediaPath + m.Hash, Type: m.Type, Width: m.Width, Height: m.Height, Bytes: m.Bytes}
}
