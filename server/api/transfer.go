package api

import (
	"crypto/rand"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// errTransferBytes refuses a transfer of another length: what is measured is to be the same everywhere.
var errTransferBytes = tasknet.NewError(tasknet.Invalid, "bad_transfer", "A transfer that is measured has 262,144 bytes.")

// transferBlock is what a node reads to measure its network. It is random: something on the way may compress.
var transferBlock = sync.OnceValue(func() []byte {
	block := make([]byte, compute.TransferBytes)
	rand.Read(block) // never fails
	return block
})

func (s *Server) transferRoutes() {
	binary := map[string]*huma.MediaType{fiber.MIMEOctetStream: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	down := op(http.MethodGet, "/v1/nodes/transfer", tagCompute, "transfer-down", "Get bytes, to measure how fast they come")
	down.Description = "262,144 random bytes. A device may do this and the next 64 times at once, and then once a second."
	down.Security = []map[string][]string{{schemeToken: {}}}
	down.Responses["200"] = &huma.Response{Description: "OK", Content: binary}
	s.plain(down, func(c *fiber.Ctx) error {
		if err := s.measuring(c); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
		return c.Send(transferBlock())
	})
	up := op(http.MethodPut, "/v1/nodes/transfer", tagCompute, "transfer-up", "Send bytes, to measure how fast they go")
	up.Description = "262,144 bytes of any kind, which nobody looks at."
	up.Security = []map[string][]string{{schemeToken: {}}}
	up.RequestBody = &huma.RequestBody{Required: true, Content: binary}
	up.Responses["204"] = &huma.Response{Description: "They are here"}
	s.plain(up, func(c *fiber.Ctx) error {
		if err := s.measuring(c); err != nil {
			return err
		}
		if len(c.Request().Body()) != compute.TransferBytes {
			return errTransferBytes
		}
		return c.SendStatus(http.StatusNoContent)
	})
}

// measuring counts a transfer of a device.
func (s *Server) measuring(c *fiber.Ctx) error {
	who, err := s.device(c)
	if err != nil {
		return err
	}
	return take(c.UserContext(), s.limits.transfers, who.device.String())
}
