package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

type newImportInput struct {
	Idempotent
	ProjectPath
	Body wire.NewImport
}

type importPath struct {
	ProjectPath
	Import string `path:"import" doc:"The import's id"`
}

type importsInput struct {
	ProjectPath
	Paging
}

const importsPath = "/v1/projects/{id}/imports"

var errBadOffset = tasknet.NewError(tasknet.Invalid, "bad_offset", "Say with ?offset= at which byte of the file the piece begins.")

func (s *Server) importRoutes() {
	create := op(http.MethodPost, importsPath, tagProjects, "create-import", "Begin to import a file of tasks")
	create.Description = "Then upload the file in pieces of up to 8 MiB, and start the import. CSV, JSON lines, Parquet, Label Studio's JSON, COCO, and zip or tar archives of images; up to 4 GiB."
	create.DefaultStatus = http.StatusCreated
	forRequester(s, create, s.createImport)
	forRequester(s, op(http.MethodGet, importsPath, tagProjects, "list-imports", "List a project's imports, newest first"), s.listImports)
	forRequester(s, op(http.MethodGet, importsPath+"/{import}", tagProjects, "get-import", "Get an import: how far it is, and which rows are malformed"), s.getImport)

	upload := op(http.MethodPut, importsPath+"/{import}/content", tagProjects, "upload-import", "Upload a piece of an import's file")
	upload.Description = "The piece begins at the byte that the offset says, which is how many were received. One that was received already changes nothing."
	upload.Security = []map[string][]string{{schemeKey: {}}}
	upload.Parameters = []*huma.Param{
		{Name: "id", In: "path", Required: true, Description: "The project's id", Schema: &huma.Schema{Type: huma.TypeString}},
		{Name: "import", In: "path", Required: true, Description: "The import's id", Schema: &huma.Schema{Type: huma.TypeString}},
		{Name: "offset", In: "query", Required: true, Description: "Where in the file the piece begins", Schema: &huma.Schema{Type: huma.TypeInteger}},
	}
	binary := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	upload.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": binary}}
	upload.Responses["200"] = &huma.Response{Description: "Received", Content: s.jsonOf(reflect.TypeFor[wire.Import]())}
	s.plain(upload, s.uploadImport)

	start := op(http.MethodPost, importsPath+"/{import}/start", tagProjects, "start-import", "Start an import whose file is uploaded, or one that was stopped")
	forRequester(s, start, s.importMove(s.Pipeline.StartImport))
	cancel := op(http.MethodPost, importsPath+"/{import}/cancel", tagProjects, "cancel-import", "End an import")
	cancel.Description = "The tasks that it made stay."
	forRequester(s, cancel, s.importMove(s.Pipeline.CancelImport))
}

func (s *Server) createImport(ctx context.Context, who requester, in *newImportInput) (*replayed[wire.Import], error) {
	once, err := in.once(who, "POST /v1/projects/"+in.ID+"/imports", in.Body)
	if err != nil {
		return nil, err
	}
	if err := tasknet.CheckID(labeling.ProjectPrefix, in.ID); err != nil {
		return nil, err
	}
	return do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.Import, error) {
		i, err := s.Pipeline.NewImport(ctx, tx, who.org.ID, labeling.ProjectID(in.ID), in.Body.Name)
		if err != nil {
			return wire.Import{}, err
		}
		return importOf(i), nil
	})
}

// ownImport returns an import of the caller's. Somebody else's is reported as none.
func (s *Server) ownImport(ctx context.Context, who requester, project, id string) (*labeling.Import, error) {
	if err := tasknet.CheckID(labeling.ImportPrefix, id); err != nil {
		return nil, err
	}
	return s.Pipeline.OwnImport(ctx, who.org.ID, labeling.ProjectID(project), labeling.ImportID(id))
}

func (s *Server) listImports(ctx context.Context, who requester, in *importsInput) (*of[wire.Imports], error) {
	p, err := s.ownProject(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	list := "imports " + string(p.ID)
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	imports, next, err := s.Stores.Projects().Imports(ctx, p.ID, page)
	if err != nil {
		return nil, err
	}
	out := wire.Imports{Page: s.next(list, next), Imports: make([]wire.Import, len(imports))}
	for i, each := range imports {
		out.Imports[i] = importOf(each)
	}
	return &of[wire.Imports]{out}, nil
}

func (s *Server) getImport(ctx context.Context, who requester, in *importPath) (*of[wire.Import], error) {
	i, err := s.ownImport(ctx, who, in.ID, in.Import)
	if err != nil {
		return nil, err
	}
	return &of[wire.Import]{importOf(i)}, nil
}

func (s *Server) importMove(move func(context.Context, *labeling.Import) (*labeling.Import, error)) func(context.Context, requester, *importPath) (*of[wire.Import], error) {
	return func(ctx context.Context, who requester, in *importPath) (*of[wire.Import], error) {
		i, err := s.ownImport(ctx, who, in.ID, in.Import)
		if err != nil {
			return nil, err
		}
		if i, err = move(ctx, i); err != nil {
			return nil, err
		}
		return &of[wire.Import]{importOf(i)}, nil
	}
}

func (s *Server) uploadImport(c *fiber.Ctx) error {
	who, err := s.requester(c)
	if err != nil {
		return err
	}
	i, err := s.ownImport(c.UserContext(), who, c.Params("id"), c.Params("import"))
	if err != nil {
		return err
	}
	at, err := strconv.ParseInt(c.Query("offset"), 10, 64)
	if err != nil || at < 0 {
		return errBadOffset
	}
	if i, err = s.Pipeline.ReceiveImport(c.UserContext(), i, at, c.Request().Body()); err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, importOf(i))
}

// isImportUpload reports whether a path is that of a piece of an import's file.
func isImportUpload(path string) bool {
	return strings.HasPrefix(path, "/v1/projects/") && strings.HasSuffix(path, "/content")
}

func importOf(i *labeling.Import) wire.Import {
	out := wire.Import{
		ID: string(i.ID), Project: string(i.Project), Name: i.Name, State: string(i.State), Problem: i.Problem, Detail: i.Detail, Bytes: i.Bytes, Rows: i.Rows,
		Made: i.Made, Known: i.Known, Repeated: i.Repeated(), Malformed: i.Malformed, First: badRows(i.First), CreatedAt: wire.At(i.CreatedAt),
	}
	if !i.EndedAt.IsZero() {
		ended := wire.At(i.EndedAt)
		out.EndedAt = &ended
	}
	return out
}
