// Package fusion makes one answer of several that mark regions of an image or pieces of a text, to many tasks together: it
// brings answers as package polls has them into the form of package aggregate, which learns whose regions are to be
// trusted, and what comes of them back. Coordinates are whole pixels, or positions in a text. It does no I/O.
package fusion
