package machine

import (
	"regexp"
	"strconv"
	"strings"
)

// parsePmset reads what "pmset -g batt" of macOS says.
func parsePmset(said string) Answer {
	switch {
	case strings.Contains(said, "'AC Power'"):
		return Yes
	case strings.Contains(said, "'Battery Power'"), strings.Contains(said, "'UPS Power'"):
		return No
	}
	return Unknown
}

var idleTime = regexp.MustCompile(`"HIDIdleTime" = (\d+)`)

// parseIoreg reads for how long nobody used keyboard or mouse, of what ioreg of macOS says of them. It is in nanoseconds.
func parseIoreg(said string) *int64 {
	found := idleTime.FindStringSubmatch(said)
	if found == nil {
		return nil
	}
	ns, err := strconv.ParseInt(found[1], 10, 64)
	if err != nil {
		return nil
	}
	s := ns / 1e9
	return &s
}
