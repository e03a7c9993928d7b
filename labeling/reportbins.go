package labeling

import "slices"

// ReportCount is how many are at or over From and under To: a bar of a histogram.
type ReportCount struct {
	From  int `json:"from"`
	To    int `json:"to"` // exclusive
	Count int `json:"count"`
}

// paceEdges part the times between two answers, in seconds: as people feel time, each bin about a half longer than the one
// before it. The last is pauseMost.
var paceEdges = []int{0, 1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600}

// paceBins counts times in milliseconds, sorted and all under pauseMost.
func paceBins(gaps []int64) []ReportCount {
	bins := make([]ReportCount, len(paceEdges)-1)
	from := 0
	for i := range bins {
		bins[i] = ReportCount{From: paceEdges[i], To: paceEdges[i+1]}
		to, _ := slices.BinarySearch(gaps, int64(bins[i].To)*1000)
		bins[i].Count, from = to-from, to
	}
	return bins
}

// usedBinsMost is how many bars the answers of tasks have at most.
const usedBinsMost = 25

// used counts tasks by how many answers they used. Its length is one more than the most that any could have used.
type used []int

func (u *used) add(t *ClosedTask) {
	most := max(t.Question.Policy.Max, len(t.Answers))
	*u = append(*u, make([]int, max(most+1-len(*u), 0))...)
	(*u)[len(t.Answers)]++
}

// bins counts the tasks from 0 answers to the most that any could have used; one number of answers is a bar while there are
// few enough, then as many numbers as it takes.
func (u used) bins() []ReportCount {
	width := (len(u) + usedBinsMost - 1) / usedBinsMost
	var bins []ReportCount
	for from := 0; from < len(u); from += width {
		bin := ReportCount{From: from, To: from + width}
		for _, n := range u[from:min(bin.To, len(u))] {
			bin.Count += n
		}
		bins = append(bins, bin)
	}
	return bins
}
