package compute

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"

	"github.com/tasknet/tasknet"
)

// Hidden is the part of a training's data that no node gets, by which its model is accepted or not. Which tasks are in it was drawn
// by the job's seed from all of the data's that have labels; all examples of a task are on one side.
type Hidden struct {
	Tasks  int        `json:"tasks"`            // that have labels, in the data that the requester gave
	Held   int        `json:"held"`             // of them, that are hidden
	Data   ArtefactID `json:"data"`             // the hidden rows, in the order in which they were drawn
	Labels ArtefactID `json:"labels,omitempty"` // of IDX pictures
	Marks  [32]byte   `json:"marks"`            // SHA-256 of Secret.Marks
	Drawn  [32]byte   `json:"drawn"`            // likewise of those of the hidden tasks, in the order in which they were drawn
	Guess  [32]byte   `json:"guess"`            // SHA-256 of Secret.Guess
}

// Secret is what is told of a hidden part once its job is settled, but for the salt, which its requester alone learns.
type Secret struct {
	Salt  [32]byte
	Marks []byte // of each task that has labels, in the data's order: MarkSize bytes that name it to who has the salt
	Guess Losses // of the hidden tasks, when all that is said is how frequent each class is in what the nodes got
}

// MarkSize is how many bytes of a hash name a task.
const MarkSize = 8

// Limits of hidden parts.
const (
	hiddenShare = 10 // one task in so many
	hiddenLeast = 100
	hiddenMost  = 1000

	// HiddenTasks is how many tasks with labels data have at least of which some are hidden: of fewer, too many would be lost to learning.
	HiddenTasks = 500

	// HiddenBytes is how long files may be of which some rows are hidden.
	HiddenBytes = 64 << 20

	hiddenOperations int64 = 50e9    // that a server spends on a model: some ten seconds
	hiddenMemory     int64 = 1 << 30 // that a model may need
)

// Unjudged is why a training's model is not judged by tasks that no node had. Replicas and audits of it are compared all the same.
type Unjudged string

// The reasons.
const (
	FewTasks   Unjudged = "few_tasks"   // fewer than HiddenTasks have labels
	LargeData  Unjudged = "large_data"  // more than HiddenBytes
	LargeModel Unjudged = "large_model" // to ask it takes more than a server spends on that
	Unreadable Unjudged = "unreadable"  // the data are not what a training reads; the nodes will say so
	NotHere    Unjudged = "not_here"    // the server judges no models, or the job was made before it did
)

// HeldOf returns how many of so many tasks that have labels are hidden from who trains a model: one in ten, at least 100 and at most
// 1,000; or why none is.
func (p *Plan) HeldOf(tasks int) (held int, why Unjudged) {
	if tasks < HiddenTasks {
		return 0, FewTasks
	}
	_, held = HeldAllowed(tasks)
	if affordable := hiddenOperations / max(p.MulAdds, 1); int64(held) > affordable {
		held = int(affordable)
	}
	if held < hiddenLeast || p.Memory > hiddenMemory {
		return 0, LargeModel
	}
	return held, ""
}

// HeldAllowed returns how many of so many tasks are hidden at the least and at the most: fewer where the model is large.
func HeldAllowed(tasks int) (least, most int) {
	return hiddenLeast, min(max(tasks/hiddenShare, hiddenLeast), hiddenMost)
}

// Mark names a task to who has the salt.
func (s *Secret) Mark(task string) []byte {
	h := sha256.New()
	h.Write(s.Salt[:])
	h.Write([]byte(task))
	return h.Sum(nil)[:MarkSize]
}

// Drawn returns the marks of the tasks that a seed hides, in the order in which it draws them.
func Drawn(seed [32]byte, marks []byte, held int) []byte {
	out := make([]byte, 0, held*MarkSize)
	for _, i := range DrawHidden(seed, marks, held) {
		out = append(out, marks[i*MarkSize:(i+1)*MarkSize]...)
	}
	return out
}

// DrawHidden returns which of the tasks with these marks a seed hides, by number, in the order in which it draws them: those whose
// SHA-256 of "tasknet/hidden-draw/v1", the seed and the mark are the least.
func DrawHidden(seed [32]byte, marks []byte, held int) []int {
	type place struct {
		at   [sha256.Size]byte
		task int
	}
	places := make([]place, len(marks)/MarkSize)
	salted := append([]byte("tasknet/hidden-draw/v1"), seed[:]...)
	for i := range places {
		places[i] = place{sha256.Sum256(append(salted, marks[i*MarkSize:(i+1)*MarkSize]...)), i}
	}
	slices.SortFunc(places, func(a, b place) int {
		if c := bytes.Compare(a.at[:], b.at[:]); c != 0 {
			return c
		}
		return a.task - b.task
	})
	out := make([]int, min(held, len(places)))
	for i := range out {
		out[i] = places[i].task
	}
	return out
}

// Bytes are losses as they are hashed and published: four bytes each, the highest first.
func (l Losses) Bytes() []byte {
	out := make([]byte, 0, 4*len(l))
	for _, v := range l {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}

// ReadLosses reads what Bytes wrote.
func ReadLosses(raw []byte) Losses {
	out := make(Losses, len(raw)/4)
	for i := range out {
		out[i] = binary.BigEndian.Uint32(raw[4*i:])
	}
	return out
}

// leaf is what a job's leaf has of its hidden part: it cannot be changed once the job is in the log.
func (h *Hidden) leaf() (string, error) {
	sum, err := tasknet.Hash("tasknet/hidden-part/v1", map[string]any{
		"data": string(h.Data), "drawn": hex.EncodeToString(h.Drawn[:]), "guess": hex.EncodeToString(h.Guess[:]), "held": h.Held, "labels": string(h.Labels), "marks": hex.EncodeToString(h.Marks[:]), "tasks": h.Tasks,
	})
	return hex.EncodeToString(sum[:]), err
}
