package main

import (
	"fmt"
	"strconv"
	"strings"
)

// units are what sizes are written in, the longest names first.
var units = []struct {
	name  string
	bytes int64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// size is a flag that holds a number of bytes.
type size int64

func (s *size) String() string {
	if s == nil || *s == 0 {
		return ""
	}
	for _, u := range units {
		if int64(*s)%u.bytes == 0 {
			return strconv.FormatInt(int64(*s)/u.bytes, 10) + u.name
		}
	}
	return ""
}

func (s *size) Set(text string) error {
	for _, u := range units {
		if digits, ok := strings.CutSuffix(text, u.name); ok {
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil || n < 1 || n > (1<<62)/u.bytes {
				break
			}
			*s = size(n * u.bytes)
			return nil
		}
	}
	return fmt.Errorf("a size is a whole number with KiB, MiB, GiB or TiB, such as 64GiB")
}

func (*size) Type() string { return "size" }

// shownSize writes a number of bytes for people.
func shownSize(n int64) string {
	for _, u := range units[:len(units)-1] {
		if n >= u.bytes {
			return fmt.Sprintf("%.1f %s", float64(n)/float64(u.bytes), u.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}
