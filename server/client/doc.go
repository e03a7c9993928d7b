// Package client talks to a TaskNet server: as a requester who asks, as a respondent who answers with keys of their own,
// and as anybody who reads the public records. It tries again what may be sent again, so that a server that restarts is
// a delay and not an error; it checks what a respondent signs and the receipts that come back. Phones and machines that
// compute are built on it, so it knows of no database, web framework or chain client.
package client
