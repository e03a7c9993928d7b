package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// exportRows is how many rows of a person are read at a time.
const exportRows = 500

// aboutExport is what the file of a person says first of itself.
const aboutExport = "All that this server keeps of you, table by table, each with a sentence of what it is. Times are UTC; amounts are of the token; keys, hashes and signatures are hexadecimal. " +
	"Questions and verdicts are in the public records. A server's logs and the backups of its operator are not in here."

type eraseInput struct {
	ID   string `path:"id" doc:"The respondent's id"`
	Body wire.Erase
}

func (s *Server) personalRoutes() {
	file := op(http.MethodGet, "/v1/me/export", tagMe, "my-export", "All that is kept of me, as one JSON file")
	file.Description = "A file that does not parse was cut off: download it again."
	file.Security = []map[string][]string{{schemeToken: {}}}
	file.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}}}}
	s.plain(file, s.myExport)
	accuracy := op(http.MethodGet, "/v1/me/accuracy", tagMe, "my-accuracy", "How often I was right where the answer was known")
	accuracy.Description = "It tells nothing of questions that are open, so that nobody learns which of these have a known answer."
	forRespondent(s, accuracy, s.myAccuracy)
	erase := op(http.MethodPost, "/v1/respondents/{id}/erasure", tagMe, "erase", "Erase what can be erased of a person")
	erase.Description = "Wishes, what they avoid, where they are woken and when they were, and why they skipped what they skipped are removed; all their devices are ended. " +
		"So is what they typed as answers (of type text): the text, and the nonce and the signature, by which guesses could be tried on its leaf in the public log. Of an answer to a question that is open this is done when it closes, " +
		"before its record is public; it counts and is paid as any other. Answers of up to ten minutes after the statement's time are erased, too. " +
		"What stays is what others need to check and pay: all other answers, which name or mark something that the question shows, or a number of its range; that there was an answer, when, and its hash; verdicts, which are the requesters', " +
		"even where one has the very words of somebody; the devices' delegations, the ledger, and the statement itself, which is public with each answer that it erased. A dataset that was made before keeps its labels, and files that were saved before keep all; " +
		"files that are saved later lack what was erased. What they are owed enters the next epoch, however little it is. Again it changes nothing, but for answers that came in between."
	forAnybody(s, erase, s.erase)
}

func (s *Server) myExport(c *fiber.Ctx) error {
	who, err := s.respondent(c)
	if err != nil {
		return err
	}
	if err := s.startStream(string(who.id), s.Limits.Streams); err != nil { // nobody needs more than a requester's key may have
		return err
	}
	id := requestID(c.UserContext())
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="tasknet-%s.json"`, who.id))
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer s.endStream(string(who.id))
		err := s.writeExport(context.WithValue(s.base, requestKey{}, id), w, who.id)
		if err == nil {
			err = w.Flush()
		}
		if err != nil && s.base.Err() == nil {
			s.Log.Error("an export was cut off", "request_id", id, "error", err)
		}
	})
	return nil
}

// writeExport writes a person's file, as it reads it.
func (s *Server) writeExport(ctx context.Context, w *bufio.Writer, who polls.RespondentID) error {
	head, err := json.Marshal(map[string]any{"about": aboutExport, "instance": s.Instance, "token": s.Chain.Symbol, "at": s.Now().UTC().Format(time.RFC3339)})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s,\n\"tables\":[", head[:len(head)-1])
	for table := 0; ; table++ {
		part, err := s.Stores.Personal().Known(ctx, who, table, "", exportRows)
		if err != nil {
			return err
		}
		if part.Table == "" {
			break
		}
		said, err := json.Marshal(map[string]string{"about": part.About, "table": part.Table})
		if err != nil {
			return err
		}
		if table > 0 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprintf(w, "\n%s,\"rows\":[", said[:len(said)-1])
		if err := s.writeRows(ctx, w, who, table, part); err != nil {
			return err
		}
		fmt.Fprint(w, "]}")
	}
	_, err = w.WriteString("]}\n")
	return err
}

func (s *Server) writeRows(ctx context.Context, w *bufio.Writer, who polls.RespondentID, table int, part pipeline.Kept) (err error) {
	for separator := "\n"; ; {
		for _, row := range part.Rows {
			fields := make(map[string]any, len(row))
			for _, f := range row {
				fields[f.Name] = f.Value
			}
			raw, err := json.Marshal(fields)
			if err != nil {
				return err
			}
			fmt.Fprint(w, separator)
			if _, err := w.Write(raw); err != nil { // whoever asked has gone
				return err
			}
			separator = ",\n"
		}
		if part.Next == "" {
			return nil
		}
		if part, err = s.Stores.Personal().Known(ctx, who, table, part.Next, exportRows); err != nil {
			return err
		}
	}
}

// accuracyWeeks is how many weeks are told.
const accuracyWeeks = 26

func (s *Server) myAccuracy(ctx context.Context, who respondent, _ *empty) (*of[wire.Accuracy], error) {
	weeks, err := s.Stores.Personal().Checked(ctx, who.id)
	if err != nil {
		return nil, err
	}
	var out wire.Accuracy
	for _, w := range weeks {
		out.Known, out.Right = out.Known+w.Known, out.Right+w.Right
	}
	out.Low, out.High = interval(out.Right, out.Known)
	weeks = weeks[max(0, len(weeks)-accuracyWeeks):]
	out.Weeks = make([]wire.AccuracyWeek, len(weeks))
	for i, w := range weeks {
		out.Weeks[i] = wire.AccuracyWeek{Week: w.Week.Format(time.DateOnly), Known: w.Known, Right: w.Right}
		out.Weeks[i].Low, out.Weeks[i].High = interval(w.Right, w.Known)
	}
	return &of[wire.Accuracy]{out}, nil
}

// interval is Wilson's of a share, at 95 %: it holds for few answers, too, and is never certain.
func interval(right, known int) (low, high string) {
	if known == 0 {
		return "0", "1"
	}
	const z = 1.959964
	n := float64(known)
	p := float64(right) / n
	middle, wide := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	share := func(x float64) string { return strconv.FormatFloat(min(max(x/(1+z*z/n), 0), 1), 'f', 4, 64) }
	return share(middle - wide), share(middle + wide)
}

func (s *Server) erase(ctx context.Context, _ address, in *eraseInput) (*of[wire.Erased], error) {
	if err := tasknet.CheckID(polls.RespondentPrefix, in.ID); err != nil {
		return nil, err
	}
	signature, err := walletSignature(in.Body.Signature)
	if err != nil {
		return nil, err
	}
	done, err := s.Pipeline.Erase(ctx, polls.RespondentID(in.ID), time.Unix(in.Body.At, 0).UTC(), signature)
	if err != nil {
		return nil, err
	}
	for _, device := range done.Devices {
		s.Polls.Registered(device)
	}
	return &of[wire.Erased]{wire.Erased{Devices: len(done.Devices), Answers: done.Answers, Waiting: done.Waiting}}, nil
}
