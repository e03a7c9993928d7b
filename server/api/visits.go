package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// offeredEvent is the kind of event that is told to people and not kept.
const offeredEvent pipeline.EventKind = "question.offered"

func (s *Server) visitRoutes() {
	mine := op(http.MethodGet, "/v1/me/events", tagMe, "my-events", "Hear of questions while the app is open")
	mine.Description = "Server-sent events. While the stream is open the person is here, and is not woken by a push; question.offered (an Offer) says that " +
		"there is something for them to take. Some may be lost; who hears none for a minute may ask for assignments."
	mine.Security = []map[string][]string{{schemeToken: {}}}
	mine.Responses["200"] = &huma.Response{Description: "A stream that stays open", Content: map[string]*huma.MediaType{mimeEvents: {Schema: &huma.Schema{Type: huma.TypeString}}}}
	s.plain(mine, s.myEvents)
	s.schema(reflect.TypeFor[wire.Offer]())
}

func (s *Server) myEvents(c *fiber.Ctx) error {
	who, err := s.respondent(c)
	if err != nil {
		return err
	}
	token := bearer(c)
	allowed := func(ctx context.Context) error {
		_, err := s.holder(ctx, token)
		return err
	}
	if err := s.Stores.Subscriptions().Visited(c.UserContext(), who.id, s.Now()); err != nil {
		return err
	}
	visit := s.Presence.Visit(who.id)
	return s.sendTo(c, string(who.id), s.Limits.Visits, allowed, visit, func(ctx context.Context, out *eventWriter) error {
		return followVisit(ctx, out, visit)
	})
}

// followVisit sends what somebody is offered.
func followVisit(ctx context.Context, out *eventWriter, visit *cache.Visit) error {
	beat := time.NewTimer(time.Until(out.due))
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-visit.Ended():
			return cache.ErrHubClosed
		case question := <-visit.Offers():
			if err := out.event("", offeredEvent, wire.Offer{Question: string(question)}); err != nil {
				return err
			}
		case <-beat.C:
			if err := out.heartbeat(ctx); err != nil {
				return err
			}
			beat.Reset(time.Until(out.due))
		}
	}
}
