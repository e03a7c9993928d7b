package polls

import (
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
)

// ReadsMax is how many languages somebody may say that they read.
const ReadsMax = 20

var errReads = tasknet.NewError(tasknet.Invalid, "bad_languages", `Give at most 20 languages as BCP 47 tags, such as "en" or "pt-BR".`)

// Language returns the language of a BCP 47 tag without its script, region and variants: "pt" of "pt-BR". A tag has parts
// of 1 to 8 letters and digits, the first of 2 or 3 letters, as the codes of all languages have that there are; whether there
// is such a language is not looked up.
func Language(tag string) (language string, ok bool) {
	for i, part := range strings.Split(tag, "-") {
		if len(part) == 0 || len(part) > 8 || i == 0 && (len(part) < 2 || len(part) > 3) {
			return "", false
		}
		for _, c := range []byte(part) {
			letter := c|0x20 >= 'a' && c|0x20 <= 'z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return "", false
			}
		}
		if i == 0 {
			language = strings.ToLower(part)
		}
	}
	return language, true
}

// Languages returns the languages of tags, each once and sorted, or an error when there are more than ReadsMax or one is no
// tag. Who reads a language is taken to read all its regions and scripts.
func Languages(tags []string) ([]string, error) {
	if len(tags) > ReadsMax {
		return nil, errReads
	}
	out := make([]string, len(tags))
	for i, tag := range tags {
		var ok bool
		if out[i], ok = Language(tag); !ok {
			return nil, errReads
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
