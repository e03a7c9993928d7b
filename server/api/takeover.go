package api

import (
	"net"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// takeOver has f answer a request when its handler is done, on a goroutine of its own, by writing to the connection, which is closed
// then. For as long as that lasts nothing is kept of the request: fasthttp has its buffers back, and the deep stack of handlers is
// gone. end is called once in any case: where the client is gone before f could begin, too.
func takeOver(c *fiber.Ctx, end func(), f func(net.Conn)) {
	over := c.Context().Conn()
	end = sync.OnceFunc(end)
	if counted, ok := over.(*conn); ok {
		counted.ended = end
	}
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(net.Conn) {
		go func() {
			defer over.Close()
			defer end()
			f(over)
		}()
	})
}
