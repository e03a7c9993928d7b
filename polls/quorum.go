package polls

// State is what a Stopper remembers of a question's answers: bytes that only it reads, stored with the question. Nil
// is the state before the first answer.
type State []byte

// Vote is what a Stopper sees of an answer.
type Vote struct {
	Respondent RespondentID
	Choice     int   // or CannotTell
	Value      Value // as in Answer
	Erased     bool  // as in Answer: there was a value, which nobody knows any more
}

// Decision is what a Stopper says after an answer.
type Decision struct {
	Stop   bool
	Wanted int // how many more answers are expected to be needed; 0 when Stop
}

// Stopper decides that a question has enough answers. Step takes the state of a question and one more answer, and
// returns the new state. It is called inside the transaction that records the answer, so it must be fast, do no I/O,
// and depend on nothing but its arguments and the skill snapshot that weighs the question (see Question.WeighedBy): two servers, or a stranger
// a year later, get the same state to the bit. It never stops under the policy's Min and always stops at its Max.
type Stopper interface {
	Step(q *Question, state State, vote Vote) (State, Decision, error)
}
