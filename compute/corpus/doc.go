// Package corpus reads labeled files into what a model learns from: rows.jsonl of a dataset's export with its pictures beside it,
// tables of the same columns, and digits in the IDX format. It finds the classes, and turns pictures, texts and columns of numbers
// into the inputs of a model.
package corpus
