package compute

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// NodeID names a node.
type NodeID string

// NodePrefix begins the ids of nodes.
const NodePrefix = "node"

// Node is a machine that computes. Its key is a device of its owner's, so that it is theirs by the word of their wallet, and
// what it earns is theirs.
type Node struct {
	ID         NodeID
	Owner      polls.RespondentID
	Key        polls.DeviceKey
	Name       string
	Capability Capability
	Rate       int64 // operations per second, proven by CheckBench
	ProvenAt   time.Time
	JoinedAt   time.Time
	SeenAt     time.Time
	Choice     Choice // of work, as the node said when it last asked for some
	Domain     string // of the network in which that was: an opaque name; empty: not known

	// Pace is how fast the node did its parts lately against what its rate promised, in millionths: a GPU does more than the processor
	// that the rate was proven on, and one that is not there does not.
	Pace int64

	// Stake is what of its owner's stake counts, as it was when the node was read.
	Stake tasknet.Amount
}

// Capability is what a node says that it has for work. Of all that, the rate alone is proven.
type Capability struct {
	Class     string   `json:"class"` // of hardware: results of one class are equal to the bit for the same program
	Cores     int      `json:"cores"`
	Memory    int64    `json:"memory_bytes"`
	Disk      int64    `json:"disk_bytes"`
	GPU       string   `json:"gpu,omitempty"`              // its name; empty where there is none
	GPUMemory int64    `json:"gpu_memory_bytes,omitempty"` // 0: not known
	Trainers  []string `json:"trainers"`                   // each is a trainer's first word, and how it computes: "torch on CUDA"; ScriptTrainer of one that runs modules
	Slots     int      `json:"slots"`                      // leases that it works on at a time
	Version   string   `json:"version"`

	// MinPrice is the least that its owner wants for an hour of its work; zero: it works for nothing, too. What a job pays an hour follows
	// from its price, the work of its rows and the node's rate; one of a single part, whose work is not known before, is taken to be an hour's.
	MinPrice tasknet.Amount `json:"min_price,omitzero"`

	// What the node measured when it joined, in bytes per second; 0: not known.
	DiskRate int64 `json:"disk_bytes_per_second,omitempty"` // that its disk takes in for good
	Down     int64 `json:"down_bytes_per_second,omitempty"` // from the server
	Up       int64 `json:"up_bytes_per_second,omitempty"`   // to the server
}

// Limits of a pace, and what is taken before anything is known.
const (
	PaceWhole = 1_000_000
	PaceLeast = PaceWhole / 1000
	PaceMost  = PaceWhole * 1000
)

// Speed is how many operations a second the node is taken to do: its rate, at its pace.
func (n *Node) Speed() int64 {
	if n.Pace == 0 {
		return n.Rate
	}
	return max(int64(min(float64(n.Rate)*float64(n.Pace)/PaceWhole, math.MaxInt64/4)), 1)
}

// TransferBytes is how long what a node sends and gets at a time is to measure its network.
const TransferBytes = 256 << 10

// fetchRate is how many bytes a second a node can fetch and keep; 0 when that is not known.
func (c *Capability) fetchRate() int64 {
	if c.Down == 0 || c.DiskRate == 0 {
		return 0
	}
	return min(c.Down, c.DiskRate)
}

// TrainerNames are the names by which a job may ask for what the node trains with. A job that asks for torch is done on CUDA, and in
// bfloat16, too; one that wants that alone asks for the whole name.
func (c *Capability) TrainerNames() []string {
	var names []string
	for _, whole := range c.Trainers {
		name, _, _ := strings.Cut(whole, " ")
		names = append(names, name, whole)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Limits of nodes.
const (
	NodesMax    = 100 // of one owner
	nodeNameMax = 100
	slotsMax    = 64
	trainersMax = 8
)

// ErrNoNode reports a node that is unknown, or somebody else's; ErrNodes, an owner who has too many.
var (
	ErrNoNode  = tasknet.NewError(tasknet.NotFound, "no_node", "There is no such node; join first.")
	ErrNodes   = tasknet.NewError(tasknet.Conflict, "too_many_nodes", "You have 100 nodes, the most; remove one first.")
	errBadNode = tasknet.NewError(tasknet.Invalid, "bad_node", "A node has a name of up to 100 bytes, a class, 1 to 4,096 cores, memory, disk, 1 to 8 trainers, and 1 to 64 slots; what it measured is not negative, nor the least price, which is at most 1,000,000 tokens.")
)

// Validate checks what a node says of itself.
func (n *Node) Validate() error {
	c := &n.Capability
	named := func(s string) bool { return len(s) > 0 && len(s) <= nodeNameMax }
	if !named(n.Name) || !named(c.Class) || !named(c.Version) || len(c.GPU) > nodeNameMax ||
		c.Cores < 1 || c.Cores > 4096 || c.Memory < 1 || c.Disk < 1 || c.GPUMemory < 0 || c.GPU == "" && c.GPUMemory > 0 || min(c.DiskRate, c.Down, c.Up) < 0 ||
		c.MinPrice.Sign() < 0 || c.MinPrice.Cmp(PriceMax) > 0 ||
		c.Slots < 1 || c.Slots > slotsMax || len(c.Trainers) < 1 || len(c.Trainers) > trainersMax ||
		slices.ContainsFunc(c.Trainers, func(t string) bool { return !named(t) }) {
		return errBadNode
	}
	return nil
}
