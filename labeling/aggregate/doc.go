// Package aggregate makes one label, number, text or shape of what several people answered, with a confidence, and says
// how good each of them is. It is arithmetic alone: it reads and writes nothing, knows no question and no person but by
// number, and needs no truth. Results follow from the answers and the seed, whatever the order of the answers and the
// number of processors, to the bit on one architecture.
//
// Answers that choose a class are Votes: Fit applies a method to them, Auto chooses one, and Agree and Pairwise measure how
// much people agree. Answers that choose several options are Selections, which are votes on each. Answers of other kinds have
// functions with the kind's name in front: Pairs, Rankings, Numbers, Scales, Texts, Spans, Boxes, Polygons and Masks.
package aggregate
