package compute

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// JobID names a job.
type JobID string

// JobPrefix begins the ids of jobs.
const JobPrefix = "job"

// JobKind is what a job does.
type JobKind string

// The kinds of job.
const (
	TrainJob    JobKind = "train"    // learn a model from labels
	EvaluateJob JobKind = "evaluate" // measure a model on labels
	InferJob    JobKind = "infer"    // ask a model about tasks
	CustomJob   JobKind = "custom"   // run a program of WASI preview 1

	// ContainerJob is what a later version may do, when an operator has said with what.
	ContainerJob JobKind = "container"
)

// JobState is where a job is.
type JobState string

// The states of a job. All but the first are ends.
const (
	JobOpen      JobState = "open"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
)

// Role is what a file is to a job.
type Role string

// The roles of files.
const (
	DataRole        Role = "data"        // rows of tasks, as package corpus reads them
	LabelsRole      Role = "labels"      // of IDX pictures, which have them in a file of their own
	WeightsRole     Role = "weights"     // of a model, as safetensors
	ScriptRole      Role = "script"      // a TorchScript module, in place of weights
	SpecRole        Role = "spec"        // of a model that was trained, with what its inputs are scaled by
	CardRole        Role = "card"        // of a model, as JSON
	ReportRole      Role = "report"      // the card as people read it
	LossRole        Role = "loss"        // plot of a training
	ReliabilityRole Role = "reliability" // plot of a model's confidence
	MetricsRole     Role = "metrics"     // of a model on labels, as JSON
	PredictionsRole Role = "predictions" // a line of JSON for each task
	ProgramRole     Role = "program"     // a WebAssembly module
	InputRole       Role = "input"       // of a program, under its name; there may be many
	OutputRole      Role = "output"      // of a program, as a tar of what it made and said
)

// JobFile is a file that a job reads or that a part of it made.
type JobFile struct {
	Role     Role       `json:"role"`
	Artefact ArtefactID `json:"artefact"`
	Name     string     `json:"name,omitempty"` // of what a job reads, which says how: rows.jsonl, a table in .csv, or IDX
	Bytes    int64      `json:"bytes"`
}

// Work is all that a job does: who has it and the files can do it.
type Work struct {
	Kind        JobKind   `json:"kind"`
	Model       *Spec     `json:"model"`                 // to train, or of the model that is asked or measured
	Program     *Program  `json:"program,omitempty"`     // of a custom job, in place of a model
	Temperature float64   `json:"temperature,omitempty"` // of a model that is asked or measured
	Rows        int       `json:"rows,omitempty"`        // how many tasks a model is asked about, at the most where it is live, or the parts of a program, by which a job is split
	Live        bool      `json:"live,omitempty"`        // the model is asked about one task after the other, by who waits for the answer
	Inputs      []JobFile `json:"inputs"`
}

// Program is how the program of a custom job is run. Each part runs it once, with the part's number in its environment.
type Program struct {
	Args   []string `json:"args,omitempty"`
	Memory int64    `json:"memory_bytes"` // that it may have at most
	Fuel   int64    `json:"fuel"`         // calls of functions and passes of loops that a part may take
	Output int64    `json:"output_bytes"` // that a part may make
}

// Defaults of programs.
const (
	ProgramMemory int64 = 256 << 20
	ProgramFuel   int64 = 1e10
	ProgramOutput int64 = 64 << 20
)

// Needs is what a node must have to do a part of a job.
type Needs struct {
	Trainer string // by its name; empty: any
	GPU     bool
	Memory  int64 // bytes
	Disk    int64 // bytes
}

// Job is work for nodes. It is done in parts: a model that is asked answers for as many rows at a time as a node does in about
// a minute, a program says in how many, anything else is one part.
type Job struct {
	ID         JobID
	Org        polls.OrgID
	Title      string
	Importance int // 1 to 10: of an organisation's jobs, those with the greatest go first
	Kind       JobKind
	Live       bool   // rows are asked one at a time: see Ask
	Work       []byte // a Work as JSON; nodes sign the hash of these bytes
	Hash       [32]byte
	Inputs     []JobFile // those of Work
	Needs      Needs
	MaxTime    time.Duration // that one lease may take

	Rows     int   // what is to be done; 1 where there is nothing to split
	PartRows int   // that a part has at most; 0: as many as a node does in about a minute
	Cut      int   // rows that parts were made of
	Parts    int   // that were made
	Finished int   // rows of parts that are done
	Waiting  int   // parts that wait for a node
	Each     int64 // operations that a row takes: an estimate at first, then what nodes took

	Terms     Terms
	Number    int64 // among all jobs, in the order in which they were made
	State     JobState
	Problem   string // why it failed
	CreatedAt time.Time
	EndedAt   time.Time
	SettledAt time.Time // when its money was shared out
}

// Limits of jobs.
const (
	TitleMax      = 200
	ImportanceMax = 10
	jobRowsMax    = 5_000_000
	jobNameMax    = 200

	MaxTimeDefault = 24 * time.Hour
	maxTimeMost    = 14 * 24 * time.Hour
	maxTimeLeast   = time.Minute

	programPartsMax = 10_000
	programArgsMax  = 64
	programArgBytes = 4096 // of all arguments
	programFuelMax  = int64(1e15)
	programMost     = int64(4) << 30 // bytes of memory, which is all that WebAssembly has
	programMakes    = int64(1) << 30 // bytes
	programRuntime  = int64(128) << 20
	programGuess    = int64(1e10) // operations that a part takes, until one is done
)

// Errors of jobs.
var (
	ErrNoJob    = tasknet.NewError(tasknet.NotFound, "no_job", "There is no such job.")
	ErrJobEnded = tasknet.NewError(tasknet.Conflict, "job_ended", "The job has ended.")

	// ErrNoContainers refuses containers: nobody has said yet what may run them.
	ErrNoContainers = tasknet.NewError(tasknet.NotSupported, "no_containers", "This server has no nodes that run containers; build the work as a WASI program, and make it a custom job.")
)

func badJob(format string, args ...any) error {
	return tasknet.NewError(tasknet.Invalid, "bad_job", fmt.Sprintf(format, args...))
}

// JobDraft is what a job is made of. The sizes of its inputs are those of the artefacts.
type JobDraft struct {
	Title      string
	Importance int
	MaxTime    time.Duration // that one lease may take
	Trainer    string        // that it must be done by; empty: any
	GPU        bool          // that it must be done on one
	PartRows   int           // that a part has at most; 0: as many as a node does in about a minute
	Price      tasknet.Amount
	Fee        tasknet.Amount // the operator's, on Price
	Replicas   int            // owners who do each part; 0: one
	MinStake   tasknet.Amount // that the owner of a node must have at stake
	AuditPPM   int            // of single parts that are done twice, when they are paid
	Servers    int            // nodes at a time that a live job has; 0: one
	Work       Work

	Hidden   *Hidden  // of a training whose data were divided by Seed; its work reads what is given to nodes
	Seed     [32]byte // of such a one
	Unjudged Unjudged // of another training: why not
}

// NewJob checks a draft and makes a job of it. Errors say what is wrong with it.
func NewJob(org polls.OrgID, d JobDraft, now time.Time) (*Job, error) {
	if len(d.Title) == 0 || len(d.Title) > TitleMax || len(d.Trainer) > nodeNameMax {
		return nil, badJob("A job has a title of 1 to %d bytes, and its trainer's name at most %d.", TitleMax, nodeNameMax)
	}
	if d.Importance < 1 || d.Importance > ImportanceMax {
		return nil, badJob("A job's importance is 1 to %d.", ImportanceMax)
	}
	if d.MaxTime < maxTimeLeast || d.MaxTime > maxTimeMost {
		return nil, badJob("The most time that a part may take is a minute to 14 days.")
	}
	if d.PartRows < 0 || d.PartRows > 0 && d.Work.Kind != InferJob {
		return nil, badJob("Only a job that asks a model has parts of rows, which are not negative.")
	}
	if err := d.checkLive(); err != nil {
		return nil, err
	}
	terms, err := newTerms(&d)
	if err != nil {
		return nil, err
	}
	w := d.Work
	plan, err := w.Check()
	if err != nil {
		return nil, err
	}
	var memory, each int64
	if plan != nil {
		spec := plan.Spec
		w.Model = &spec
		memory, each = plan.Memory, plan.MulAdds
		if spec.Script != nil {
			if err := d.checkScript(); err != nil {
				return nil, err
			}
			d.Trainer = ScriptTrainer
			memory += w.scriptMemory()
		}
	} else {
		memory, each = w.Program.Memory+w.Program.Output+programRuntime, programGuess
		d.PartRows = 1
	}
	raw, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	j := &Job{
		ID: JobID(tasknet.NewID(JobPrefix, now)), Org: org, Title: d.Title, Importance: d.Importance, Kind: w.Kind, Live: w.Live, Work: raw, Hash: sha256.Sum256(raw), Inputs: w.Inputs,
		Needs: Needs{Trainer: d.Trainer, GPU: d.GPU, Memory: memory}, MaxTime: d.MaxTime, Rows: 1, PartRows: d.PartRows, Terms: *terms, State: JobOpen, CreatedAt: now,
	}
	if j.splits() {
		j.Rows = w.Rows
	}
	if j.Live {
		j.Cut, j.Parts = j.Rows, max(d.Servers, 1) // nothing is cut: its parts are sessions
		j.Waiting = j.Parts
	}
	if _, err := j.Hold(); err != nil {
		return nil, err
	}
	j.Each = max(each, 1)
	for _, in := range w.Inputs {
		j.Needs.Disk += in.Bytes
	}
	if plan != nil {
		j.Needs.Memory += j.Needs.Disk // rows are kept in memory, besides what the model needs
		j.Needs.Disk *= 2              // what is made of them
	} else {
		j.Needs.Disk += 2 * w.Program.Output
	}
	return j, nil
}

// checkLive checks what is of live jobs.
func (d *JobDraft) checkLive() error {
	switch {
	case !d.Work.Live && d.Servers != 0:
		return badJob("Only a live job says how many nodes serve at a time.")
	case !d.Work.Live:
		return nil
	case d.Work.Kind != InferJob || d.PartRows != 0 || d.Replicas > 1:
		return badJob("A live job asks a model, has no parts of its own, and one owner for each row; audits check it.")
	case d.Servers < 0 || d.Servers > ServersMax:
		return badJob("A live job has 1 to %d nodes at a time.", ServersMax)
	}
	return nil
}

// splits reports whether a job has parts.
func (j *Job) splits() bool { return j.Kind == InferJob || j.Kind == CustomJob }

// roles are what each kind of job reads: whether it must.
var roles = map[JobKind]map[Role]bool{
	TrainJob:    {DataRole: true, LabelsRole: false},
	EvaluateJob: {DataRole: true, LabelsRole: false, WeightsRole: true},
	InferJob:    {DataRole: true, LabelsRole: false, WeightsRole: true},
	CustomJob:   {ProgramRole: true, InputRole: false},
}

// makes are what a part of each kind of job makes, all of it.
var makes = map[JobKind][]Role{
	TrainJob:    {SpecRole, WeightsRole, CardRole, ReportRole, LossRole, ReliabilityRole},
	EvaluateJob: {MetricsRole},
	InferJob:    {PredictionsRole},
	CustomJob:   {OutputRole},
}

// Check checks the work, whose inputs have their sizes. A program has no plan.
func (w *Work) Check() (*Plan, error) {
	reads, known := roles[w.Kind]
	if w.Kind == ContainerJob {
		return nil, ErrNoContainers
	}
	if !known {
		return nil, badJob("There is no job of kind %q; there are train, evaluate, infer and custom.", w.Kind)
	}
	if w.Live && w.Kind != InferJob {
		return nil, badJob("Only a job that asks a model is live.")
	}
	if w.Kind == CustomJob {
		if err := w.checkProgram(); err != nil {
			return nil, err
		}
		return nil, w.checkInputs(reads)
	}
	plan, err := w.checkModel()
	if err != nil {
		return nil, err
	}
	weights := WeightsRole
	if plan.Spec.Script != nil {
		weights = ScriptRole
	}
	switch {
	case w.Live:
		reads = map[Role]bool{weights: true}
	case weights == ScriptRole:
		reads = map[Role]bool{DataRole: true, LabelsRole: false, ScriptRole: true}
	}
	return plan, w.checkInputs(reads)
}

// checkProgram checks what is of programs.
func (w *Work) checkProgram() error {
	p := w.Program
	if p == nil || w.Model != nil || w.Temperature != 0 {
		return badJob("A custom job names a program, and no model.")
	}
	if w.Rows < 1 || w.Rows > programPartsMax {
		return badJob("A program runs in 1 to %d parts.", programPartsMax)
	}
	length := 0
	for _, arg := range p.Args {
		if length += len(arg); strings.ContainsRune(arg, 0) {
			return badJob("The arguments of a program have no zero bytes.")
		}
	}
	if len(p.Args) > programArgsMax || length > programArgBytes {
		return badJob("A program has at most %d arguments, of %d bytes together.", programArgsMax, programArgBytes)
	}
	if p.Memory < 1<<20 || p.Memory > programMost || p.Fuel < 1 || p.Fuel > programFuelMax || p.Output < 1 || p.Output > programMakes {
		return badJob("A program may have 1 MiB to 4 GiB of memory and 1 to %d units of fuel, and make 1 byte to 1 GiB.", programFuelMax)
	}
	return nil
}

// checkModel checks what is of models.
func (w *Work) checkModel() (*Plan, error) {
	if w.Program != nil {
		return nil, badJob("Only a custom job has a program.")
	}
	if w.Model == nil {
		return nil, badJob("A job names its model.")
	}
	plan, err := NewPlan(*w.Model)
	if err != nil {
		return nil, err
	}
	if w.Kind == TrainJob {
		if err := plan.Learns(); err != nil {
			return nil, err
		}
	}
	if err := w.CheckTemperature(); err != nil {
		return nil, err
	}
	if infer := w.Kind == InferJob; infer && (w.Rows < 1 || w.Rows > jobRowsMax) || !infer && w.Rows != 0 {
		return nil, badJob("A job that asks a model says about how many rows, 1 to %d; others do not.", jobRowsMax)
	}
	return plan, nil
}

// CheckTemperature checks by what the logits of a model are divided.
func (w *Work) CheckTemperature() error {
	asked := w.Kind != TrainJob
	if asked && !(w.Temperature >= coldest && w.Temperature <= hottest) || !asked && w.Temperature != 0 {
		return badJob("A model that is asked has its temperature, %v to %v; one that is to be trained has none.", coldest, float64(hottest))
	}
	return nil
}

// checkInputs checks the files that are read.
func (w *Work) checkInputs(reads map[Role]bool) error {
	seen, names := map[Role]bool{}, map[string]bool{}
	for _, in := range w.Inputs {
		if _, has := reads[in.Role]; !has || seen[in.Role] && in.Role != InputRole {
			return badJob("A job of kind %s does not read %q, or not twice.", w.Kind, in.Role)
		}
		if _, err := ParseArtefactID(string(in.Artefact)); err != nil {
			return err
		}
		if in.Role == WeightsRole && strings.EqualFold(filepath.Ext(in.Name), ".onnx") {
			return badJob("%s is an ONNX model, which nodes do not run: the program in Go that reads these takes files of the machine for weights, and ends at a model with a cycle. Give the model's spec, and its weights as safetensors, or the model as TorchScript.", in.Name)
		}
		if names[in.Name] {
			return badJob("Two files have the name %q.", in.Name)
		}
		names[in.Name] = true
		if in.Bytes < 1 {
			return badJob("The file of %s is empty.", in.Role)
		}
		if in.Name != filepath.Base(in.Name) || len(in.Name) > jobNameMax || in.Name == "." || in.Name == ".." {
			return badJob("%q is not the plain name of a file.", in.Name)
		}
		seen[in.Role] = true
	}
	for role, must := range reads {
		if must && !seen[role] {
			return badJob("A job of kind %s reads a file of %s, which is not there.", w.Kind, role)
		}
	}
	return nil
}

// ReadWork reads the work of a job and plans it; a custom job has no plan. It is what a node does first with what it is given, and believes none of it.
func ReadWork(raw []byte) (*Work, *Plan, error) {
	var w Work
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, nil, badJob("The work cannot be read: %v.", err)
	}
	plan, err := w.Check()
	return &w, plan, err
}

// Makes returns the roles of the files that a part of the work makes.
func (w *Work) Makes() []Role { return makes[w.Kind] }

// Input returns the file of a role, or nil.
func (w *Work) Input(role Role) *JobFile {
	for i := range w.Inputs {
		if w.Inputs[i].Role == role {
			return &w.Inputs[i]
		}
	}
	return nil
}
