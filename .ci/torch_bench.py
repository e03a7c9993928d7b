"""Times training steps of the trainers and of PyTorch, in turns, and prints the medians and their ratios.

The models are those of compute/train/torch/bench_test.go: 64 pictures of 28x28 a step, AdamW, and gradients clipped to the length 1.
A step of PyTorch is what its users write: forward, backward, clip_grad_norm_, the optimiser's step, and the loss as a number.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import time

BATCH = 64


def pytorch(threads):
    """Returns for each model and precision a function that makes a step."""
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    models = {
        "conv": nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(7 * 7 * 64, 128), nn.ReLU(), nn.Linear(128, 10),
        ),
        "dense": nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)),
    }
    x, y = torch.rand(BATCH, 1, 28, 28), nn.functional.one_hot(torch.randint(0, 10, (BATCH,)), 10).float()

    def stepper(model, bfloat16):
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0)

        def step():
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
                loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            return loss.item()

        return step

    print(f"PyTorch {torch.__version__}, threads: {threads}", file=sys.stderr)
    return {(name, kind): stepper(model, kind == "torch-bf16") for name, model in models.items() for kind in ("torch", "torch-bf16")}


def timed(step, steps):
    step()
    began = time.perf_counter()
    for _ in range(steps):
        step()
    return 1e3 * (time.perf_counter() - began) / steps


def trainer(binary, model, kind, steps, threads):
    """The milliseconds of a step of a trainer."""
    out = subprocess.run(
        [binary, "-test.run=^$", f"-test.bench=Step/model={model}/trainer={kind}$", f"-test.benchtime={steps}x", f"-threads={threads}"],
        check=True, capture_output=True, text=True,
    ).stdout
    return float(re.search(r"([\d.]+) ns/op", out).group(1)) / 1e6


def rows(model, kind, ours, ratio, slow):
    """The figures of a trainer as tasknet bench compute has them."""
    name = f"training step, {model}" + (", bf16" if kind == "torch-bf16" else "")
    out = [{"what": f"{name}: gomlx's time for one of torch", "value": slow / ours, "goal": None, "unit": "times", "better": "lower"}]
    if ratio is not None:
        out.insert(0, {"what": f"{name}: PyTorch's time for one of torch", "value": ratio, "goal": 1.0, "unit": "times", "better": "higher"})
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--pytorch", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print rows of figures as JSON")
    args = parser.parse_args()
    theirs = pytorch(args.threads) if args.pytorch else {}
    figures = []
    if not args.json:
        print(f"{'model':8}{'trainer':12}{'ms a step':>10}{'PyTorch':>10}{'PyTorch / ours':>16}{'gomlx / ours':>14}")
    for model in ("conv", "dense"):
        slow = statistics.median(trainer(args.binary, model, "gomlx", 5, args.threads) for _ in range(3))
        for kind in ("torch", "torch-bf16"):
            rounds = []
            for r in range(args.rounds):
                print(f"timing steps of {model} with {kind}: {r + 1} of {args.rounds}", file=sys.stderr)
                ours = trainer(args.binary, model, kind, 60, args.threads)
                rounds.append((ours, timed(theirs[model, kind], 60) if theirs else None))
            ours = statistics.median(r[0] for r in rounds)
            ratio = statistics.median(r[1] / r[0] for r in rounds) if theirs else None
            figures += rows(model, kind, ours, ratio, slow)
            line = f"{model:8}{kind:12}{ours:10.2f}"
            line += f"{statistics.median(r[1] for r in rounds):10.2f}{ratio:16.2f}" if theirs else " " * 26
            if not args.json:
                print(f"{line}{slow / ours:14.1f}")
    if args.json:
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
