// Package tasknet is the kernel of TaskNet: the identifiers, amounts, errors and canonical bytes that every domain
// shares. It uses the standard library only, does no I/O, and holds nothing that a single domain could keep to itself.
package tasknet
