package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/corpus"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/torchscript"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// newJob is what the commands have in common that make jobs.
type newJob struct {
	transfer
	title, labels, out string
	price, minStake    amount
	importance         int
	replicas           int
	gpu, wait          bool
	maxTime            time.Duration
	trainer, key       string
}

// upload is a file that a job reads.
type upload struct{ role, path string }

func (n *newJob) jobFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&n.labels, "labels", "", "the `file` with the labels of IDX pictures")
	n.nodeFlags(cmd)
	n.anyFlags(cmd)
}

// nodeFlags say which nodes may do a job.
func (n *newJob) nodeFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&n.gpu, "gpu", false, "only on nodes with a GPU")
	f.StringVar(&n.trainer, "trainer", "", "only on nodes with this trainer: gomlx or torch (default: any)")
}

// anyFlags are the flags of jobs of all kinds.
func (n *newJob) anyFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&n.title, "title", "", "what to call it (default: the file's name)")
	f.IntVar(&n.importance, "importance", 5, "1 to 10: of your jobs, those with the greatest go first")
	f.Var(&n.price, "price", "what it pays in all, in tokens (default: nothing)")
	f.IntVar(&n.replicas, "replicas", 0, "owners who do each part and are compared, 1 to 3; each is paid (default 1)")
	f.Var(&n.minStake, "min-stake", "what the owner of a node must have at stake to get any of it, in tokens (default: nothing)")
	f.DurationVar(&n.maxTime, "max-time", compute.MaxTimeDefault, "the most that a node may take for a part, a minute to 336h")
	f.BoolVar(&n.wait, "wait", false, "wait until it ends, and show how far it is")
	f.StringVarP(&n.out, "out", "o", "", "wait, and download what it made into this `folder`, which is not there yet")
	f.StringVar(&n.key, "idempotency-key", "", "a `name` for this: the same one again gets the same job, not a second")
	n.flags(cmd)
}

// errJobFailed reports a job that did not end well.
var errJobFailed = errors.New("the job did not end well")

// run uploads the files of a job, makes it, and waits for it when that is wanted.
func (p *program) runJob(ctx context.Context, n *newJob, j wire.NewJob, files ...upload) error {
	if n.out != "" {
		if err := isNew(n.out); err != nil {
			return err
		}
	}
	if n.price.value != nil {
		j.Price = *n.price.value
	}
	if n.minStake.value != nil {
		j.MinStake = *n.minStake.value
	}
	j.Replicas = n.replicas
	bar := p.newBar(n.asJSON)
	defer bar.end()
	requester, transfer, err := n.begin(bar)
	if err != nil {
		return err
	}
	j.Title, j.Importance, j.GPU, j.Trainer, j.MaxSeconds = n.title, n.importance, n.gpu, n.trainer, int(n.maxTime.Seconds())
	if j.Title == "" {
		j.Title = filepath.Base(files[0].path)
	}
	for _, f := range files {
		if f.path == "" {
			continue
		}
		a, err := uploadFile(ctx, requester, f.path, transfer)
		if err != nil {
			return err
		}
		j.Inputs = append(j.Inputs, wire.JobInput{Role: f.role, Artefact: a.ID, Name: filepath.Base(f.path)})
	}
	made, err := requester.NewJob(ctx, j, n.key)
	if err != nil {
		return err
	}
	if n.wait || n.out != "" {
		if made, err = p.awaitJob(ctx, requester, made, bar); err != nil {
			return err
		}
	}
	bar.end()
	if made.State == "done" && n.out != "" {
		if err := p.saveJob(ctx, requester, made, n.out, transfer); err != nil {
			return err
		}
	}
	switch {
	case n.asJSON:
		err = p.printJSON(made)
	case made.State == "done" && n.out != "":
		err = p.printf("%s is done; what it made is in %s\n", made.ID, n.out)
	default:
		err = p.printf("%s\n", made.ID)
	}
	if err == nil && (made.State == "failed" || made.State == "cancelled") {
		err = fmt.Errorf("%w: %s %s", errJobFailed, made.State, made.Problem)
	}
	return err
}

func uploadFile(ctx context.Context, requester *client.Requester, path string, t client.Transfer) (_ wire.Artefact, err error) {
	file, err := os.Open(path)
	if err != nil {
		return wire.Artefact{}, usagef("%v", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return wire.Artefact{}, err
	}
	t.Name = filepath.Base(path)
	return requester.UploadArtefact(ctx, file, info.Size(), t)
}

// readTasks reads the file of tasks that a job is about.
func readTasks(path, labels string) (*corpus.File, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, usagef("%s is a folder; name the file in it, such as rows.jsonl", path)
	}
	file, err := corpus.Open(path, labels)
	if err != nil {
		return nil, err
	}
	if file.Pictured() {
		return nil, usagef("%s names pictures that are files of their own, which jobs do not get yet; train with tasknet-node here, or write the pictures in the IDX format", path)
	}
	return file, nil
}

func (p *program) jobTrain() *cobra.Command {
	var n newJob
	preset, specPath := "", ""
	var choices []string
	cmd := &cobra.Command{
		Use: "train FILE", Short: "Have a model trained from labels", Args: cobra.ExactArgs(1),
		Long: `Have a node learn from labels: rows.jsonl of "tasknet dataset export --format jsonl", a .csv
table with the column label, or grey pictures in the IDX format.

Of 500 tasks with labels and more, the server keeps one in ten from all nodes, at least 100 and
at most 1,000, drawn by a seed whose hash is in the public log. The model counts when its loss
on them is surely below that of saying how frequent each class is (one-sided, 95 %); otherwise
it is not paid, and another owner's node trains one. When that is no better, or nothing is paid,
the job fails and the money comes back. Before it uploads, the command says what will be. With
fewer tasks, or a model that is too large to ask, a job that pays needs --replicas of 2 or 3.`,
		Example: `  tasknet job train posts.csv --preset text -o model`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if (preset == "") == (specPath == "") {
				return usagef("give one of --preset and --spec")
			}
			file, err := readTasks(args[0], n.labels)
			if err != nil {
				return err
			}
			spec, err := specFor(file, preset, specPath, choices)
			if err != nil {
				return err
			}
			plan, err := compute.NewPlan(spec) // before anything is uploaded
			if err == nil {
				err = plan.Learns()
			}
			if err != nil {
				return err
			}
			held, why := plan.HeldOf(len(file.Rows))
			if !n.asJSON {
				fmt.Fprintln(p.err, judgedBy(held, why)) // the output is the job's id alone
			}
			if why != "" && n.price.value != nil && n.price.value.Sign() > 0 && n.replicas < 2 {
				return usagef("a training that pays and is not judged by such tasks is done by two owners at least: add --replicas 2")
			}
			model, err := json.Marshal(spec)
			if err != nil {
				return err
			}
			return p.runJob(cmd.Context(), &n, wire.NewJob{Kind: "train", Model: model}, upload{"data", args[0]}, upload{"labels", n.labels})
		},
	}
	cmd.Flags().StringVar(&preset, "preset", "", "a model that does well on most: image, text or tabular")
	cmd.Flags().StringVar(&specPath, "spec", "", "a `file` with the spec of a model; the classes, and columns of numbers, may be left out")
	cmd.Flags().StringSliceVar(&choices, "choices", nil, "the choices in the order of the soft labels, where the file does not tell")
	n.jobFlags(cmd)
	return cmd
}

// judgedBy says by what a model that is to be trained will be accepted.
func judgedBy(held int, why compute.Unjudged) string {
	const otherwise = "the model is compared with others' by its bits alone, and otherwise counts as it is; when the job pays, two owners train one."
	switch why {
	case "":
		return fmt.Sprintf("The server keeps %d of the tasks from the nodes. The model counts, and is paid, when on them it is surely better than saying how frequent each class is.", held)
	case compute.FewTasks:
		return fmt.Sprintf("Fewer than %d tasks have labels, too few to keep some from the nodes: %s", compute.HiddenTasks, otherwise)
	default:
		return "The model is too large for the server to ask it about tasks that it keeps from the nodes: " + otherwise
	}
}

// specFor makes the spec of what is asked for.
func specFor(file *corpus.File, preset, path string, choices []string) (spec compute.Spec, err error) {
	if preset != "" {
		return file.Preset(preset, choices)
	}
	in, err := os.Open(path)
	if err != nil {
		return spec, usagef("--spec: %v", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if spec, err = compute.ReadSpec(in); err != nil {
		return spec, err
	}
	return file.Complete(spec, choices)
}

// ofModel begins a job about a model in a folder, as training writes it, or about a TorchScript module, and says what of it is to be
// uploaded.
func ofModel(kind, path string) (wire.NewJob, upload, error) {
	m, err := folder.LoadModel(path)
	if err != nil {
		return wire.NewJob{}, upload{}, err
	}
	weights := upload{"weights", filepath.Join(path, folder.WeightsFile)}
	if m.Script != "" {
		weights = upload{"script", m.Script}
		if err := checkScript(m.Script); err != nil { // before anything is uploaded
			return wire.NewJob{}, upload{}, err
		}
	}
	spec, err := json.Marshal(m.Plan.Spec)
	return wire.NewJob{Kind: kind, Model: spec, Temperature: m.Temperature}, weights, err
}

// checkScript refuses a module that nodes do not run.
func checkScript(path string) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return usagef("%v", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return torchscript.Check(file, info.Size())
}

const aboutModel = `MODEL is a folder that "job train" or tasknet-node has written, or a TorchScript module such as
net.pt with its spec in net.json: {"input": {"kind": "image", "height": 28, "width": 28},
"classes": ["cat", "dog"], "script": {"gives": "logits"}}. A module is asked by nodes with
libtorch alone, and what it takes is not known before: bound it by --max-time.`

func (p *program) jobInfer() *cobra.Command {
	var n newJob
	partRows := 0
	cmd := &cobra.Command{
		Use: "infer MODEL FILE", Short: "Ask a model about tasks, on many nodes", Long: "Ask a model about tasks, on many nodes.\n\n" + aboutModel, Args: cobra.ExactArgs(2),
		Example: `  tasknet job infer model more.csv -o answers
  tasknet job infer net.pt more.csv -o answers --max-time 1h`,
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := readTasks(args[1], n.labels)
			if err != nil {
				return err
			}
			j, weights, err := ofModel("infer", args[0])
			if err != nil {
				return err
			}
			j.Rows, j.PartRows = len(file.All()), partRows
			return p.runJob(cmd.Context(), &n, j, upload{"data", args[1]}, upload{"labels", n.labels}, weights)
		},
	}
	cmd.Flags().IntVar(&partRows, "part-rows", 0, "the most that a node gets at a time; 0: as many as it does in a minute")
	n.jobFlags(cmd)
	return cmd
}

func (p *program) jobEvaluate() *cobra.Command {
	var n newJob
	cmd := &cobra.Command{
		Use: "evaluate MODEL FILE", Short: "Have a model measured on labels", Long: "Have a model measured on labels.\n\n" + aboutModel, Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := readTasks(args[1], n.labels)
			if err != nil {
				return err
			}
			j, weights, err := ofModel("evaluate", args[0])
			if err != nil {
				return err
			}
			if len(file.Rows) == 0 {
				return usagef("%s has no labels", args[1])
			}
			return p.runJob(cmd.Context(), &n, j, upload{"data", args[1]}, upload{"labels", n.labels}, weights)
		},
	}
	n.jobFlags(cmd)
	return cmd
}
