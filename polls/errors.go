package polls

import "github.com/tasknet/tasknet"

// Errors that answering, assigning and looking up report.
var (
	ErrNoQuestion     = tasknet.NewError(tasknet.NotFound, "no_such_question", "There is no such question, or it is not yours; check the id.")
	ErrNoAssignment   = tasknet.NewError(tasknet.NotFound, "no_such_assignment", "There is no such assignment; take one first.")
	ErrNotYours       = tasknet.NewError(tasknet.Forbidden, "assignment_not_yours", "This assignment belongs to somebody else; take one of your own.")
	ErrWrongQuestion  = tasknet.NewError(tasknet.Invalid, "wrong_question", "The assignment is for another question; send the question it names.")
	ErrClosed         = tasknet.NewError(tasknet.Conflict, "question_closed", "The question closed before this answer arrived, so it is not paid; take the next one.")
	ErrAnswered       = tasknet.NewError(tasknet.Conflict, "already_answered", "You have answered this question, and an answer cannot be changed.")
	ErrSkipped        = tasknet.NewError(tasknet.Conflict, "assignment_skipped", "This assignment was skipped; take another one.")
	ErrNoSuchChoice   = tasknet.NewError(tasknet.Invalid, "no_such_choice", "The question has no such choice; send an index into its choices, from 0.")
	ErrWrongKind      = tasknet.NewError(tasknet.Invalid, "wrong_kind", "A question of this type is answered by the other one of choice and value; -1 as the choice says for every type that you cannot tell.")
	ErrBadSignature   = tasknet.NewError(tasknet.Forbidden, "bad_signature", "The signature does not fit this answer and device; sign the question's hash again.")
	ErrUnknownDevice  = tasknet.NewError(tasknet.Forbidden, "unknown_device", "This device key is not registered; register it with its wallet first.")
	ErrDeviceEnded    = tasknet.NewError(tasknet.Forbidden, "device_ended", "The wallet's delegation of this device has expired or was revoked; register the device again.")
	ErrBadAnswer      = tasknet.NewError(tasknet.Invalid, "bad_answer", "The nonce must be 32 hex digits, and time_ms a time within a year of now.")
	ErrNoAnswer       = tasknet.NewError(tasknet.NotFound, "no_such_answer", "There is no such answer; check the id.")
	ErrNotAvailable   = tasknet.NewError(tasknet.Conflict, "question_not_available", "This question cannot be taken now: it is closed, you have had it, enough people are answering it, or it is for other people first.")
	ErrCapped         = tasknet.NewError(tasknet.Conflict, "pay_pending", "Much of your pay waits until some of your answers could be checked; until then you get other questions. Your earnings say when that is at the latest.")
	ErrMostTasks      = tasknet.NewError(tasknet.Conflict, "most_tasks_taken", "You have had as many tasks of this project as one person may; the others are for other people.")
	ErrNoRespondent   = tasknet.NewError(tasknet.NotFound, "no_such_respondent", "There is no such respondent; register first.")
	ErrBadDelegation  = tasknet.NewError(tasknet.Invalid, "bad_delegation", "The wallet's signature does not fit this delegation; sign it again for this instance and chain.")
	ErrBadProof       = tasknet.NewError(tasknet.Invalid, "bad_proof", "The device's signature does not fit; sign the registration with the device key.")
	ErrDelegationTime = tasknet.NewError(tasknet.Invalid, "bad_delegation_time", "The delegation must be issued in the last day, expire later than now, and last at most two years.")
	ErrDeviceTaken    = tasknet.NewError(tasknet.Conflict, "device_taken", "This device key belongs to another wallet; make a new one.")
	ErrNoKey          = tasknet.NewError(tasknet.Unauthenticated, "bad_api_key", "The API key is unknown or revoked; make another with tasknet serve --new-key.")
	ErrNoOrg          = tasknet.NewError(tasknet.NotFound, "no_such_org", "There is no such organisation.")
)
