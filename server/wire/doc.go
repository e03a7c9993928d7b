// Package wire holds the JSON types of TaskNet's HTTP API, as the server writes them and clients read them. It is the
// only description of the format: the OpenAPI document is generated from it. It does no I/O and knows no domain.
//
// Amounts are decimal strings of whole tokens ("0.018"), times are RFC 3339 in UTC with milliseconds, hashes and keys
// are lower-case hex, and integers stay under 2^53.
package wire
