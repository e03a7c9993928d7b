package api

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// exportPage is how many rows of a dataset are read at a time.
const exportPage = 200

var errFormatType = tasknet.NewError(tasknet.Invalid, "bad_format", "COCO has boxes, polygons and masks; choose another format for labels of this type.")

func (s *Server) exportRoute() {
	export := op(http.MethodGet, "/v1/datasets/{id}/export", tagProjects, "export-dataset", "Download a dataset as a zip archive")
	export.Description = "Parquet with a card, as Hugging Face reads it; JSON lines; CSV of raw answers; Label Studio's JSON; or COCO. An archive that cannot be opened was cut off: download it again."
	export.Security = []map[string][]string{{schemeKey: {}}}
	export.Parameters = []*huma.Param{
		{Name: "id", In: "path", Required: true, Description: "The dataset's id", Schema: &huma.Schema{Type: huma.TypeString}},
		{Name: "format", In: "query", Description: "Left out: parquet", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"parquet", "jsonl", "csv", "label-studio", "coco"}}},
	}
	export.Responses["200"] = &huma.Response{Description: "The archive", Content: map[string]*huma.MediaType{
		"application/zip": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	s.plain(export, s.exportDataset)
}

func (s *Server) exportDataset(c *fiber.Ctx) error {
	who, err := s.requester(c)
	if err != nil {
		return err
	}
	d, err := s.ownDataset(c.UserContext(), who, c.Params("id"))
	if err != nil {
		return err
	}
	if d.State != labeling.Sealed {
		return labeling.ErrNotSealed
	}
	format, err := interchange.ParseFormat(c.Query("format", string(interchange.Parquet)))
	if err != nil {
		return err
	}
	project, err := s.Stores.Projects().Project(c.UserContext(), d.Project)
	if err != nil {
		return err
	}
	if marks := project.Type == polls.Boxes || project.Type == polls.Polygons || project.Type == polls.Mask; format == interchange.COCO && !marks {
		return errFormatType
	}
	if err := s.startStream(string(who.key), s.Limits.Streams); err != nil {
		return err
	}
	id := requestID(c.UserContext())
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="%s-%s.zip"`, d.ID, format))
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer s.endStream(string(who.key))
		archive := interchange.NewOutputZip(w)
		err := s.export(context.WithValue(s.base, requestKey{}, id), archive, format, d, project)
		if err == nil {
			err = archive.Close()
		}
		if err == nil {
			err = w.Flush()
		}
		if err != nil && s.base.Err() == nil {
			s.Log.Error("an export was cut off", "request_id", id, "dataset", d.ID, "error", err)
		}
	})
	return nil
}

// export writes a dataset. What its tasks show is found out first, since writers need to know.
func (s *Server) export(ctx context.Context, out interchange.Output, format interchange.Format, d *labeling.Dataset, p *labeling.Project) error {
	about := interchange.About{
		Name: p.Name, Languages: p.Languages, Version: string(d.ID), Manifest: hex.EncodeToString(d.Hash[:]), Root: hex.EncodeToString(d.Root[:]), Created: d.CreatedAt,
		Type: p.Type, Options: p.Options, Text: p.Text, Instructions: p.Instructions,
	}
	if len(p.Choices) > 0 {
		about.Choices = p.Choices
	}
	rows := s.labeled(ctx, d)
	for row, err := range rows {
		if err != nil {
			return err
		}
		about.Passage, about.Image = about.Passage || row.Passage != "", about.Image || row.Image != nil
		about.Audio, about.ChoiceImages = about.Audio || row.Audio != nil, about.ChoiceImages || len(row.ChoiceImages) > 0
		about.Truth = about.Truth || row.Truth != nil
	}
	media := func(ctx context.Context, hash string) (io.ReadCloser, error) {
		_, file, err := s.Media.Open(ctx, hash)
		return file, err
	}
	return interchange.Export(ctx, out, format, media, about, rows)
}

// labeled yields the rows of a dataset by their keys.
func (s *Server) labeled(ctx context.Context, d *labeling.Dataset) interchange.Labeled {
	return func(yield func(*labeling.Labeled, error) bool) {
		for page := (tasknet.Page{Limit: exportPage}); ; {
			rows, next, err := s.Stores.Datasets().DatasetRows(ctx, d.ID, page)
			if err != nil {
				yield(nil, err)
				return
			}
			tasks, err := s.Stores.Datasets().TasksOf(ctx, rows)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range rows {
				row, err := d.Labeled(&rows[i], tasks[i])
				if !yield(row, err) || err != nil {
					return
				}
			}
			if next == "" {
				return
			}
			page.After = next
		}
	}
}
