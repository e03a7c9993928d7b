package api

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// benchRoutes adds what the path of answers is measured against, when Deps.Bare is set: one address at which an answer is
// read and kept without any rule, and one at which it is only read. Both reply with as much as the real one does. And two that
// stop the public log and have it go on, and one that tells how many goroutines there are.
func (s *Server) benchRoutes() {
	if s.Bare == nil {
		return
	}
	now := s.Now().UTC()
	body := appendAccepted(nil, s.logName, &polls.Recorded{
		Answer:  polls.Answer{ID: polls.AnswerID(tasknet.NewID(polls.AnswerPrefix, now)), AcceptedAt: now.Truncate(time.Millisecond)},
		Receipt: polls.Receipt{ID: polls.ReceiptID(tasknet.NewID(polls.ReceiptPrefix, now)), At: now, Size: 64, Path: make([][32]byte, 6)},
		Pays:    s.DefaultPrice,
	})
	s.app.Post("/bench/bare", func(c *fiber.Ctx) error {
		in, ok := scanAnswer(c.Request().Body())
		if !ok {
			return errBadAnswerJSON
		}
		if err := s.Bare(c.UserContext(), in.Question, in.Device, *in.Choice); err != nil {
			return err
		}
		return accept(c, body)
	})
	for path, held := range map[string]bool{"/bench/log/off": true, "/bench/log/on": false} {
		s.app.Post(path, func(c *fiber.Ctx) error {
			if err := s.HoldLog(c.UserContext(), held); err != nil {
				return err
			}
			return accept(c, []byte("{}"))
		})
	}
	s.app.Get("/bench/goroutines", func(c *fiber.Ctx) error { return c.SendString(strconv.Itoa(runtime.NumGoroutine())) })
	s.app.Post("/bench/null", func(c *fiber.Ctx) error {
		if _, ok := scanAnswer(c.Request().Body()); !ok {
			return errBadAnswerJSON
		}
		return accept(c, body)
	})
}

func accept(c *fiber.Ctx, body []byte) error {
	c.Response().Header.SetContentType(fiber.MIMEApplicationJSON)
	c.Response().SetBodyRaw(body)
	c.Status(http.StatusCreated)
	return nil
}
