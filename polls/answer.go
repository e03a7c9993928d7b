package polls

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// Answer is one person's answer to one question: signed by their device, never changed.
type Answer struct {
	ID         AnswerID
	Question   QuestionID
	Assignment AssignmentID
	Respondent RespondentID
	Device     DeviceKey
	Choice     int    // an index into the question's choices, or CannotTell; 0 when there is a value
	Value      Value  // of a question whose answers are no choices
	Nonce      string // 32 hex digits
	ClientMS   int64  // the device's clock, Unix milliseconds; advisory
	Signature  [64]byte
	AcceptedAt time.Time // the server's clock, whole milliseconds; orders everything
	Hash       [32]byte  // tasknet/answer-record/v1
	Receipt    ReceiptID // of the commit that recorded it
	Index      int       // its leaf in that receipt's tree
	Place      int       // which answer to its question it is: 0, 1, 2, ...; clocks may differ, this does not

	// Erased says that the value, the nonce and the signature were removed by the respondent's wish (Erasure), once the question
	// was closed. All else is as it was, so that the answer still has its leaf in the public log.
	Erased bool
}

// digestRoom is more than what is hashed of an answer that is a choice. As a constant it keeps the bytes off the heap.
const digestRoom = 1024

// Digest returns tasknet/answer/v1, the 32 bytes that the device signs for an answer to the question with this hash.
// It equals tasknet.Hash over the same fields; all of them are free of characters that JSON would escape, so the
// canonical form is written directly, which the path of every answer needs. It has a choice or a value, never both.
func (a *Answer) Digest(instance, questionHash string) [32]byte {
	b := append(make([]byte, 0, digestRoom), "tasknet/answer/v1\n{\"assignment\":\""...)
	b = append(b, a.Assignment...)
	b = a.appendChoice(append(b, '"'))
	b = append(b, ",\"instance\":\""...)
	b = append(b, instance...)
	b = append(b, "\",\"nonce\":\""...)
	b = append(b, a.Nonce...)
	b = append(b, "\",\"question\":\""...)
	b = append(b, questionHash...)
	b = append(b, "\",\"time_ms\":"...)
	b = strconv.AppendInt(b, a.ClientMS, 10)
	b = append(a.appendValue(b), '}')
	return sha256.Sum256(b)
}

// RecordHash returns tasknet/answer-record/v1: what a receipt promises to keep. The signature in it is unknown to
// everybody else while the question is open, so the hash tells nothing of the choice.
func (a *Answer) RecordHash(instance, questionHash string) [32]byte {
	b := append(make([]byte, 0, digestRoom), "tasknet/answer-record/v1\n{\"answer\":\""...)
	b = append(b, a.ID...)
	b = append(b, "\",\"assignment\":\""...)
	b = append(b, a.Assignment...)
	b = append(b, "\",\"at_ms\":"...)
	b = strconv.AppendInt(b, a.AcceptedAt.UnixMilli(), 10)
	b = a.appendChoice(b)
	b = append(b, ",\"device\":\""...)
	b = hex.AppendEncode(b, a.Device[:])
	b = append(b, "\",\"instance\":\""...)
	b = append(b, instance...)
	b = append(b, "\",\"nonce\":\""...)
	b = append(b, a.Nonce...)
	b = append(b, "\",\"question\":\""...)
	b = append(b, questionHash...)
	b = append(b, "\",\"respondent\":\""...)
	b = append(b, a.Respondent...)
	b = append(b, "\",\"signature\":\""...)
	b = hex.AppendEncode(b, a.Signature[:])
	b = append(b, "\",\"time_ms\":"...)
	b = strconv.AppendInt(b, a.ClientMS, 10)
	b = append(a.appendValue(b), '}')
	return sha256.Sum256(b)
}

// appendChoice writes the choice of an answer that has one, where it stands among the fields.
func (a *Answer) appendChoice(b []byte) []byte {
	if a.Value != "" {
		return b
	}
	return strconv.AppendInt(append(b, ",\"choice\":"...), int64(a.Choice), 10)
}

// appendValue writes the value of an answer that has one, which is canonical as it is and comes last among the fields.
func (a *Answer) appendValue(b []byte) []byte {
	if a.Value == "" {
		return b
	}
	return append(append(b, ",\"value\":"...), a.Value...)
}

// same reports whether two answers say the same thing with the same signature, as a resent one does.
func (a *Answer) same(b *Answer) bool {
	return a.Assignment == b.Assignment && a.Device == b.Device && a.Choice == b.Choice && a.Value == b.Value && a.Nonce == b.Nonce &&
		a.ClientMS == b.ClientMS && a.Signature == b.Signature
}
