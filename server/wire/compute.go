package wire

import (
	"encoding/json"

	"github.com/tasknet/tasknet"
)

// NewJob is the body of POST /v1/jobs.
type NewJob struct {
	Title       string          `json:"title" minLength:"1" maxLength:"200"`
	Kind        string          `json:"kind" enum:"train,evaluate,infer,custom,container" doc:"train: learn a model from labels. evaluate: measure a model on labels. infer: ask a model about tasks, in parts that nodes do side by side. custom: run a WASI program. container: refused until an operator has nodes for it"`
	Model       json.RawMessage `json:"model,omitempty" doc:"The spec of the model: to be trained with its classes; otherwise the spec that training made, or of a TorchScript module of your own its input, its classes and script: {\"gives\": \"logits\" or \"probabilities\", \"channels_first\", \"multiply_adds\", \"memory_bytes\"}, each of which may be left out. Of all kinds but custom"`
	Program     *JobProgram     `json:"program,omitempty" doc:"custom: how it is run"`
	Temperature float64         `json:"temperature,omitempty" doc:"Of a model that is asked or measured, from its card"`
	Rows        int             `json:"rows,omitempty" minimum:"0" doc:"infer: how many tasks the data has; live: that are answered at the most. custom: in how many parts it runs"`
	Live        bool            `json:"live,omitempty" doc:"infer: the model is asked about single rows by POST /v1/jobs/{id}/ask, and has no data. What was answered is paid by rows, in sessions of about a minute of one node each"`
	Servers     int             `json:"servers,omitempty" minimum:"0" maximum:"16" doc:"live: nodes that serve at a time; left out: one"`
	PartRows    int             `json:"part_rows,omitempty" minimum:"0" doc:"infer: the most that a node is given at a time; left out: as many as it does in about a minute"`
	Inputs      []JobInput      `json:"inputs" minItems:"1" maxItems:"32"`
	Importance  int             `json:"importance,omitempty" minimum:"1" maximum:"10" default:"5" doc:"Of your jobs, those with the greatest go first"`
	Trainer     string          `json:"trainer,omitempty" maxLength:"100" doc:"That it must be done by; left out: any, of a TorchScript module torchscript" example:"gomlx"`
	GPU         bool            `json:"gpu,omitempty" doc:"It must be done on a GPU"`
	Price       tasknet.Amount  `json:"price,omitzero" doc:"For all of it, done once; shared out by rows among the owners of the nodes that did it. It is set aside with the operator's fee three times, which is how often a row may be paid when results differ; what is not used comes back. Left out: nothing is paid"`
	Replicas    int             `json:"replicas,omitempty" minimum:"0" maximum:"3" doc:"Owners who do each part, whose results are compared: each is paid. Left out: one, and of what is paid one part in twenty is audited by a second"`
	MinStake    tasknet.Amount  `json:"min_stake,omitzero" doc:"That the owner of a node must have at stake to get any of it. What is asked back or frozen does not count. Of a proven lie about it the case asks for no less. Left out: nothing"`
	MaxSeconds  int             `json:"max_seconds,omitempty" minimum:"60" maximum:"1209600" default:"86400" doc:"The most that a node may take for a part, after which another begins it again"`
}

// JobProgram is how a program of WASI preview 1 is run: once for each part, with TASKNET_PART (0, 1, ...) and TASKNET_PARTS in its
// environment, its inputs in /in, and what it makes in /out.
type JobProgram struct {
	Args   []string `json:"args,omitempty" maxItems:"64" doc:"4,096 bytes together at most"`
	Memory int64    `json:"memory_bytes,omitempty" minimum:"1048576" maximum:"4294967296" default:"268435456" doc:"That it may have"`
	Fuel   int64    `json:"fuel,omitempty" minimum:"1" maximum:"1000000000000000" default:"10000000000" doc:"Calls of functions and passes of loops that a part may take"`
	Output int64    `json:"output_bytes,omitempty" minimum:"1" maximum:"1073741824" default:"67108864" doc:"That a part may make"`
}

// JobInput is a file that a job reads.
type JobInput struct {
	Role     string `json:"role" enum:"data,labels,weights,script,program,input" doc:"data: rows.jsonl of an export, a table in .csv, or IDX pictures. labels: of IDX pictures. weights: of a model, as safetensors. script: a TorchScript module, in place of weights, when the spec has script. program: a WebAssembly module that imports only wasi_snapshot_preview1. input: of a program, of which there may be many"`
	Artefact string `json:"artefact" doc:"Yours, complete"`
	Name     string `json:"name" minLength:"1" maxLength:"200" doc:"The name of the file, which says how it is read" example:"rows.jsonl"`
}

// JobFile is a file that a job reads or has made.
type JobFile struct {
	Role     string `json:"role"`
	Artefact string `json:"artefact"`
	Name     string `json:"name,omitempty"`
	Bytes    int64  `json:"bytes"`
}

// Job is work for nodes.
type Job struct {
	ID         string          `json:"id"`
	Title      string          `json:"title"`
	Kind       string          `json:"kind" enum:"train,evaluate,infer,custom"`
	Live       bool            `json:"live,omitempty"`
	State      string          `json:"state" enum:"open,done,failed,cancelled"`
	Problem    string          `json:"problem,omitempty" doc:"Why it failed"`
	Work       json.RawMessage `json:"work" doc:"What nodes are given"`
	Importance int             `json:"importance"`
	Trainer    string          `json:"trainer,omitempty"`
	GPU        bool            `json:"gpu,omitempty"`
	Memory     int64           `json:"memory_bytes" doc:"That a node must have for it"`
	Disk       int64           `json:"disk_bytes" doc:"Likewise"`
	MaxSeconds int             `json:"max_seconds"`
	Rows       int             `json:"rows" doc:"That are to be done; 1 where there is nothing to split"`
	Given      int             `json:"rows_given" doc:"In parts that nodes were given or that wait for one"`
	Done       int             `json:"rows_done"`
	Parts      int             `json:"parts" doc:"That were made so far"`
	Waiting    int             `json:"parts_waiting" doc:"For a node, after another has lost them or failed at them"`
	CreatedAt  Time            `json:"created_at"`
	EndedAt    *Time           `json:"ended_at,omitempty"`
	Price      tasknet.Amount  `json:"price" doc:"For all rows, done once"`
	Fee        tasknet.Amount  `json:"fee" doc:"The operator's, on the price"`
	Replicas   int             `json:"replicas"`
	MinStake   tasknet.Amount  `json:"min_stake,omitzero" doc:"That the owners of nodes must have at stake"`
	AuditPPM   int             `json:"audit_ppm" doc:"Of the parts, in millionths, that a second owner does in secret"`
	SeedHash   string          `json:"audit_seed_hash" doc:"Of the seed that says which; it is in the public log from the start"`
	Seed       string          `json:"audit_seed,omitempty" doc:"Once the job is settled"`
	SettlesAt  *Time           `json:"settles_at,omitempty" doc:"When what was held is shared out, unless a check takes longer; of a job that has ended"`
	SettledAt  *Time           `json:"settled_at,omitempty"`
	Money      *JobMoney       `json:"money,omitempty" doc:"Of one job that is asked for, when it costs something"`
	Serving    *Serving        `json:"serving,omitempty" doc:"Of one live job that is asked for"`
	Checks     []JobCheck      `json:"checks,omitempty" doc:"Likewise, once it is settled"`
	Cases      []StakeCase     `json:"cases,omitempty" doc:"Likewise: about the stakes of owners whose results its checks refuted"`
	Judged     *JobJudged      `json:"judged,omitempty" doc:"Of a training: by what its model is accepted"`
}

// JobJudged says by what the model of a training is accepted.
type JobJudged struct {
	Tasks  int    `json:"tasks" doc:"That have labels"`
	Hidden int    `json:"hidden" doc:"Of them, that no node gets, drawn by the seed: the model counts when its loss on them is surely below that of saying how frequent each class is. Otherwise it is not paid, another owner trains one, and when that is no better the money comes back"`
	Not    string `json:"not,omitempty" enum:"few_tasks,large_data,large_model,unreadable,not_here" doc:"Why none is hidden, so that replicas and audits alone check the training. few_tasks: under 500 have labels. large_data: over 64 MiB. large_model: to ask it takes more than the server spends on it. unreadable: the data are not what a training reads. not_here: the server judged no models when the job was made"`
	Data   string `json:"data,omitempty" doc:"Artefact of the hidden rows, which is yours"`
	Labels string `json:"labels,omitempty" doc:"Likewise of IDX labels"`
	Salt   string `json:"salt,omitempty" doc:"Of one job that is asked for, once it is settled: the first 8 bytes of the SHA-256 of it and a task's key are the task's mark in the public record"`
}

// JobTrial is how a model did on the tasks that no node had.
type JobTrial struct {
	Tasks    int     `json:"tasks"`
	Accuracy float64 `json:"accuracy"`
	LogLoss  float64 `json:"log_loss"`
	Low      float64 `json:"low" doc:"Of an interval in which the loss lies in 95 of 100 cases"`
	High     float64 `json:"high" doc:"Likewise"`
	Guess    float64 `json:"guess_log_loss" doc:"Of saying how frequent each class is"`
}

// JobMoney is where a job's money is.
type JobMoney struct {
	Held     tasknet.Amount `json:"held" doc:"Set aside until the job is settled"`
	Paid     tasknet.Amount `json:"paid" doc:"To owners of nodes"`
	Fee      tasknet.Amount `json:"fee" doc:"To the operator"`
	Returned tasknet.Amount `json:"returned"`
}

// JobCheck is what came of comparing the results of a part.
type JobCheck struct {
	Part     int           `json:"part"`
	Audit    bool          `json:"audit" doc:"The part was drawn by the seed; otherwise replicas were compared"`
	State    string        `json:"state" enum:"agreed,undecided,unknown,alone,best,decided" doc:"agreed: all came to the same, or three did and others are refuted. decided: they differed, the server did again the rows in which they do, and refutes those that it did not confirm. best: models differ in how good they are, the best are paid and nobody is refuted. undecided: too few did, nobody is paid. unknown: the results cannot be compared. alone: no second owner came in time"`
	Results  []CheckResult `json:"results"`
	Networks int           `json:"networks,omitempty" doc:"How many networks the results came from, as the server saw it: with less than results, some shared one. Which they are is nowhere public, and forgotten when the job is settled. Left out: not known"`
	Evidence string        `json:"evidence" doc:"tasknet/compute-evidence/v1 over what was compared and what came of it: what a stake is slashed by"`
}

// CheckResult is one of the results that were compared.
type CheckResult struct {
	Lease string `json:"lease"`
	Group int    `json:"group" doc:"Those of one group agree; 0 is the largest"`
}

// Jobs is a page of jobs, newest first.
type Jobs struct {
	Page
	Jobs []Job `json:"jobs"`
}

// JobPart is some rows of a job, and what came of them.
type JobPart struct {
	Number     int          `json:"number"`
	From       int          `json:"from_row"`
	To         int          `json:"to_row" doc:"After the last"`
	State      string       `json:"state" enum:"waiting,running,done"`
	Lost       int          `json:"lost" doc:"Nodes of which nothing was heard any more"`
	Failures   []JobFailure `json:"failures,omitempty"`
	Checkpoint int          `json:"checkpoint_step,omitempty" doc:"That another node would go on from"`
	Outputs    []JobFile    `json:"outputs,omitempty" doc:"Of a part that is done: your artefacts"`
	Receipt    *WorkReceipt `json:"receipt,omitempty"`
	Trial      *JobTrial    `json:"trial,omitempty" doc:"Of a model that was judged by tasks that no node had. The card among the outputs says it, too; the receipt names the node's own"`
}

// JobParts is a page of parts, in the order of their rows.
type JobParts struct {
	Page
	Parts []JobPart `json:"parts"`
}

// JobFailure is what a node could not do.
type JobFailure struct {
	Code    string `json:"code" enum:"bad_input,diverged,resources,crashed,stopped,lost" doc:"stopped gives the work back and is no failure; lost is what the server says of nodes of which it heard nothing, or that took too long"`
	Message string `json:"message" maxLength:"1000"`
}

// JobLease is a part of a job in the hands of a node.
type JobLease struct {
	ID       string        `json:"id"`
	Part     int           `json:"part"`
	From     int           `json:"from_row"`
	To       int           `json:"to_row"`
	Node     string        `json:"node"`
	State    string        `json:"state" enum:"running,done,failed,given,lost,over,timeout" doc:"given: back, by the node's owner. over: another did it before, or the job ended"`
	Why      LeaseWhy      `json:"why" doc:"Why this node was given this part"`
	Began    Time          `json:"began_at"`
	Expires  Time          `json:"expires_at" doc:"When it is taken back unless something is heard of it"`
	Ended    *Time         `json:"ended_at,omitempty"`
	Progress JobProgress   `json:"progress"`
	Curve    []JobProgress `json:"curve,omitempty" doc:"Progress so far, thinned"`
	Problem  string        `json:"problem,omitempty"`
}

// LeaseWhy says why a node was given a part.
type LeaseWhy struct {
	Turn     int    `json:"turn" doc:"Organisations whose turn was before, of whose jobs nothing could be given"`
	Waiting  int    `json:"waiting" doc:"Organisations with work that the node could do"`
	Again    string `json:"again,omitempty" enum:"lost,failed,slow" doc:"What became of the part before"`
	Local    int64  `json:"local_bytes" doc:"Of the job's files, which the node had"`
	Fetch    int    `json:"fetch_seconds,omitempty" doc:"That the others were expected to take it, by what it measured of its network and disk"`
	Rows     int    `json:"rows" doc:"Of the part: as many as the node does in about a minute, less at the end of a job"`
	Seconds  int    `json:"seconds,omitempty" doc:"That they were expected to take"`
	FromStep int    `json:"from_step,omitempty" doc:"Of the checkpoint that it went on from"`
	Copy     string `json:"copy,omitempty" enum:"drawn,open" doc:"Of a part that another owner does as well. drawn: its owner was drawn to do it. open: any other might, since they were few, or none of those drawn came in time"`
	Network  string `json:"network,omitempty" enum:"apart,shared" doc:"Likewise. apart: nobody else did the part in the network that the node is in. shared: somebody did, since no node elsewhere came"`

	Trainer string `json:"trainer,omitempty" doc:"That the job has to be done by: a TorchScript module by torchscript, which nodes have that run modules" example:"torchscript"`

	Stake tasknet.Amount `json:"stake,omitzero" doc:"That counted of the owner's, of a job that asks for one"`
	Pays  tasknet.Amount `json:"pays,omitzero" doc:"The job, for the part: of all jobs of an organisation of one importance that the node could do, the one that pays most for its work goes first"`
	Hour  tasknet.Amount `json:"pays_hour,omitzero" doc:"Likewise for an hour of the node's work, by its rate; not of a job of one part, whose work is not known before"`
	Least tasknet.Amount `json:"min_price,omitzero" doc:"That the node's owner asked for an hour then"`

	Charged int64 `json:"operations" doc:"Counted against the organisation's share"`
}

// JobLeases is a page of leases, newest first.
type JobLeases struct {
	Page
	Leases []JobLease `json:"leases"`
}

// JobProgress is how far a node is with a part.
type JobProgress struct {
	Step       int      `json:"step" minimum:"0"`
	Of         int      `json:"of" minimum:"0"`
	Epoch      int      `json:"epoch,omitempty" minimum:"0"`
	Loss       *float64 `json:"loss,omitempty"`
	Validation *float64 `json:"validation,omitempty" doc:"Loss on the tasks held out"`
	Accuracy   *float64 `json:"accuracy,omitempty" doc:"Likewise"`
}

// NewPlan is the body of POST /v1/plans.
type NewPlan struct {
	Model json.RawMessage `json:"model" doc:"The spec of a model"`
	Tasks int             `json:"tasks,omitempty" minimum:"0" doc:"With labels, that it is to learn from, to be told how it will be judged"`
}

// Plan is a spec whose shapes fit, with what it costs. Shapes are those of one example.
type Plan struct {
	Model   json.RawMessage `json:"model" doc:"The spec with its defaults filled in"`
	Input   []int           `json:"input"`
	Layers  []PlanLayer     `json:"layers" doc:"The last is that of the classes, which every model has"`
	Params  int             `json:"parameters"`
	MulAdds int64           `json:"multiply_adds" doc:"For one example, forward"`
	Memory  int64           `json:"memory_bytes" doc:"That training takes at least"`
	Judged  *JobJudged      `json:"judged,omitempty" doc:"When tasks were given: what a training job's terms would be"`
}

// PlanLayer is a layer with its shapes.
type PlanLayer struct {
	Type    string `json:"type"`
	In      []int  `json:"in"`
	Out     []int  `json:"out"`
	Params  int    `json:"parameters"`
	MulAdds int64  `json:"multiply_adds"`
}

// NodeChallenge is a benchmark for a node.
type NodeChallenge struct {
	Challenge  string `json:"challenge" doc:"To be sent back with the product"`
	Seed       string `json:"seed" doc:"32 bytes in hex"`
	Operations int64  `json:"operations" doc:"Multiplications and additions that the product takes"`
	Expires    Time   `json:"expires"`
}

// NewNode is the body of POST /v1/nodes.
type NewNode struct {
	Name       string     `json:"name" minLength:"1" maxLength:"100"`
	Capability Capability `json:"capability"`
	Challenge  string     `json:"challenge" maxLength:"500"`
	Product    []byte     `json:"product" maxLength:"90000" doc:"Of the benchmark, in base64: the time from the challenge until it is here is what proves the node's rate"`
}

// Capability is what a node says that it has for work.
type Capability struct {
	Class     string   `json:"class" minLength:"1" maxLength:"100" doc:"Of hardware: the same program computes the same on all of a class"`
	Cores     int      `json:"cores" minimum:"1" maximum:"4096"`
	Memory    int64    `json:"memory_bytes" minimum:"1"`
	Disk      int64    `json:"disk_bytes" minimum:"1"`
	GPU       string   `json:"gpu,omitempty" maxLength:"100"`
	GPUMemory int64    `json:"gpu_memory_bytes,omitempty" minimum:"0"`
	Trainers  []string `json:"trainers" minItems:"1" maxItems:"8"`
	Slots     int      `json:"slots" minimum:"1" maximum:"64" doc:"Leases that it works on at a time"`
	Version   string   `json:"version" minLength:"1" maxLength:"100"`

	MinPrice tasknet.Amount `json:"min_price,omitzero" doc:"The least that its owner wants for an hour of its work: what pays less, by its price, the work of its rows and the node's rate, is not given to it. A job of one part is taken to be an hour's"`

	DiskRate int64 `json:"disk_bytes_per_second,omitempty" minimum:"0" doc:"Measured when it joined, as the next two: what its disk takes in for good"`
	Down     int64 `json:"down_bytes_per_second,omitempty" minimum:"0" doc:"From the server"`
	Up       int64 `json:"up_bytes_per_second,omitempty" minimum:"0" doc:"To the server"`
}

// Node is a machine that computes.
type Node struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Key        string     `json:"key" doc:"Of the device that it is"`
	Capability Capability `json:"capability"`
	Rate       int64      `json:"operations_per_second" doc:"Proven"`
	Pace       int64      `json:"pace_ppm" doc:"How fast it did its parts lately against what that promised, in millionths. Parts are sized by both: a GPU does more than the processor that the rate was proven on, and one that is not there does not"`
	Proven     Time       `json:"proven_at"`
	Joined     Time       `json:"joined_at"`
	Seen       Time       `json:"seen_at"`
	Only       []string   `json:"only,omitempty" doc:"Organisations and jobs whose work it does, as it said when it last asked for some; left out: everybody's"`
	Not        []string   `json:"not,omitempty" doc:"Likewise, whose work it does not do"`

	Stake tasknet.Amount `json:"stake,omitzero" doc:"Of its owner's, that counts for jobs which ask for one"`
}

// Nodes is a page of nodes, newest first.
type Nodes struct {
	Page
	Nodes []Node `json:"nodes"`
}

// TakeWork is the body of POST /v1/work.
type TakeWork struct {
	Wait    int      `json:"wait_seconds,omitempty" minimum:"0" maximum:"60" doc:"For something to do"`
	Working []string `json:"working,omitempty" maxItems:"64" doc:"Leases that the node works on: one that it has and does not name is given to it again"`
	Has     []string `json:"has,omitempty" maxItems:"64" doc:"Artefacts that it need not fetch"`
	Only    []string `json:"only,omitempty" maxItems:"64" doc:"Organisations and jobs whose work it does; left out: everybody's. What it was given before it may finish"`
	Not     []string `json:"not,omitempty" maxItems:"64" doc:"Organisations and jobs whose work it does not do, whatever only says"`
}

// Work is what a node was given, if there was anything.
type Work struct {
	Lease    *WorkLease `json:"lease,omitempty"`
	Unchosen bool       `json:"unchosen,omitempty" doc:"There is no lease, and work that the node could do waits which only and not leave out"`

	StakeAsked tasknet.Amount `json:"stake_asked,omitzero" doc:"Where there was nothing: the least stake that jobs ask for which wait, and the node's owner does not have"`
}

// WorkLease is what a node is to do.
type WorkLease struct {
	ID         string   `json:"id"`
	Job        string   `json:"job"`
	Title      string   `json:"title" doc:"Of the job"`
	Part       int      `json:"part"`
	From       int      `json:"from_row"`
	To         int      `json:"to_row"`
	Work       []byte   `json:"work" doc:"The work, in base64: JSON, whose SHA-256 the receipt names"`
	Checkpoint *JobFile `json:"checkpoint,omitempty" doc:"To go on from"`
	Step       int      `json:"step,omitempty" doc:"Of the checkpoint"`
	Serves     bool     `json:"serves,omitempty" doc:"The model is to be loaded and asked by POST /v1/leases/{id}/asks"`
	Asked      *JobFile `json:"asked,omitempty" doc:"Rows that were asked live and are to be answered again: rows.jsonl"`
	Expires    Time     `json:"expires_at" doc:"Report progress before"`
	BeatEvery  int      `json:"beat_seconds" doc:"How often progress should be reported"`
	MaxSeconds int      `json:"max_seconds"`
}

// Beat is the body of POST /v1/leases/{id}/progress.
type Beat struct {
	Progress   JobProgress   `json:"progress"`
	Told       []JobProgress `json:"told,omitempty" maxItems:"100" doc:"Of training, the ends of epochs since the last report, the oldest first, for the curve of the loss"`
	Checkpoint string        `json:"checkpoint,omitempty" doc:"An artefact, complete and no older than the job, from which another could go on"`
	Step       int           `json:"checkpoint_step,omitempty" minimum:"0" doc:"That it is of"`
}

// Beaten is the reply to a Beat.
type Beaten struct {
	Expires Time `json:"expires_at"`
}

// WorkReceipt is a node's signed word on what it did.
type WorkReceipt struct {
	Lease     string    `json:"lease"`
	Job       string    `json:"job"`
	Part      int       `json:"part"`
	Work      string    `json:"work_sha256"`
	Code      string    `json:"code" maxLength:"200" doc:"The program: its version, and by sha256: the hash of its file"`
	Trainer   string    `json:"trainer" maxLength:"100"`
	Class     string    `json:"class" maxLength:"100"`
	Began     int64     `json:"began_ms"`
	Ended     int64     `json:"ended_ms"`
	Outputs   []JobFile `json:"outputs" maxItems:"16"`
	Signature string    `json:"signature" doc:"By the node's key, of tasknet/compute-receipt/v1 over {began_ms, class, code, ended_ms, instance, job, lease, outputs: [{artefact, bytes, role}], part, trainer, work}"`
}

// NewAsk is the body of POST /v1/jobs/{id}/ask: what the model looks at, and nothing else.
type NewAsk struct {
	Text    string             `json:"text,omitempty" maxLength:"65536" doc:"For models of texts"`
	Numbers map[string]float64 `json:"numbers,omitempty" doc:"For models of tables, by their columns"`
	Picture []byte             `json:"picture,omitempty" maxLength:"250000" doc:"For models of pictures: a PNG or JPEG, in base64"`
	Wait    int                `json:"wait_ms,omitempty" minimum:"1" maximum:"60000" default:"10000" doc:"For the answer; one that comes later does not count"`
}

// Prediction is what a model says of a row.
type Prediction struct {
	Key           string             `json:"key"`
	Label         string             `json:"label"`
	Confidence    float64            `json:"confidence"`
	Probabilities map[string]float64 `json:"probabilities"`
}

// Answered is what a node said of a row.
type Answered struct {
	Prediction
	Ask       string `json:"ask"`
	Lease     string `json:"lease" doc:"The session in which it was answered"`
	Node      string `json:"node"`
	Key       string `json:"node_key"`
	Row       string `json:"row" doc:"As the node got it: JSON"`
	Said      string `json:"said" doc:"As the node said it: JSON"`
	Signature string `json:"signature" doc:"By the node's key, of tasknet/compute-answer/v1 over {ask, instance, job, lease, row, said}, the last two by their SHA-256 in hex"`
	Took      int64  `json:"took_ms"`
}

// Serve is the body of POST /v1/leases/{id}/asks.
type Serve struct {
	Answer *ModelAnswer `json:"answer,omitempty" doc:"To the ask that the node has"`
	Wait   int          `json:"wait_seconds,omitempty" minimum:"0" maximum:"60" doc:"For the next ask"`
}

// ModelAnswer is what a node says of an ask.
type ModelAnswer struct {
	Ask       string `json:"ask"`
	Said      string `json:"said" maxLength:"200000" doc:"A line of predictions, whose key is the ask's id"`
	Signature string `json:"signature"`
}

// Served is the reply to a Serve.
type Served struct {
	Counted bool      `json:"counted" doc:"The answer came in time, and is to be in what is handed in"`
	Ask     *AskedRow `json:"ask,omitempty"`
	End     bool      `json:"end,omitempty" doc:"The session is to be handed in; one without answers that counted is given back"`
}

// AskedRow is a row that a node is to answer.
type AskedRow struct {
	ID  string `json:"id"`
	Row string `json:"row" doc:"A line of rows.jsonl"`
}

// Serving is how a live job is asked.
type Serving struct {
	Nodes   int          `json:"nodes" doc:"That have the model loaded"`
	Waiting int          `json:"waiting" doc:"Rows that wait for an answer"`
	Answers int64        `json:"answers" doc:"That came in time, those of sessions that were lost too"`
	Half    float64      `json:"p50_ms" doc:"Half of them took no longer, from when the server had the row until it had the answer, up to a fifth"`
	Most    float64      `json:"p99_ms" doc:"99 of 100, likewise"`
	Times   []ServedTime `json:"times"`
}

// ServedTime counts answers by how long they took.
type ServedTime struct {
	Under   float64 `json:"under_ms" doc:"And not less than the time before"`
	Answers int64   `json:"answers"`
}
