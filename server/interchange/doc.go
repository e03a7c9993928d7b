// Package interchange reads files that others made, and writes files for others.
//
// Recorded answers, and what is true, come in as CSV, tab-separated text, JSON lines and Parquet. Names of tasks, workers and
// labels become numbers in the order of the names, so that what is computed of a file does not depend on the order of its
// rows.
//
// Tasks come in as those, as Label Studio's and COCO's JSON, and as images and clips in archives and folders: row by row, so
// that a file may be larger than memory. Nothing in a file is believed: not its sizes, not its names, and not that it ends.
//
// Datasets go out as Parquet with a card, JSON lines, CSV of raw answers, Label Studio's JSON and COCO's, row by row too.
//
// A row that cannot be read is reported with its line and never left out in silence; what to do about it is up to the caller.
package interchange
