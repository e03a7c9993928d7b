package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/tasknet/tasknet/server/bench"
)

// The area of the plot of pools, in an SVG of 640 by 400.
const (
	poolLeft, poolRight = 70.0, 610.0
	poolTop, poolFoot   = 50.0, 350.0
)

// poolTimes are the times that lines across are drawn for.
var poolTimes = []struct {
	seconds float64
	text    string
}{{10, "10 s"}, {60, "1 min"}, {600, "10 min"}, {3600, "1 h"}, {6 * 3600, "6 h"}, {24 * 3600, "1 day"}, {7 * 24 * 3600, "7 days"}, {30 * 24 * 3600, "30 days"}}

// poolPlot draws how long questions take by the size of the pool, both on scales of logarithms: with people woken and without,
// the median as a line and 95 of 100 as a broken one.
func poolPlot(rows []bench.Pool) string {
	least, longest := math.Inf(1), 0.0
	for _, r := range rows {
		least, longest = min(least, max(r.P50, 1)), max(longest, r.P95)
	}
	from, to := 10.0, 60.0
	for _, t := range poolTimes {
		if t.seconds <= least {
			from = t.seconds
		}
		if to < longest {
			to = t.seconds
		}
	}
	first, last := rows[0].People, rows[len(rows)-1].People
	x := func(people int) float64 {
		if first == last {
			return (poolLeft + poolRight) / 2
		}
		return poolLeft + (poolRight-poolLeft)*math.Log(float64(people)/float64(first))/math.Log(float64(last)/float64(first))
	}
	y := func(seconds float64) float64 {
		return poolFoot - (poolFoot-poolTop)*math.Log(max(seconds, from)/from)/math.Log(to/from)
	}
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" font-family="sans-serif" font-size="13" role="img">
<title>Time to the last answer needed, by the size of the pool</title>
<rect width="640" height="400" fill="#fff"/>
`)
	for _, t := range poolTimes {
		if t.seconds >= from && t.seconds <= to {
			fmt.Fprintf(&b, `<path d="M%g %.1fH%g" stroke="#ddd"/><text x="%g" y="%.1f" text-anchor="end" fill="#444">%s</text>`+"\n", poolLeft, y(t.seconds), poolRight, poolLeft-8, y(t.seconds)+4, t.text)
		}
	}
	for i := 0; i < len(rows); i += 2 {
		fmt.Fprintf(&b, `<text x="%.1f" y="%g" text-anchor="middle" fill="#444">%s</text>`+"\n", x(rows[i].People), poolFoot+20, shortCount(rows[i].People))
	}
	fmt.Fprintf(&b, `<text x="%g" y="%g" text-anchor="middle" fill="#444">people in the pool</text>`+"\n", (poolLeft+poolRight)/2, poolFoot+40)
	place := poolLeft
	for _, line := range []struct {
		warm   bool
		tail   bool
		color  string
		dashes string
		name   string
	}{
		{true, false, "#0a6b4f", "", "woken, median"},
		{true, true, "#0a6b4f", "5 4", "woken, 95 of 100"},
		{false, false, "#b4531a", "", "not woken, median"},
		{false, true, "#b4531a", "5 4", "not woken, 95 of 100"},
	} {
		var points []string
		for _, r := range rows {
			if r.Warm == line.warm {
				seconds := r.P50
				if line.tail {
					seconds = r.P95
				}
				points = append(points, fmt.Sprintf("%.1f,%.1f", x(r.People), y(seconds)))
			}
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s"/>`+"\n", strings.Join(points, " "), line.color, line.dashes)
		fmt.Fprintf(&b, `<path d="M%g 24h18" stroke="%s" stroke-width="2" stroke-dasharray="%s"/><text x="%g" y="28" font-size="11" fill="#222">%s</text>`+"\n", place, line.color, line.dashes, place+22, line.name)
		place += 137
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// shortCount writes a number of people as one reads it on an axis.
func shortCount(n int) string {
	switch {
	case n >= 1_000_000 && n%100_000 == 0:
		return fmt.Sprintf("%g M", float64(n)/1e6)
	case n >= 1000 && n%100 == 0:
		return fmt.Sprintf("%g k", float64(n)/1e3)
	}
	return fmt.Sprint(n)
}
