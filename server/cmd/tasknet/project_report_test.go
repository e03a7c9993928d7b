package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// TestReportPage makes the page of a project whose people disagree on a task with everything in it that a page could choke on.
func TestReportPage(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	address, key := served(t, filepath.Join(dir, "data"))
	c, err := client.New(address, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	requester := c.Requester(key)
	var raw bytes.Buffer
	if err := png.Encode(&raw, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	stored, err := requester.Upload(t.Context(), raw.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	project, err := requester.NewProject(t.Context(), wire.NewProject{Name: "Birds", Text: "Which bird?", Choices: []string{"heron", "<b>egret</b>"}, Quorum: wire.Quorum{Policy: "fixed:3"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	rows := []wire.TaskRow{{Key: "a", Passage: "Seen <script>alert(1)</script> at dawn", Image: stored.Hash, ImageAlt: `A "grey" one`}, {Key: "b", Passage: "Undisputed"}}
	if made, err := requester.AddTasks(t.Context(), project.ID, rows, ""); err != nil || made.Made != 2 {
		t.Fatalf("tasks: %+v, %v", made, err)
	}
	for task, choices := range map[string][]int{"a": {0, 1, 0}, "b": {0, 0, 0}} {
		found, err := requester.Task(t.Context(), project.ID, task)
		if err != nil {
			t.Fatal(err)
		}
		answering(t, address, found.Question, choices...)
		awaitClosed(t, requester, found.Question)
	}
	file := filepath.Join(dir, "report.html")
	if code, _, stderr := run(t, "project", "report", project.ID, "--html", file); code != exitOK {
		t.Fatalf("report: status %d, %s", code, stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, want := range []string{
		"Seen &lt;script&gt;alert(1)&lt;/script&gt; at dawn", "Which bird?", "&lt;b&gt;egret&lt;/b&gt;", `alt="A &#34;grey&#34; one"`, `<img src="data:image/png;base64,`,
		"3.0 on average, where a fixed number would have been 3", ">fixed: 3</text>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "Undisputed") || strings.Contains(page, "<script") || strings.Contains(page, "ZgotmplZ") {
		t.Errorf("the page has what it should not: %s", page)
	}
	// A table that is wider than a phone scrolls in a box of its own.
	if tables, boxes := strings.Count(page, "<table>"), strings.Count(page, `<div class="scroll" tabindex="0"><table>`); tables < 4 || tables != boxes {
		t.Errorf("%d of %d tables are in a box", boxes, tables)
	}
	// It needs no server: all that it loads is in it.
	for _, src := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(src[1], "data:") {
			t.Errorf("the page loads %s", src[1])
		}
	}
}

// TestReportPlots draws bars to scale, with words where they belong.
func TestReportPlots(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{1: 1, 4: 1, 5: 2, 8: 2, 9: 5, 20: 5, 21: 10, 200: 50, 201: 100} {
		if got := roundStep(n); got != want {
			t.Errorf("the step to %d is %d, want %d", n, got, want)
		}
	}
	r := &labeling.Report{
		Tasks: 10, Answers: 20, AnswersFixed: 30,
		AnswersUsed:  []labeling.ReportCount{{From: 0, To: 1}, {From: 1, To: 2}, {From: 2, To: 3, Count: 8}, {From: 3, To: 4, Count: 2}},
		AnswerTimes:  []labeling.ReportCount{{From: 0, To: 1}, {From: 1, To: 2, Count: 3}, {From: 2, To: 600, Count: 4}},
		AnswerMedian: 1.5,
	}
	used := usedPlot(r)
	want := &plot{
		Name:  "How many tasks used how many answers: 2.0 on average, where a fixed number would have been 3.",
		Bars:  []plotBar{{202.75, 26, 62, 154}, {280.25, 141.5, 62, 38.5}},
		Lines: []plotWord{{141.5, "2"}, {103, "4"}, {64.5, "6"}, {26, "8"}},
		Words: []plotWord{{78.75, "0"}, {233.75, "2"}, {311.25, "3"}},
		Mark:  &plotWord{311.25, "fixed: 3"},
	}
	if diff := cmp.Diff(want, used); diff != "" {
		t.Errorf("answers used (-want +got):\n%s", diff)
	}
	times := timesPlot(r)
	if len(times.Bars) != 2 || times.Mark.Text != "1.5 s" || times.Mark.At != 195 || times.Words[3].At != 350 {
		t.Errorf("times: %+v", times)
	}
	if empty := (&labeling.Report{}); timesPlot(empty) != nil || usedPlot(empty) != nil {
		t.Error("nothing is drawn")
	}
	if got := span(labeling.ReportCount{From: 41, To: 82}); got != "41–81" {
		t.Errorf("a wide bar is %s", got)
	}
}

// TestReportPageOfValues makes the page of answers that are numbers, of which more are closed than it is about.
func TestReportPageOfValues(t *testing.T) {
	t.Parallel()
	alpha := 0.625
	r := &labeling.Report{
		Type: "number", Tasks: 12, LeftOut: 3, Skills: []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 2},
		Likeness: &labeling.ReportLikeness{Mean: 0.875, Tenths: []int{0, 0, 0, 0, 0, 0, 0, 0, 5, 7}, Alpha: &alpha, Compared: 11},
		Agreeing: []labeling.ReportAgreeing{{Respondent: "rsp_a", Answers: 40, Share: 0.75, Low: 0.5, High: 0.875}},
		Skipped:  []labeling.ReportSkip{{Reason: "wrong_choices", Times: 4}, {Reason: "none", Times: 2}},
		Reported: []labeling.ReportSkip{{Key: "k<9>", Question: "q_9", Reason: "wrong_choices", Times: 3}},
		Matrix:   &labeling.ReportMatrix{People: []polls.RespondentID{"rsp_a", "rsp_b"}, Tasks: [][]int{{0, 9}, {9, 0}}, Share: [][]float64{{0, 0.25}, {0.25, 0}}},
	}
	shown := []disputed{{ReportTask: labeling.ReportTask{Key: "k", Counts: []int{}, Label: labeling.NoChoice, Value: []byte(`"<4>"`), Confidence: 0.375}}}
	var out strings.Builder
	if err := reportTemplate.Execute(&out, reportView{r, nil, nil, shown}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"leaves out, as there are too many</th><td class=\"n\">3</td>", "it is 0.875; Krippendorff&#39;s alpha is 0.625", "of 11 tasks", "like the label their answers are",
		"<td class=\"n\">0.750</td><td class=\"n\">0.500</td>", "0.25 of 9", "<th>2 <code>rsp_b</code></th>", "Label <code>&#34;&lt;4&gt;&#34;</code>", "Agreement 0.375",
		"<p>wrong choices 4, no reason given 2.</p>", "<code>k&lt;9&gt;</code></td><td>wrong choices</td><td class=\"n\">3</td>",
	} {
		if !strings.Contains(out.String(), want) && !strings.Contains(out.String(), strings.ReplaceAll(want, "&#39;", "'")) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(out.String(), "Confidence 0.375") || strings.Contains(out.String(), "ZgotmplZ") {
		t.Errorf("the page has what it should not: %s", out.String())
	}
}
