// Package replay plays recorded answers of real people against a server, through its API and as signed devices, one for
// each of them: to measure how good and how fast an instance is, and to see that it loses nothing when it is killed on
// the way. What a replay does follows from its seed, so one that broke off is gone on with by starting it again.
package replay
