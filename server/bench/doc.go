// Package bench measures the path of answers: how many signed answers a server makes durable in a second, against the
// same server keeping unsigned ones without any rule, and against it doing nothing. The three take turns in one run, so
// that whatever else the machine does hits all of them. It also measures how long a server takes to start, and how
// long it takes to verify the records of an instance that never was.
package bench
