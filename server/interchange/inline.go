package interchange

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/tasknet/tasknet/labeling"
)

// inline takes images and clips out of a row that has them in itself, as data: addresses (RFC 2397) in base 64, and leaves
// short names that lead to them.
func inline(row *labeling.TaskRow) {
	inside := map[string]string{}
	for place, s := range map[string]*string{"image": &row.Image, "audio": &row.Audio} {
		take(inside, place, s)
	}
	for i := range row.ChoiceImages {
		take(inside, fmt.Sprintf("choice image %d", i+1), &row.ChoiceImages[i])
	}
	if len(inside) == 0 {
		return
	}
	outside := row.File
	row.File = func(ctx context.Context, name string) ([]byte, error) {
		if text, ok := inside[name]; ok {
			body, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, errInline
			}
			return body, nil
		}
		if outside == nil {
			return nil, errNoFile
		}
		return outside(ctx, name)
	}
}

func take(inside map[string]string, place string, s *string) {
	head, text, ok := strings.Cut(*s, ";base64,")
	if !ok || !strings.HasPrefix(head, "data:") {
		return
	}
	name := "inline " + place
	inside[name] = text
	*s = name
}
