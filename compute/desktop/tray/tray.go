// Package tray shows an icon beside the computer's clock, with a menu, where the system has a place for one.
package tray

import (
	"strings"
	"unicode"
)

// Look is what an icon looks like.
type Look int

// The looks.
const (
	Waiting Look = iota // for work
	Working
	Paused  // it may not work now
	Trouble // its owner should look
)

// says is what a pointer over the icon is told. It is not what View says: some systems read this text as HTML, and of what is worked
// on others wrote the title.
func (l Look) says() string {
	return name + ": " + [...]string{"waiting for work", "working", "not working now", "needs you"}[l]
}

// name is what the icon is called.
const name = "TaskNet node"

// View is what an icon shows.
type View struct {
	Look   Look
	Says   string // what is done now, in a line
	Paused bool   // the menu has Resume, not Pause now
}

// Menu is what can be chosen. One is called at a time.
type Menu struct {
	Open  func()
	Pause func(pause bool)
	Quit  func()
}

// line is a line of the menu. Without a label it parts others.
type line struct {
	label string
	do    func() // nil: it cannot be chosen
}

// Places of lines. A click on the icon itself opens the page, too.
const (
	opens = iota + 2
	pauses
	quits
)

// lines are the lines of the menu: for each view as many, in the same order.
func (m *Menu) lines(v View) []line {
	pause := line{"Pause now", func() { m.Pause(true) }}
	if v.Paused {
		pause = line{"Resume", func() { m.Pause(false) }}
	}
	return []line{{label: oneLine(v.Says)}, {}, opens: {"Open the page", m.Open}, pauses: pause, quits: {"Quit", m.Quit}}
}

// labelMax is how many characters of a title a menu shows.
const labelMax = 80

// oneLine is a text as a line of a menu that is not too wide, whoever wrote it.
func oneLine(text string) string {
	clean := []rune(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r): // what turns the direction of writing is not
			return r
		}
		return -1
	}, text))
	if len(clean) > labelMax {
		clean = append(clean[:labelMax-1], '…')
	}
	return string(clean)
}
