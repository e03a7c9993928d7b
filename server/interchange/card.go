package interchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// counting is what a card says of the rows.
type counting struct {
	about    *About
	tasks    int
	labeled  int
	truths   int // tasks whose truth is known
	answers  int
	workers  map[string]bool
	unsure   int   // answers of those who could not tell
	classes  []int // tasks with each label, or regions of each class
	methods  map[string]int
	helped   int // by a model
	sureness int // sum of confidences, in parts per million
	agree    *agreement
}

func newCounting(about *About) *counting {
	return &counting{about: about, workers: map[string]bool{}, methods: map[string]int{}, classes: make([]int, len(about.Choices)), agree: newAgreement(len(about.Choices))}
}

func (c *counting) add(row *labeling.Labeled) {
	c.tasks++
	c.answers += len(row.Answers)
	c.agree.add(row)
	if row.Truth != nil {
		c.truths++
	}
	for _, a := range row.Answers {
		c.workers[a.Worker] = true
		if a.Value == "" && a.Choice == polls.CannotTell {
			c.unsure++
		}
	}
	if row.Value == "" && row.Choice == labeling.NoChoice {
		return
	}
	c.labeled++
	c.sureness += row.Confidence
	if strings.HasSuffix(row.Method, labeling.WithModel) {
		c.helped++
	}
	c.methods[row.Method]++
	for _, class := range c.classesOf(row) {
		if class < len(c.classes) {
			c.classes[class]++
		}
	}
}

// classesOf lists the class of the label, or of each of its regions.
func (c *counting) classesOf(row *labeling.Labeled) (classes []int) {
	if c.about.Type.IsLabel() {
		return []int{row.Choice}
	}
	v := row.Value // was checked
	switch c.about.Type {
	case polls.Multiple:
		classes, _ = v.Selection()
	case polls.Boxes:
		boxes, _ := v.Boxes()
		for _, b := range boxes {
			classes = append(classes, b.Class)
		}
	case polls.Polygons:
		polygons, _ := v.Polygons()
		for _, p := range polygons {
			classes = append(classes, p.Class)
		}
	case polls.Mask:
		masks, _ := v.Masks()
		for _, m := range masks {
			classes = append(classes, m.Class)
		}
	case polls.Spans:
		spans, _ := v.Spans()
		for _, s := range spans {
			classes = append(classes, s.Class)
		}
	}
	return classes
}

// sizeClass is how hubs say how large a dataset is.
func sizeClass(rows int) string {
	names := []string{"1K", "10K", "100K", "1M", "10M", "100M", "1B"}
	if rows < 1000 {
		return "n<1K"
	}
	for i, most := 0, 10_000; i+1 < len(names); i, most = i+1, most*10 {
		if rows < most {
			return names[i] + "<n<" + names[i+1]
		}
	}
	return "n>1B"
}

// category is the task that models of such data do, by the names of hubs; "" when there is none.
func (a *About) category() string {
	switch a.Type {
	case polls.Boxes:
		return "object-detection"
	case polls.Polygons, polls.Mask:
		return "image-segmentation"
	case polls.Spans:
		return "token-classification"
	case polls.Ranking, polls.Pair:
		return "text-ranking"
	case polls.Number, polls.Text:
		return ""
	}
	switch {
	case a.Image:
		return "image-classification"
	case a.Audio:
		return "audio-classification"
	}
	return "text-classification"
}

// process says how labels came about.
func (c *counting) process() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d people gave %d answers to %d tasks, each without seeing the others'. ", len(c.workers), c.answers, c.tasks)
	if c.unsure > 0 {
		fmt.Fprintf(&b, "%d answers say that the person cannot tell; they count for no label. ", c.unsure)
	}
	if missing := c.tasks - c.labeled; missing > 0 {
		fmt.Fprintf(&b, "%d tasks have no label, because nobody answered or could tell. ", missing)
	}
	b.WriteString("People are named by pseudonyms that are the same within this dataset and in no other.")
	return b.String()
}

// alpha is Krippendorff's, of types whose answer is one of the same choices for all tasks.
func (c *counting) alpha() (alpha float64, ok bool) {
	if !c.about.Type.IsLabel() || c.about.Choices == nil {
		return 0, false
	}
	return c.agree.alpha()
}

func (c *counting) hasClasses() bool {
	return len(c.about.Choices) > 0 && c.about.Type != polls.Ranking
}

// yaml writes what only we have into a card's head.
func (c *counting) yaml(line func(format string, values ...any)) {
	line("tasknet:\n  version: %s\n  manifest: %s\n  root: %s", quoted(c.about.Version), quoted(c.about.Manifest), quoted(c.about.Root))
	line("  type: %s\n  tasks: %d\n  labeled: %d\n  answers: %d\n  people: %d", c.about.Type, c.tasks, c.labeled, c.answers, len(c.workers))
	if c.truths > 0 {
		line("  truths: %d", c.truths)
	}
	line("  annotation_process: %s", quoted(c.process()))
	if share, ok := c.agree.percent(); ok {
		line("  agreement:\n    percent: %.4f", share)
		if alpha, ok := c.alpha(); ok {
			line("    krippendorff_alpha: %.4f", alpha)
		}
	}
	if c.hasClasses() {
		line("  labels:")
		for i, choice := range c.about.Choices {
			line("    %s: %d", quoted(choice), c.classes[i])
		}
	}
}

// tableCell is a text in a Markdown table.
func tableCell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ", "<", "&lt;").Replace(s)
}

// card is a dataset's README.md, whose head hubs and libraries read.
func card(about About, c *counting) string {
	var b strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&b, format+"\n", values...) }
	line("---")
	line("pretty_name: %s", quoted(about.Name))
	if about.License != "" {
		line("license: %s", quoted(about.License))
	}
	if len(about.Languages) > 0 {
		line("language:")
		for _, l := range about.Languages {
			line("- %s", quoted(l))
		}
	}
	line("size_categories:\n- %s", sizeClass(c.tasks))
	if category := about.category(); category != "" {
		line("task_categories:\n- %s", category)
	}
	line("annotations_creators:\n- crowdsourced")
	line("tags:\n- tasknet\n- human-feedback\n- soft-labels")
	line("configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/*.parquet")
	line("dataset_info:\n  features:")
	yaml(&b, about.features(), "  ")
	c.yaml(line)
	line("---\n")

	line("# %s\n", tableCell(about.Name))
	if about.Description != "" {
		line("%s\n", about.Description)
	}
	line("| | |\n|---|---|")
	row := func(name, value string) {
		if value != "" {
			line("| %s | %s |", tableCell(name), tableCell(value))
		}
	}
	row("Version", about.Version)
	row("Made", at(about.Created))
	row("Manifest (SHA-256)", about.Manifest)
	row("Merkle root", about.Root)
	row("Tasks", fmt.Sprint(c.tasks))
	row("Tasks with a label", fmt.Sprint(c.labeled))
	if c.truths > 0 {
		row("Tasks whose truth the requester gave", fmt.Sprint(c.truths))
	}
	row("Answers", fmt.Sprint(c.answers))
	row("People", fmt.Sprint(len(c.workers)))
	line("\n## Annotation process\n")
	line("%s\n", c.process())
	if about.Text != "" {
		line("The question was:\n\n> %s\n", strings.ReplaceAll(strings.TrimSpace(about.Text), "\n", "\n> "))
	}
	if about.Instructions != "" {
		line("People had these instructions:\n\n> %s\n", strings.ReplaceAll(strings.TrimSpace(about.Instructions), "\n", "\n> "))
	}
	for _, method := range sortedKeys(c.methods) {
		line("- %d labels by %s", c.methods[method], tableCell(method))
	}
	line("\n## Agreement\n")
	line("| figure | value |\n|---|---|")
	if c.labeled > 0 {
		row("Mean confidence in a label", fmt.Sprintf("%.4f", float64(c.sureness)/float64(c.labeled)/million))
		row("Answers per task", fmt.Sprintf("%.2f", float64(c.answers)/float64(c.tasks)))
	}
	if share, ok := c.agree.percent(); ok {
		row("Pairs of answers to a task that are the same", fmt.Sprintf("%.4f", share))
	}
	if alpha, ok := c.alpha(); ok {
		row("Krippendorff's alpha", fmt.Sprintf("%.4f", alpha))
	}
	for _, f := range about.Figures {
		row(f.Name, f.Value)
	}
	if c.hasClasses() {
		line("\n## Labels\n")
		line("| label | count |\n|---|---|")
		for i, choice := range about.Choices {
			row(choice, fmt.Sprint(c.classes[i]))
		}
	}
	line("\n## Columns\n")
	line("`label` (or `objects`, `spans`) is what the answers amount to. `soft_label` has the probability of each choice, or the share that selected it, `label_value` a label")
	line("that is no choice, as canonical JSON. `answers` are all answers as they were given, each with its `time` in UTC, `confidence` is the probability of the label or, where")
	line("there is none, how much answers agree or how right the label is expected to be, by its method. `question_id` and `hash` lead to the public records that the label can be recomputed from.")
	if about.hasWeight() {
		line("\n`weight` is how much a task counts where a model learns from it: (confidence - 1/n) / (1 - 1/n) for n choices, and 0.05 at the least; 0 where there is no label. It")
		line("follows from the confidence: neither the manifest nor the hash of a row is over it.")
	}
	if c.helped > 0 {
		line("\nA model helped with %d of the labels: their `method` ends in `+model`, and their `answers`, as everywhere, are those of people alone.", c.helped)
	}
	if about.Truth {
		line("\n`truth` is what the requester knew to be the answer, where they did: a choice's word, or a value as canonical JSON. People did not see it.")
	}
	return b.String()
}

func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
