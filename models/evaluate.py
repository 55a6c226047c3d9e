"""The evaluation table: a network on works that no training saw, beside the originals and its rivals.

    python models/evaluate.py --prepared runs/data --model runs/full/last.pt --ngram runs/ngram.pkl --out runs/full
    python models/evaluate.py --prepared runs/data --model models/shipped/lite --quick
    python models/evaluate.py --data some/folder --model models/shipped/full --prepared runs/data   # unseen files
    python models/evaluate.py ... --ablation --bench bench.json

`--model` is a checkpoint, a weights file, or a shipped folder: then its int8 graph writes the music, and the weights
beside it answer for the nats. `--data` takes MIDI, MusicXML, kern or ABC files that were in no training set, however
deep in the folder, and prints the table for them. What cannot be used is named with the reason; so are files whose
melodies stand in the training windows of `--prepared`. Without `--prepared` there are no rows of plagiarism and styles,
without `--ngram` no goals of nats. Rows are printed and kept as they come; `--out` gets `evaluation.json` at the end:
`{ model, data, rows: [{ metric, stem, value, low, high, heldout, baseline, goal, met }] }`.

`heldout` is the same statistic of the original bars, `baseline` the n-gram (nats), the rule-based arranger (statistics)
or a splice of another piece in the same key and meter (seams); of control and themes it is the sampler with a network
that knows nothing. Intervals are 95 % bootstraps over pieces.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import closed_loop
import control
import corpora
import export_onnx
import labels
import latency
import likelihood
import metrics
import own_folder
import prepare
import tokens as T

GROUPS = {"score": corpora.SCORES, "game": corpora.GAME}
WINDOWS, QUICK = 64, 12  # per group of passages; a row of control takes an eighth, and so does one of seeds
LEAST = 4  # windows below which a row of control says nothing
FLAGGED = 0.3  # share of a file's four-bar melodies that stand in training


@dataclass
class Subject:
    """What is evaluated: `network` is None where only the exported graph is there, `folder` may hold such graphs."""

    run: object
    network: torch.nn.Module | None
    voicings: list
    quartiles: dict | None
    facts: dict
    folder: Path


def subject(path: Path) -> Subject:
    """A checkpoint or weights through PyTorch, a shipped folder through onnxruntime; own_folder.Refused says what it is
    not."""
    try:
        return opened(path)
    except Exception as error:  # torch and onnxruntime raise their own kinds for broken files
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise own_folder.Refused(f"{path} is neither a checkpoint nor an exported model: {reason}") from None


def opened(path: Path) -> Subject:
    if path.is_dir():
        card = json.loads((path / "model.json").read_text())
        words = card["vocabulary"]
        facts = {"name": card["name"], "parameters": card["parameters"], "training": card["training"]}
        run = likelihood.onnx_runner(path / card["files"]["wasm"]["file"])
        shipped = path / "weights.safetensors"
        network = export_onnx.load_checkpoint(shipped)[0] if shipped.exists() else None
        return Subject(run, network, words["voicings"], words["quartiles"], facts | {"file": "int8, WASM"}, path)
    network, state = export_onnx.load_checkpoint(path)
    facts = {"name": state.get("name", path.stem), "parameters": export_onnx.parameters(network)}
    facts |= {"training": state["training"]}

    def run(*inputs: np.ndarray) -> list[np.ndarray]:
        with torch.no_grad():
            return [out.numpy() for out in likelihood.torch_runner(network)(*inputs)]

    return Subject(run, network, state["voicings"], state.get("quartiles"), facts | {"file": "float32"}, path.parent)


def nats(who: Subject, data: dict, meta: dict, args: argparse.Namespace) -> Iterator[dict]:
    """Rows of likelihood, where the network itself is there."""
    if who.network is None:
        print("no rows of nats: they need the network itself, a checkpoint or weights.safetensors", file=sys.stderr)
        return
    baselines = {}
    if args.ngram:
        with open(args.ngram, "rb") as file:
            baselines = pickle.load(file)
    else:
        print("no n-gram (--ngram): the rows of nats have no baseline and no goal", file=sys.stderr)
    yield from likelihood.table(who.network, data, meta, baselines)
    chained = {"windows": QUICK} if args.quick else {}
    yield from likelihood.chain(who.network, data, meta, baselines, **chained)
    if (who.folder / "model.int8.onnx").exists():
        yield from likelihood.quantised(who.network, who.folder, data, meta)


def music(bench: closed_loop.Bench, names: list[str], groups: dict, count: int) -> Iterator[dict]:
    """Rows of what is written."""
    every: list[int] = []
    for group, members in groups.items():
        which = closed_loop.full_windows(bench, names, members, count)
        if not len(which):
            continue
        rows, written = closed_loop.phrases(bench, group, which)
        yield from rows
        yield from closed_loop.continuations(bench, group, which)
        for row in control.obedience(bench, which, written):
            yield row | {"metric": f"{row['metric']}, {group}"}
        every += which[: max(count // 8, LEAST)].tolist()
    chosen = np.array(every, int)
    if not len(chosen):
        return
    yield from control.control(bench, chosen)
    yield from control.styles(bench, chosen[: count // 4])
    melodic = closed_loop.full_windows(bench, names, tuple(n for m in groups.values() for n in m), 4 * control.THEMES)
    yield from control.themes(bench, melodic)
    yield from control.diversity(bench, chosen[:: max(len(chosen) // max(count // 8, 1), 1)])


def unseen(folder: Path, who: Subject, train: dict | None) -> tuple[dict, dict]:
    """Windows of a folder of files as `prepare.py` makes them, and its meta; what was left out is said."""
    pieces, skipped = own_folder.read_folder(folder, print)
    labels.label(pieces, [True] * len(pieces), who.quartiles)
    music = prepare.windows(pieces, list(range(len(pieces))), T.VoicingTable(who.voicings), (own_folder.OWN,))
    if not music:
        raise own_folder.Refused(f"{folder} holds no bars whose parts can be told apart")
    for file, share in seen_in_training(music, pieces, train):
        print(f"{file}: {share:.0%} of its four-bar melodies stand in the training data; its rows prove little")
    pieces_meta = [{"name": p.name, "work": p.work, "heldout": True} for p in pieces]
    print(f"{len(pieces)} pieces, {len(skipped)} skipped, {len(music['cells'])} windows", flush=True)
    facts = {"corpora": [own_folder.OWN], "pieces": pieces_meta}
    return music, facts | {"skipped": [{"file": name, "reason": reason} for name, reason in skipped]}


def seen_in_training(data: dict, pieces: list, train: dict | None) -> Iterator[tuple[str, float]]:
    """Files with many melodies that stand in training, and the share."""
    if train is None:
        return
    known = train.setdefault("codes", None) or closed_loop.training_codes(train)
    train["codes"] = known
    codes = metrics.melody_codes(data["cells"][:, :, T.MELODY], 4)
    for number, piece in enumerate(pieces):
        mine = codes[data["piece"] == number]
        mine = mine[mine > 0]
        if len(mine) and (share := float(np.isin(mine, known[4]).mean())) > FLAGGED:
            yield piece.name, share


def show(row: dict) -> None:
    def number(value, width: int = 8) -> str:
        return (
            f"{value:{width}.3f}" if isinstance(value, float | int) else f"{'–' if value is None else value:>{width}}"
        )

    met = {None: "", True: "met", False: "NOT MET"}[row["met"]]
    span = f"[{number(row['low'], 0)}, {number(row['high'], 0)}]" if row["low"] is not None else ""
    print(f"{row['metric'][:70]:70} {row['stem']:9}{number(row['value'])} {span:18} held-out {number(row['heldout'])}  "
          f"baseline {number(row['baseline'])}  goal {number(row['goal'])}  {met}", flush=True)  # fmt: skip


def collect(rows: Iterator[dict], partial: Path | None) -> list[dict]:
    """Print rows as they come and keep what is there in a file of its own, so that nothing is lost."""
    kept = []
    for row in rows:
        kept.append(row)
        show(row)
        if partial:
            partial.write_text(json.dumps(kept))
    return kept


def all_rows(who: Subject, data: dict, meta: dict, train: dict | None, args: argparse.Namespace) -> Iterator[dict]:
    groups = {"own": (own_folder.OWN,)} if args.data else GROUPS
    count = args.windows or (QUICK if args.quick else WINDOWS)
    bench = closed_loop.Bench(who.run, data, who.voicings, train)
    yield from nats(who, data, meta, args)
    yield from music(bench, meta["corpora"], groups, count)
    if args.ablation:
        members = tuple(name for names in groups.values() for name in names)
        which = closed_loop.full_windows(bench, meta["corpora"], members, max(count // 2, 8))
        yield from closed_loop.ablation(bench, which)
    if args.bench:
        yield from latency.rows(args.bench, who.facts["name"] == "lite")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--model", type=Path, required=True, help="checkpoint, weights.safetensors or shipped folder")
    add("--prepared", type=Path, help="a folder that prepare.py wrote")
    add("--data", type=Path, help="a folder of files that were in no training set, instead of held-out works")
    add("--ngram", type=Path, help="what ngram.py wrote")
    add("--out", type=Path, help="where evaluation.json goes")
    add("--windows", type=int, help=f"passages a group, {WINDOWS} unless given")
    add("--quick", action="store_true", help=f"{QUICK} passages a group: a look, no result")
    add("--ablation", action="store_true", help="other passes, guidance and temperatures; no rewriting")
    add("--bench", type=Path, help="JSON of npm run bench, for the rows of latency")
    add("--threads", type=int, default=1)
    args = parser.parse_args(arguments)
    if not (args.prepared or args.data):
        parser.error("give --prepared (a prepared folder) or --data (a folder of files)")
    return args


def material(who: Subject, args: argparse.Namespace) -> tuple[dict, dict, dict | None]:
    """Windows to judge by, their meta, and the training windows; own_folder.Refused where there are none."""
    train = dict(np.load(args.prepared / "train.npz")) if args.prepared else None
    if args.data:
        return *unseen(args.data, who, train), train
    held = dict(np.load(args.prepared / "heldout.npz"))
    return held, json.loads((args.prepared / "meta.json").read_text()), train


def main(arguments: list[str] | None = None) -> int:
    args = parse(arguments)
    torch.set_num_threads(args.threads)
    try:
        if args.out:
            args.out.mkdir(parents=True, exist_ok=True)
        who = subject(args.model)
        data, meta, train = material(who, args)
    except (own_folder.Refused, OSError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    partial = args.out / "evaluation.partial.json" if args.out else None
    rows = collect(all_rows(who, data, meta, train, args), partial)
    works = {p["work"] for p in meta["pieces"] if p["heldout"]}
    judged = [r for r in rows if r["met"] is not None]
    print(f"{sum(r['met'] for r in judged)} of {len(judged)} goals are met")
    if args.out:
        found = {"held_out_works": len(works), "held_out_windows": len(data["cells"]), "windows": "16 bars"}
        found |= {"skipped": meta["skipped"]} if args.data else {}
        export_onnx.write_json(args.out / "evaluation.json", {"model": who.facts, "data": found, "rows": rows})
        partial.unlink()
        print(f"wrote {args.out / 'evaluation.json'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
