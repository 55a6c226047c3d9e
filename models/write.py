"""Write samples of every task with a network: MIDI, a piano roll (PNG) and, where Node.js is there, WAV.

    python models/write.py --out runs/takes --task all --seed 4
    python models/write.py --checkpoint runs/lite/last.pt --midi tune.mid --task harmonise arrange
    python models/write.py --task compose --chords "Am F C G" --style game-driving --intensity 6
    python models/write.py --contact-sheet --out runs/sheets

The same seed writes the same files. Without `--checkpoint` it is the shipped network through onnxruntime. Material:
songs of our own made by rule, or held-out windows (`--prepared`), or your own MIDI file (`--midi`). WAV files are
played by the engine's synthesiser (`npm run render`). `--contact-sheet` draws fifty takes written from chords and
labels alone, five moods in five styles at a low and a high intensity, on five sheets, and counts their faults.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import faults
import rolls
import sampler
import sources
import tasks
import tokens as T
from notes import Take, take_of, to_midi
from passage import Passage
from sources import SourceError
from tasks import Job, TaskError

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "models" / "shipped" / "lite"
SHEET_STYLES = ("song", "chamber", "game-ambient", "game-driving", "role-playing")
SHEET_INTENSITIES = (2, 6)


@dataclass
class Network:
    """What is needed to write: a function of three int32 arrays, and the vocabulary it was trained with."""

    run: Callable
    table: T.VoicingTable
    quartiles: dict


@dataclass
class Material:
    """What the tasks work on."""

    passages: list[Passage]
    pairs: list[tuple[str, Passage, Passage]]  # name of the bridge, and its two sides
    plan: Passage  # chords and labels alone


def without_gradients(run: Callable) -> Callable:
    """A PyTorch runner that answers with arrays."""
    import torch

    def answer(*inputs):
        with torch.no_grad():
            return [out.numpy() for out in run(*inputs)]

    return answer


def open_network(path: Path) -> Network:
    """A checkpoint, or a folder that `export_onnx.py` wrote; raises `SourceError` where it is neither."""
    import export_onnx
    import likelihood

    card = (path if path.is_dir() else SHIPPED) / "model.json"
    try:
        words = json.loads(card.read_text())["vocabulary"]
        if path.is_dir():
            run, voicings = likelihood.onnx_runner(path / "model.int8.onnx"), words["voicings"]
        else:
            model, state = export_onnx.load_checkpoint(path)
            run, voicings = without_gradients(likelihood.torch_runner(model)), state["voicings"]
    except Exception as error:  # torch and onnxruntime raise their own kinds for broken files
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(f"{path} is neither a checkpoint nor an exported model: {reason}") from None
    return Network(run, T.VoicingTable(voicings), words["quartiles"])


def gather(args: argparse.Namespace, network: Network) -> Material:
    """The passages that the arguments name."""
    table, quartiles = network.table, network.quartiles
    chords = sources.parse_chords(args.chords) if args.chords else sources.progression(sources.MOODS[args.mood][2], 9)
    labels = {"mood": args.mood, "style": args.style or "role-playing"}
    labels["intensity"] = 4 if args.intensity is None else args.intensity
    plan = sources.plan(chords, tonic=None if args.chords else 9, **labels)
    if args.midi:
        passages = [sources.file_passage(p, table, quartiles, args.bar - 1, args.style) for p in args.midi]
        pairs = [("bridge", passages[0], passages[-1])]
    elif args.prepared:
        passages = sources.prepared_passages(args.prepared, table)
        if not passages:
            raise SourceError(f"{args.prepared} holds no full window with a melody.")
        pairs = _unlike(passages)
    else:
        songs = sources.own_songs(table, quartiles)
        passages = songs["4/4"]
        pairs = [
            ("bridge-keys", passages[0], next(p for p in passages if p.tonic != passages[0].tonic)),
            ("bridge-meters", songs["3/4"][0], songs["6/8"][-1]),
        ]
    asked = {"style": T.STYLES.index(args.style)} if args.style else {}
    asked |= {"intensity": args.intensity} if args.intensity is not None else {}
    passages = [sources.with_labels(p, **asked) for p in passages]
    return Material(passages, pairs, plan)


def _unlike(passages: list[Passage]) -> list[tuple[str, Passage, Passage]]:
    """Two passages of one length of bar and different keys."""
    first = passages[0]
    for other in passages[1:]:
        if other.tonic != first.tonic and other.bars[0, T.C_METER] == first.bars[0, T.C_METER]:
            return [("bridge", first, other)]
    return [("bridge", first, first)]


def jobs_of(task: str, material: Material, network: Network, args: argparse.Namespace, k: int) -> list[Job]:
    """The k-th sample of a task; its name tells bridges apart."""
    rng = np.random.default_rng([args.seed, zlib.crc32(task.encode()), k])
    passage = material.passages[(args.seed + k) % len(material.passages)]
    if task == "vary":
        return [tasks.vary(passage, rng)]
    if task == "bridge":
        return [replace(tasks.bridge(a, b, network.table, args.bridge_bars), name=n) for n, a, b in material.pairs]
    if task == "compose":
        return [tasks.compose(material.plan)]
    if task == "stinger":
        return [tasks.stinger(material.plan, args.stinger_bars)]
    return [tasks.TASKS[task](passage)]


def sheet_jobs(args: argparse.Namespace) -> list[Job]:
    """Fifty jobs from chords and labels alone, each in another key."""
    jobs = []
    for style in SHEET_STYLES:
        for mood, (_, _, mode) in sources.MOODS.items():
            for intensity in SHEET_INTENSITIES:
                tonic = (5 * len(jobs) + args.seed) % 12
                chords = sources.progression(mode, tonic)
                plan = sources.plan(chords, mood=mood, style=style, intensity=intensity, tonic=tonic)
                jobs.append(replace(tasks.compose(plan), name=f"{style}-{mood}-{intensity}"))
    return jobs


def write_takes(network: Network, named: list[tuple[str, Job]], args: argparse.Namespace) -> list[Take]:
    """Let the network write all jobs; the seed of each depends on its name alone."""
    seeds = [zlib.crc32(f"{args.seed} {name}".encode()) & 0x7FFFFFFF for name, _ in named]
    work = [
        sampler.Task(job.cells(), job.chords(), job.passage.bars, job.open, job.open_halves, seed,
                     tonic=job.passage.tonic, **job.scales())
        for (_, job), seed in zip(named, seeds, strict=True)
    ]  # fmt: skip
    written = sampler.write(network.run, work, args.passes, guidance=args.guidance, shapes=network.table.table)
    return [
        take_of(name, job, w.cells, w.chords, w.expression, network.table)
        for (name, job), w in zip(named, written, strict=True)
    ]


def faults_of(takes: list[Take], table: T.VoicingTable) -> str:
    """A table of the faults of takes, those of each intensity in a column."""
    levels = {int(take.passage.bars[0, T.C_INTENSITY]) for take in takes}
    looked = {level: [] for level in sorted(levels)}
    for take in takes:
        passage = take.passage
        seen = faults.look(passage.cells, passage.chords, passage.bars, passage.tonic, table)
        looked[int(passage.bars[0, T.C_INTENSITY])].append(seen)
    return faults.table({f"intensity {level}": faults.tally(some) for level, some in looked.items()})


def play(paths: list[Path]) -> None:
    """WAV files beside MIDI files, by the engine's synthesiser; says in a line why there are none."""
    npm = shutil.which("npm")
    if npm is None:
        print("No WAV files: Node.js is not installed.")
        return
    pairs = [str(p.resolve()) for path in paths for p in (path, path.with_suffix(".wav"))]
    done = subprocess.run([npm, "run", "--silent", "render", "--", *pairs], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["the renderer failed without a word"]
        print(f"Not all WAV files were written: {lines[0]} (`npm ci` installs what it needs)")


def run(args: argparse.Namespace) -> list[Path]:
    """Write everything that is asked for; returns the MIDI files."""
    network = open_network(args.checkpoint)
    if args.contact_sheet:
        named = [(job.name, job) for job in sheet_jobs(args)]
    else:
        material = gather(args, network)
        named = []
        for task in tasks.TASKS if "all" in args.task else args.task:
            for k in range(args.count):
                try:
                    found = jobs_of(task, material, network, args, k)
                except TaskError as error:
                    if "all" not in args.task:
                        raise
                    print(f"left out: {error}")
                    continue
                named += [(job.name if args.count == 1 else f"{job.name}-{k + 1}", job) for job in found]
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"{args.out} cannot be a folder: {error.strerror}.") from None
    takes = write_takes(network, named, args)
    paths = [args.out / f"{take.name}.mid" for take in takes]
    for take, path in zip(takes, paths, strict=True):
        to_midi(take, path)
        if not args.contact_sheet:
            rolls.draw(take, path.with_suffix(".png"))
            stems = ", ".join(f"{sum(n.stem == s for n in take.notes)} {s}" for s in T.STEMS if take.passage.has(s))
            print(f"{path}: {take.passage.title}: {stems}")
    if args.contact_sheet:
        for sheet in rolls.contact_sheets(takes, args.out):
            print(sheet)
        print(faults_of(takes, network.table))
    elif not args.no_wav:
        play(paths)
    return paths


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = result.add_argument
    add("--checkpoint", type=Path, default=SHIPPED, help="a checkpoint, or a folder as in models/shipped/")
    add("--out", type=Path, default=Path("runs/takes"))
    add("--task", nargs="+", default=["all"], choices=["all", *tasks.TASKS])
    add("--seed", type=int, default=4)
    add("--count", type=int, default=1, help="samples a task")
    add("--passes", type=int, default=sampler.PASSES, help="rounds of refinement, 1-32")
    add("--guidance", type=float, default=0.0, help="weight of guidance by the conditions")
    add(
        "--midi",
        nargs="+",
        type=Path,
        help="MIDI (or MusicXML, kern, ABC) files as theme or accompaniment; a bridge goes from first to last",
    )
    add("--bar", type=int, default=1, help="the bar at which the files are entered")
    add("--prepared", type=Path, help="a folder that prepare.py wrote")
    add("--chords", help='one a bar for compose and stinger, such as "Am F C G"; the first is the tonic')
    add("--mood", default="sad", choices=list(sources.MOODS), help="of compose and stinger")
    add("--style", choices=T.STYLES[:-1])
    add("--intensity", type=int, choices=range(8))
    add("--bridge-bars", type=int, default=4)
    add("--stinger-bars", type=int, default=2)
    add("--contact-sheet", action="store_true", help="fifty takes on five sheets, without WAV")
    add("--no-wav", action="store_true")
    return result


def main() -> int:
    args = parser().parse_args()
    try:
        run(args)
    except (SourceError, TaskError) as error:
        print(f"write.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
