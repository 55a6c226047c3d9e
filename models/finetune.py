"""Adapt the shipped weights to a composer's own pieces, in minutes on a CPU, and export what the engine loads.

    python models/finetune.py --from models/shipped/lite/weights.safetensors --midi my-pieces --out runs/mine

Reads MIDI, MusicXML, kern and ABC files (`own_folder.py`), holds some of them out, and trains all weights at half the
rate of training until `--minutes` are spent (5) or the held-out music gets worse; the best weights are kept. Nats per
hidden cell are printed before and after, with the same masks both times. The folder appears whole at the end, or not
at all: Ctrl-C and errors leave what was there before. See docs/finetune.md.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parent))

import export_onnx
import masks
import tokens as T
import train
import weights
from model import Attacca
from own_folder import OWN, Music, Refused, gather
from windows import Windows

BATCH = 16  # windows a step
RATE = 1e-3  # peak, half of training's; see the measurement in docs/finetune.md
WARM_UP = 10  # steps
FLOOR = 0.1  # of the peak at the end
AVERAGE = 0.97  # of the weights: some 30 steps
LOOKS = 12  # times that the held-out music is looked at
PATIENCE = 3  # looks without a new best before it ends
TEST_BATCHES = 4  # of BATCH windows with fixed masks
LEAST_GAIN = 0.002  # nats on held-out music that are worth a new model
FILES = ("model.json", "model.int8.onnx", "model.webgpu.onnx", "parity.json", "weights.safetensors", "MODEL_CARD.md")


@dataclass
class Result:
    """What a fine-tuning did: nats by stem before and after, on held-out music and on training music."""

    held: tuple[dict[str, float], dict[str, float]]
    training: tuple[dict[str, float], dict[str, float]]
    steps: int
    minutes: float
    stopped: bool


class Draws:
    """Training batches whose style is drawn anew, so that the music is learned under whatever style a game asks."""

    def __init__(self, data: dict[str, np.ndarray], seed: int) -> None:
        self.windows = Windows(data, {"corpora": [OWN]}, seed, augmented=False)
        self.rng = np.random.default_rng(seed)

    def batch(self) -> dict[str, Tensor]:
        found = self.windows.batch(BATCH)
        there = found["bars"][:, :, T.C_METER] != T.METER_ABSENT  # B 16
        told = there & (self.rng.random((BATCH, 1)) >= masks.DROP_CONDITION)
        style, unknown = self.rng.integers(0, len(T.STYLES) - 1, (BATCH, 1)), len(T.STYLES) - 1
        found["bars"][:, :, T.C_STYLE] = np.where(told, style, unknown)
        return train.to_tensors(found)


@torch.no_grad()
def nats(model: Attacca, batches: list[dict[str, Tensor]]) -> dict[str, float]:
    """Mean nats per hidden cell by stem and of the chords, and `all`: the mean of these."""
    model.eval()
    found: dict[str, list[float]] = {}
    for batch in batches:
        for stem, value in train.losses(model, batch)[1].items():
            if stem in train.STEM_WEIGHTS:
                found.setdefault(stem, []).append(float(value))
    means = {stem: float(np.mean(found[stem])) for stem in train.STEM_WEIGHTS if stem in found}
    return means | {"all": float(np.mean(list(means.values())))}


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


class Tuning:
    """One fine-tuning: the network, its running average, and the best average so far."""

    def __init__(self, model: Attacca, music: Music, rate: float, seed: int) -> None:
        torch.manual_seed(seed)
        self.model, self.rate = model, rate
        self.optimisers = train.make_optimisers(model, rate)
        self.draws = Draws(music.training, seed)
        self.held = [draw.batch() for draw in [Draws(music.held, 7)] for _ in range(TEST_BATCHES)]
        self.seen = [draw.batch() for draw in [Draws(music.training, 7)] for _ in range(TEST_BATCHES)]
        self.average = {name: value.clone() for name, value in model.state_dict().items()}
        self.best = {name: value.clone() for name, value in self.average.items()}
        self.judge = Attacca(model.config)  # holds the average when it is tested
        self.step = 0

    def test(self, state: dict[str, Tensor], batches: list[dict[str, Tensor]]) -> dict[str, float]:
        self.judge.load_state_dict(state)
        return nats(self.judge, batches)

    def advance(self, spent: float) -> None:
        """One step; `spent` is the share of the time that lies behind it."""
        share = min(1.0, (self.step + 1) / WARM_UP) * (FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * spent)))
        for group in (g for o in self.optimisers for g in o.param_groups):
            group["lr"] = self.rate * share * group.get("scale", 1.0)
        self.model.train()
        with train.mixed_precision(torch.device("cpu")):
            loss, _ = train.losses(self.model, self.draws.batch())
        if not torch.isfinite(loss):
            raise Refused(f"training left all bounds after {self.step} steps: give a --rate below {self.rate:g}")
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), train.CLIP)
        for optimiser in self.optimisers:
            optimiser.step()
        self.step += 1
        blend = min(AVERAGE, (1 + self.step) / (10 + self.step))
        for name, value in self.model.state_dict().items():
            self.average[name].lerp_(value, 1 - blend)


def adapt(
    model: Attacca, music: Music, minutes: float, rate: float, seed: int, say: Callable[[str], None],
    steps: int | None = None,
) -> Result:  # fmt: skip
    """Train until the time (or the number of steps) is spent; `model` ends with the best averaged weights."""
    run = Tuning(model, music, rate, seed)
    before = (run.test(run.best, run.held), run.test(run.best, run.seen))
    lowest, worse, looked, stopped = before[0]["all"], 0, 0, False
    say(f"held-out music: {lowest:.3f} nats a hidden cell before; up to {minutes:g} minutes follow")
    start = time.monotonic()
    spent = 0.0
    while spent < 1 and not stopped:
        run.advance(spent)
        passed = time.monotonic() - start
        spent = min(run.step / steps if steps else passed / (60 * minutes), 1.0)
        if spent * LOOKS < looked + 1:
            continue
        looked = int(spent * LOOKS)
        now = run.test(run.average, run.held)["all"]
        if now < lowest - LEAST_GAIN:
            lowest, worse = now, 0
            run.best = {name: value.clone() for name, value in run.average.items()}
        else:
            worse += 1
            stopped = worse == PATIENCE
        left = passed * (1 - spent) / spent
        note = "best so far" if worse == 0 else f"no gain for {worse} of {PATIENCE} looks"
        say(f"{clock(passed)} passed, {clock(left)} left, step {run.step}: held-out {now:.3f} nats, {note}")
    model.load_state_dict(run.best)
    model.eval()
    after = (run.test(run.best, run.held), run.test(run.best, run.seen))
    passed = (time.monotonic() - start) / 60
    return Result((before[0], after[0]), (before[1], after[1]), run.step, round(passed, 2), stopped)


def table(result: Result) -> list[str]:
    """Rows of stem, held-out before and after, training before and after."""
    rows = ["| stem | held-out before | after | training before | after |", "| --- | --- | --- | --- | --- |"]
    for stem in result.training[0]:
        figures = [side.get(stem) for side in (*result.held, *result.training)]
        rows.append(f"| {stem} | " + " | ".join("–" if f is None else f"{f:.3f}" for f in figures) + " |")
    return rows


def card(name: str, source: dict, music: Music, result: Result) -> str:
    """The short MODEL_CARD.md of an export."""
    held = f"{music.held_files} of the files" if music.held_files else "the last quarter of each file"
    end = "ended early, since held-out music no longer got better" if result.stopped else "ran its time"
    return "\n".join([
        f"# Model card: {name}", "",
        f"The weights of Attacca's `{source['name']}` {source['version']}, fine-tuned with `models/finetune.py` on "
        f"{music.files} files ({music.bars:,} bars) on {date.today().isoformat()}.", "",
        "**Licences.** Whoever publishes this model must hold the rights to the pieces it was tuned on: it can repeat "
        f"phrases of them. The weights it started from have their own card, see `{source['name']}`.", "",
        f"**Training.** {result.steps} steps of {BATCH} windows in {result.minutes:g} minutes; it {end}. The best "
        "averaged weights were kept. Voicings and quartiles are those of the first weights.", "",
        f"**Figures.** Nats per hidden cell with fixed masks, lower is better. Held out: {held}. `all` is the mean of "
        "the rows. The best weights were chosen by the held-out figure, which flatters it a little.", "",
        *table(result), "",
        "**Limits.** A few pieces teach a manner, not a new kind of music. Other music than this folder's may now come "
        "out worse than from the first weights; nobody has measured that here.", "",
    ])  # fmt: skip


def check_target(out: Path) -> None:
    """Refuse to replace anything but an earlier export."""
    if out.exists() and not out.is_dir():
        raise Refused(f"{out} is a file: give the name of a folder")
    others = sorted(p.name for p in out.iterdir() if p.name not in FILES) if out.exists() else []
    if others:
        raise Refused(f"{out} holds other things than an earlier export ({others[0]}): give a new folder")
    above = next(folder for folder in out.resolve().parents if folder.exists())
    if not os.access(above, os.W_OK):
        raise Refused(f"{above} cannot be written to: give another folder")


def publish(made: Path, out: Path, aside: Path) -> None:
    """Put the finished folder in its place in one go; Ctrl-C waits for it."""
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        if out.exists():
            os.rename(out, aside)
        os.rename(made, out)
    finally:
        signal.signal(signal.SIGINT, handler)


def finetune(
    source: Path, folder: Path, out: Path, minutes: float = 5.0, rate: float = RATE, seed: int = 1,
    name: str | None = None, steps: int | None = None, say: Callable[[str], None] = print,
) -> Result:  # fmt: skip
    """The whole way from a folder of pieces to a folder that the engine loads."""
    check_target(out)
    try:
        model, facts = weights.load(source)
    except ValueError as error:
        raise Refused(f"{error}: give the weights.safetensors of a shipped model with --from") from None
    music = gather(folder, facts["voicings"], facts["quartiles"], say)
    held = f"{music.held_files} of them held out" if music.held_files else "the last quarter of each held out"
    say(f"{music.files} files, {music.bars:,} bars, {held}; {len(music.skipped)} files skipped")
    result = adapt(model, music, minutes, rate, seed, say, steps)
    for row in table(result):
        say(row)
    if result.held[0]["all"] - result.held[1]["all"] < LEAST_GAIN:
        raise Refused("the held-out music did not get better, so nothing was written: add pieces or lower the --rate")
    training = facts["training"] | {
        "version": facts["version"],
        "finetuned": {
            "from": {"name": facts["name"], "version": facts["version"]},
            "files": music.files, "bars": music.bars, "steps": result.steps, "minutes": result.minutes,
            "batch": BATCH, "rate": rate, "seed": seed, "heldout": {"before": result.held[0], "after": result.held[1]},
        },
    }  # fmt: skip
    say("exporting, about half a minute")
    out.parent.mkdir(parents=True, exist_ok=True)
    name = name or out.resolve().name
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".finetune-") as scratch:
        made = Path(scratch) / "made"
        export_onnx.export(model, made, name, facts["voicings"], training, facts["quartiles"])
        (made / "MODEL_CARD.md").write_text(card(name, facts, music, result))
        publish(made, out, Path(scratch) / "before")
    say(f"{out}: held-out {result.held[0]['all']:.3f} -> {result.held[1]['all']:.3f} nats a hidden cell")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="source", type=Path, required=True, help="weights.safetensors to start from")
    parser.add_argument("--midi", type=Path, required=True, help="folder of MIDI, MusicXML, kern or ABC files")
    parser.add_argument("--out", type=Path, required=True, help="folder for the export")
    parser.add_argument(
        "--minutes", type=float, default=5.0, help="training time, 0.1 to 240; reading and export add to it"
    )
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--name", help="of the model; default: the name of the folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args()
    if not 0.1 <= args.minutes <= 240:
        parser.error(f"--minutes must be within 0.1 and 240, got {args.minutes:g}")
    if not 0 < args.rate < 1:
        parser.error(f"--rate must be above 0 and below 1, got {args.rate:g}")
    torch.set_num_threads(max(args.threads, 1))
    try:
        finetune(args.source, args.midi, args.out, args.minutes, args.rate, args.seed, args.name)
    except (Refused, OSError) as error:
        print(f"finetune: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"finetune: stopped; {args.out} is as it was", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
