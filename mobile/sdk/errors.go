package sdk

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"github.com/tasknet/tasknet"
)

// Error is why a call failed. In Java and Swift only its text arrives, which begins with the code and a colon: ErrorCode and
// ErrorText take it apart.
type Error struct {
	kind tasknet.Kind
	code string
	text string
	why  error // nil when there is nothing below
}

// Code is for programs, as question_closed: that of the server's problem document, or one of the SDK.
func (e *Error) Code() string { return e.code }

// Kind says whose fault it is, as unavailable: see the kinds of package tasknet.
func (e *Error) Kind() string { return string(e.kind) }

// Text is a sentence for the person.
func (e *Error) Text() string { return e.text }

func (e *Error) Error() string { return e.code + ": " + e.text }

// Unwrap returns what was the cause.
func (e *Error) Unwrap() error { return e.why }

// Is makes two errors with the same code equal.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.code == e.code
}

// ErrorCode returns the code of an error by its text. It is empty when the text is not that of an error of this package.
func ErrorCode(text string) string {
	code, _, ok := strings.Cut(text, ": ")
	if !ok || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
		return ""
	}
	return code
}

// ErrorText returns the sentence for the person by the text of an error.
func ErrorText(text string) string { return strings.TrimPrefix(text, ErrorCode(text)+": ") }

// Errors of the SDK itself.
var (
	errClosed     = newError(tasknet.Conflict, "closed", "The session is closed; open it again.")
	errCancelled  = newError(tasknet.Conflict, "cancelled", "This was cancelled.")
	errInUse      = newError(tasknet.Conflict, "in_use", "Another session uses this folder; close it first.")
	errDiskFull   = newError(tasknet.Unavailable, "disk_full", "There is no room left on this device, so nothing was kept; make some and try again.")
	errNoLease    = newError(tasknet.NotFound, "no_such_assignment", "This assignment is not held here any more; take another one.")
	errAnswered   = newError(tasknet.Conflict, "already_answered", "You have answered this question, and an answer cannot be changed.")
	errOffline    = newError(tasknet.Unavailable, "never_online", "This device has not reached the server yet; go online once.")
	errKeys       = newError(tasknet.Invalid, "bad_keys", "The keys in this device's store are damaged; restore the wallet from its backup.")
	errWallet     = newError(tasknet.Invalid, "bad_wallet_key", "A wallet's key is 64 hex digits.")
	errHasWallet  = newError(tasknet.Conflict, "wallet_exists", "There is another wallet on this device; back it up and delete it first.")
	errNoReceipt  = newError(tasknet.NotFound, "no_receipt", "There is no receipt of this assignment on this device.")
	errBadFile    = newError(tasknet.Internal, "damaged_file", "A kept answer cannot be read any more.")
	errTorn       = newError(tasknet.Internal, "torn_answer", "The app was stopped while an answer was being kept; give it once more.")
	errOtherPlace = newError(tasknet.Conflict, "other_instance", "This server has been set up anew since you answered, so the answer does not count here.")
	errGiven      = newError(tasknet.Invalid, "bad_answer", "What is said is a choice or a value, and is held back for a minute at most.")
	errTooLate    = newError(tasknet.Conflict, "too_late", "It was sent already, so it is final.")
	errPlace      = newError(tasknet.Invalid, "bad_place", "A device is woken at one place, of Firebase or of Web Push.")
	errNotOnChain = newError(tasknet.Invalid, "log_unanchored", "The epoch that the server shows is not the one on chain, or contradicts itself; the next looks into the log tell whether it stays so.")
	errNode       = newError(tasknet.Invalid, "bad_node", "A node of the chain has an address that begins with https://.")
	errPage       = newError(tasknet.Invalid, "bad_page", "A page has 1 to 200 entries.")
	errTaste      = newError(tasknet.Invalid, "bad_taste", "A taste is reads, avoids and likes, each a list of names.")
	errWishes     = newError(tasknet.Invalid, "bad_wishes", "Wishes are languages, types, avoids, least, quiet and per_day, as the server tells them.")
	errWaiting    = newError(tasknet.Conflict, "answers_wait", "Answers wait on this device and would be lost; go online, so that they are sent, and try again.")
	errNotRemoved = newError(tasknet.Unavailable, "not_removed", "The server has erased its part, but this device could not remove all that it keeps; that is done when the app is started again.")
)

func newError(kind tasknet.Kind, code, text string) *Error {
	return &Error{kind: kind, code: code, text: text}
}

// typed returns an error as callers get it.
func typed(err error) error {
	if err == nil {
		return nil
	}
	return describe(err)
}

func describe(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	as := func(e *Error) *Error { return &Error{e.kind, e.code, e.text, err} }
	switch {
	case errors.Is(err, context.Canceled):
		return as(errCancelled)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return as(errDiskFull)
	}
	if e, ok := errors.AsType[*tasknet.Error](err); ok {
		return &Error{e.Kind, e.Code, e.Message, err}
	}
	return &Error{tasknet.Internal, "failed", err.Error(), err}
}
