package tasknet

import "errors"

// Kind says whose fault an error is and what can be done; the edge turns it into a status code.
type Kind string

// The kinds of error.
const (
	Internal        Kind = "internal"        // ours: logged whole, told to nobody
	Invalid         Kind = "invalid"         // the request makes no sense
	Unauthenticated Kind = "unauthenticated" // who is asking is not known
	Forbidden       Kind = "forbidden"       // known, and not allowed
	NotFound        Kind = "not_found"       // no such thing, or not yours to see
	Conflict        Kind = "conflict"        // the state of things does not allow it
	NoFunds         Kind = "no_funds"        // the account does not hold enough
	TooLarge        Kind = "too_large"       // over a size limit
	TooMany         Kind = "too_many"        // over a rate limit
	Unavailable     Kind = "unavailable"     // a dependency does not answer; try again
	NotSupported    Kind = "not_supported"   // this build or instance cannot do it
)

// Error is an error that a caller may see: a kind, a stable machine code, and one sentence saying what to do.
type Error struct {
	Kind    Kind
	Code    string
	Message string
}

// NewError returns an error of a kind. Packages keep theirs in variables, so that errors.Is tells them apart.
func NewError(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

func (e *Error) Error() string { return e.Message }

// Is makes two errors with the same code equal, so that one read from the wire matches the variable it came from.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Describe returns the *Error in err's chain, or an Internal one that says nothing of err.
func Describe(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return NewError(Internal, "internal", "Something failed on this server. It was logged; try again.")
}
