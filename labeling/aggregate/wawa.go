package aggregate

// fitWawa is "worker agreement with aggregate" (Appen; also in Crowd-Kit, Ustalov, Pavlichenko and Tseitlin, 2024): an
// answer weighs as much as its worker agrees with the majority, in share of their answers, and the heaviest class wins.
// The posterior is a class's share of the weights. O(answers).
func fitWawa(v *Votes) *Result {
	b := countBallots(v)
	weights := agreement(v, fitMajority(v).Class)
	r := &Result{Posterior: b.share(weights), Convergence: Convergence{Converged: true}}
	r.concludeShare(b, weights)
	return r
}

// agreement returns of each worker the share of their answers that are the class of their task, 0 without any.
func agreement(v *Votes, class []int32) []float64 {
	agreed, answers := make([]float64, v.workers), v.perWorker()
	for t := range v.tasks {
		workers, classes := v.of(t)
		for i, w := range workers {
			if classes[i] == class[t] {
				agreed[w]++
			}
		}
	}
	for w, n := range answers {
		agreed[w] /= max(float64(n), 1)
	}
	return agreed
}
