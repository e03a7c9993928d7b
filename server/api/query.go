package api

import (
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
)

// checkQuery refuses a request with a query parameter that its operation does not have. One that is misspelt would
// otherwise be as if it were left out, and a list that was to be filtered would hold everything.
func checkQuery(c *fiber.Ctx, o *huma.Operation) error {
	if len(c.Request().URI().QueryString()) == 0 {
		return nil
	}
	known := make(map[string]bool)
	var names []string
	for _, p := range o.Parameters {
		if p.In == "query" {
			known[p.Name] = true
			names = append(names, p.Name)
		}
	}
	for name := range c.Context().QueryArgs().All() {
		if !known[string(name)] {
			return unknownParameter(string(name), names)
		}
	}
	return nil
}

func unknownParameter(name string, known []string) error {
	const shown = 40
	if len(name) > shown {
		name = strings.ToValidUTF8(name[:shown], "") + "..."
	}
	takes := "this address takes none"
	if len(known) > 0 {
		takes = "this address takes " + strings.Join(known, ", ")
	}
	return tasknet.NewError(tasknet.Invalid, "unknown_parameter", fmt.Sprintf("There is no query parameter %q here; %s.", name, takes))
}
