// Package interchange reads recorded answers, and what is true, from files that others made: CSV, tab-separated text, JSON
// lines and Parquet. Names of tasks, workers and labels become numbers in the order of the names, so that what is computed
// of a file does not depend on the order of its rows. A row that cannot be read is reported with its line and never left
// out in silence; what to do about it is up to the caller.
package interchange
