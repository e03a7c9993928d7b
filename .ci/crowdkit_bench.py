"""Compares tasknet aggregate with Crowd-Kit: the same answers, the same number of iterations, in one run.

Seconds are those of computing, without reading: what `tasknet aggregate --json` says of itself, and what fit_predict takes
on a table that is in memory. tasknet uses all processors, Crowd-Kit what NumPy uses. Each is the median of some runs, one
when it takes long. Neither may end early: Dawid-Skene's and GLAD's tolerance is set so that all iterations are taken
(Crowd-Kit's own test ends Dawid-Skene too soon, as its loss is not that of what it has just computed). MACE starts once
in both, and not ten times as is Crowd-Kit's default.

Crowd-Kit's MACE counts guesses by worker in the order of their names and reads them in the order in which they appear, so
that people have the habits of others. "ordered" is the same with answers whose workers and labels appear in that order:
that is the model, and what to compare with.

Our seconds begin when the answers are numbers in memory, which is a part of reading them; theirs begin with a table of
names, of which fit_predict makes numbers or groups first. --quick takes about a minute: Dawid-Skene on 120,000 made-up
answers, GLAD and MACE on 6,000.

The exit status is 1 when a bar is missed on the made-up answers: 20 times as fast for Dawid-Skene, 10 for GLAD and MACE.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import pandas as pd
from crowdkit.aggregation import GLAD, KOS, MACE, DawidSkene, MajorityVote, OneCoinDawidSkene, Wawa, ZeroBasedSkill

BARS = {"ds": 20, "glad": 10, "mace": 10, "mace ordered": 10}
LONG = 2  # seconds, after which a run is not repeated
REPEATS = 3
QUICK = {120_000: ["ds"], 6_000: ["glad", "mace", "mace ordered"]}  # what is compared on how many made-up answers


def methods(iterations):
    """Returns, by name, our method and what makes theirs."""
    never = -np.inf  # what a loss cannot change by less than
    return {
        "majority": ("majority", MajorityVote),
        "wawa": ("wawa", Wawa),
        "zbs": ("zbs", lambda: ZeroBasedSkill(n_iter=iterations, eps=0)),
        "onecoin": ("onecoin", lambda: OneCoinDawidSkene(n_iter=iterations, tol=never)),
        "ds": ("ds", lambda: DawidSkene(n_iter=iterations, tol=never)),
        "glad": ("glad", lambda: GLAD(n_iter=iterations, tol=never)),
        "mace": ("mace", lambda: MACE(n_iter=iterations, n_restarts=1, random_state=0)),
        "mace ordered": ("mace", lambda: MACE(n_iter=iterations, n_restarts=1, random_state=0)),
        "kos": ("kos", lambda: KOS(n_iter=iterations)),
    }


def made_up(answers, folder):
    """Writes answers and truth of a made-up crowd: 3 classes, 2,000 workers as right as Beta(8, 3), 6 answers to a task."""
    rng = np.random.default_rng(1)
    tasks, per_task, workers, classes = answers // 6, 6, 2000, 3
    accuracy = rng.beta(8, 3, workers)
    truth = rng.integers(0, classes, tasks)
    first, step = rng.integers(0, workers, (tasks, 1)), rng.integers(1, workers // per_task, (tasks, 1))
    worker = (first + step * np.arange(per_task)) % workers  # no two are the same
    wrong = rng.random((tasks, per_task)) > accuracy[worker]
    label = (truth[:, None] + wrong * rng.integers(1, classes, (tasks, per_task))) % classes
    folder.mkdir(parents=True)
    names = np.repeat([f"t{t:07d}" for t in range(tasks)], per_task)
    pd.DataFrame({"task": names, "worker": [f"w{w:04d}" for w in worker.ravel()], "label": label.ravel()}).to_csv(folder / "answers.csv", index=False)
    pd.DataFrame({"task": [f"t{t:07d}" for t in range(tasks)], "label": truth}).to_csv(folder / "truth.csv", index=False)


def read(folder):
    """Returns answers and truth, all of them text, so that both programs have the same labels."""
    answers = pd.read_csv(folder / "answers.csv", dtype=str).rename(columns={"question": "task", "answer": "label"})
    truth = pd.read_csv(folder / "truth.csv", dtype=str).rename(columns={"question": "task", "truth": "label", "answer": "label"})
    return answers[["task", "worker", "label"]], truth.drop_duplicates("task").set_index("task")["label"]


def ordered(answers):
    """Names workers and labels so that the order of names is that of first appearance."""
    out = answers.copy()
    for column in ("worker", "label"):
        out[column], names = pd.factorize(answers[column])
    return out, dict(enumerate(names))


def repeat(run):
    """Returns the median of what run says it took, and its verdicts."""
    seconds = []
    while True:
        took, verdicts = run()
        seconds.append(took)
        if len(seconds) == REPEATS or took > LONG:
            return statistics.median(seconds), verdicts


def ours(tasknet, folder, method, iterations, scratch):
    out = scratch / "verdicts.csv"
    command = [tasknet, "aggregate", "--answers", folder / "answers.csv", "--method", method, "--out", out, "--json"]
    if method not in ("majority", "wawa"):
        command += ["--iterations", str(iterations)]

    def run():
        said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        if method not in ("majority", "wawa") and said["iterations"] != iterations:
            sys.exit(f"{method} took {said['iterations']} iterations and not {iterations}")
        return said["seconds"], pd.read_csv(out, dtype=str, usecols=["task", "label"]).set_index("task")["label"]

    return repeat(run)


def theirs(name, make, answers):
    names = None
    if name == "mace ordered":
        answers, names = ordered(answers)

    def run():
        table = answers.copy()
        began = time.perf_counter()
        verdicts = make().fit_predict(table)
        took = time.perf_counter() - began
        return took, verdicts if names is None else verdicts.map(names)

    return repeat(run)


def accuracy(verdicts, truth):
    both = verdicts.index.intersection(truth.index)
    return float((verdicts[both] == truth[both]).mean())


def compare(args, folder, chosen, scratch):
    """Yields a row for each chosen method."""
    answers, truth = read(folder)
    for name, (method, make) in methods(args.iterations).items():
        if name not in chosen or method == "kos" and answers["label"].nunique() != 2:
            continue
        our_seconds, our_verdicts = ours(args.tasknet, folder, method, args.iterations, scratch)
        their_seconds, their_verdicts = theirs(name, make, answers)
        yield {
            "set": folder.name,
            "answers": len(answers),
            "method": name,
            "ours_seconds": our_seconds,
            "theirs_seconds": their_seconds,
            "ratio": their_seconds / our_seconds,
            "ours_accuracy": accuracy(our_verdicts, truth),
            "theirs_accuracy": accuracy(their_verdicts, truth),
            "same": float((our_verdicts == their_verdicts.reindex(our_verdicts.index)).mean()),
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=pathlib.Path, metavar="FOLDER", help="with answers.csv and truth.csv")
    parser.add_argument("--tasknet", required=True, help="the binary")
    parser.add_argument("--answers", type=int, default=120_000, help="how many to make up; 0 for none")
    parser.add_argument("--quick", action="store_true", help="about a minute, on made-up answers alone")
    parser.add_argument("--iterations", type=int, default=50)
    parser.add_argument("--methods", default=",".join(methods(1)), help="some of " + ", ".join(methods(1)))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    chosen = args.methods.split(",")
    if unknown := set(chosen) - set(methods(1)):
        parser.error(f"there is no method {', '.join(sorted(unknown))}")
    if args.quick and args.folders:
        parser.error("--quick takes no FOLDER")
    warnings.simplefilter("ignore")

    rows, missed = [], []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        sets = [(folder, chosen) for folder in args.folders]
        if not sets and not args.quick and (data := os.environ.get("TASKNET_TEST_DATA")):
            sets = [(folder, chosen) for folder in sorted(pathlib.Path(data, "crowd").iterdir())]
        made = QUICK if args.quick else {args.answers: chosen} if args.answers else {}
        for answers, names in made.items():
            folder = scratch / str(answers) / "made-up"
            made_up(answers, folder)
            sets.append((folder, [name for name in names if name in chosen]))
        if not args.json:
            print(f"{args.iterations} iterations of those methods that iterate; seconds without reading\n")
            print(f"{'set':<12}{'answers':>9}  {'method':<13}{'ours (s)':>10}{'theirs (s)':>11}{'ratio':>8}{'bar':>5}  {'ours':>7}{'theirs':>8}{'same':>8}")
        for folder, names in sets:
            for row in compare(args, folder, names, scratch):
                rows.append(row)
                bar = BARS.get(row["method"])
                if bar and folder.name == "made-up" and row["ratio"] < bar:
                    missed.append(row["method"])
                if not args.json:
                    print(
                        f"{row['set']:<12}{row['answers']:>9}  {row['method']:<13}{row['ours_seconds']:>10.4f}{row['theirs_seconds']:>11.3f}"
                        f"{row['ratio']:>8.1f}{bar or '':>5}  {row['ours_accuracy']:>7.4f}{row['theirs_accuracy']:>8.4f}{row['same']:>8.4f}",
                        flush=True,
                    )
    if args.json:
        print(json.dumps(rows, indent=2))
    if missed:
        sys.exit(f"\nmissed on made-up answers: {', '.join(missed)}")


if __name__ == "__main__":
    main()
