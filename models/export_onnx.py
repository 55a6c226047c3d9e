"""Checkpoint -> the files that the browser loads, with their hashes and their measured parity.

    python models/export_onnx.py --checkpoint runs/full/last.pt --name full --out models/shipped/full
    python models/export_onnx.py --checkpoint runs/full/last.pt --name lite --exit --out models/shipped/lite

Writes `model.int8.onnx` (dynamic int8 MatMul for WASM), `model.webgpu.onnx` (weight-only
int8, one scale per column, no zero points), `weights.safetensors` (to train on from, `weights.py`),
`model.json` (vocabulary, shapes, hashes) and `parity.json` (inputs, outputs of the fp32 PyTorch network and the
tolerance of each file). The checkpoint is `last.pt` or a `weights.safetensors`.
Each file is written beside its place and renamed, so a reader never sees half a file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import tempfile
import warnings
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

import tokens as T
import weights
from model import Attacca, Config, parameters, shallow

OPSET = 18  # the lowest the design asks for; every browser runtime of the last years reads it
PROBES = 200  # outputs pinned per tensor in parity.json
INPUTS = ("cells", "chords", "bars")
OUTPUTS = ("cell_logits", "chord_logits", "expression_logits")
EXACT = 1e-3  # largest difference of logits between PyTorch and the float graph
SMALL = 2048  # embeddings with fewer values than this stay float32


def load_checkpoint(path: Path) -> tuple[Attacca, dict]:
    """The averaged network of a checkpoint in evaluation mode, and the checkpoint (of safetensors: its facts)."""
    if path.suffix == weights.SUFFIX:
        return weights.load(path)
    state = torch.load(path, map_location="cpu", weights_only=False)
    model = Attacca(Config(**state["config"]))
    model.load_state_dict(state["ema"])
    return model.eval(), state


def parity_inputs(table: T.VoicingTable, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A window made by rule (no corpus piece): a C major pattern, a third of it masked."""
    rng = np.random.default_rng(seed)
    cells, chords, bars = (a.astype(np.int32) for a in T.absent_window())
    for bar in range(T.BARS):
        root, quality = ((0, "maj"), (9, "min"), (5, "maj"), (7, "dom7"))[bar % 4]
        chord = T.chord_id(root, quality)
        start = bar * T.SLOTS
        chords[start // 2 : start // 2 + 8] = chord
        block = cells[start : start + T.SLOTS]
        block[:, T.MELODY] = block[:, T.BASS] = block[:, T.HARMONY] = T.HOLD
        for slot, degree in zip(range(0, 16, 4), (0, 4, 7, 12), strict=True):
            block[slot, T.MELODY] = T.pitch_to_id(T.MELODY, 60 + (root + degree) % 24, 0)
        block[0, T.HARMONY] = T.ONSET + table.nearest(T.QUALITIES[chord % 10][1])
        block[0, T.OCTAVE] = 1
        block[0::8, T.BASS] = T.pitch_to_id(T.BASS, 36 + root, 0)
        block[:, T.LOW : T.PERC + 1] = 0
        block[0::8, T.LOW], block[4::8, T.LOW], block[0::2, T.HIGH] = 1, 2, 1
        bars[bar] = (0, 0, 3, 0, bar % 8, 4, 2, 3, 2, 5, 2, 2, 3, 1, 4, 1, 1, 0)
    hidden = (rng.random(cells.shape) < 1 / 3) & (cells != T.ABSENT_IDS)
    cells = np.where(hidden, T.MASK_IDS, cells).astype(np.int32)
    cells[..., T.OCTAVE] = np.where(cells[..., T.HARMONY] == T.MASK_IDS[T.HARMONY], 5, cells[..., T.OCTAVE])
    chords[64:80] = T.CHORD_MASK
    return cells[None], chords[None], bars[None]


def export_float(model: Attacca, path: Path, fixed: bool) -> None:
    """The network as a float32 graph with int32 inputs, for windows of 16 bars (`fixed`) or of any number up to that."""
    example = tuple(torch.from_numpy(a) for a in parity_inputs(T.VoicingTable(T.fit_voicings(Counter()))))
    lengths = ("slots", "tokens", "bars"), ("slots", "tokens", "slots")
    names = dict(zip((*INPUTS, *OUTPUTS), (*lengths[0], *lengths[1]), strict=True))
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer notes shapes that are fixed on purpose
        torch.onnx.export(
            model, example, str(path), input_names=list(INPUTS), output_names=list(OUTPUTS),
            opset_version=OPSET, dynamo=False, do_constant_folding=True,
            dynamic_axes={} if fixed else {name: {1: length} for name, length in names.items()},
        )  # fmt: skip
    graph = onnx.load(str(path))
    for output, last in zip(
        graph.graph.output, ((T.CELLS, T.LOGITS), (T.TOKENS, T.CHORDS), (T.CELLS, T.EXPRESSION)), strict=True
    ):
        for axis, (dim, value) in enumerate(zip(output.type.tensor_type.shape.dim, (1, *last), strict=True)):
            if fixed or axis != 1:
                dim.dim_value = value
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))
    banned = {"NonZero", "TopK", "RandomNormal", "RandomUniform", "MultiHeadAttention"}
    found = banned & {node.op_type for node in graph.graph.node}
    if found:
        raise RuntimeError(f"operators the browser cannot be trusted with: {sorted(found)}")


def weight_only_int8(source: Path, target: Path, matmul: bool = True) -> None:
    """Store embeddings (and MatMul weights) as int8 with a scale, read through DequantizeLinear."""
    model = onnx.load(str(source))
    graph = model.graph
    weights = {i.name: i for i in graph.initializer}
    users: dict[str, list] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    fresh = []
    for name, nodes in users.items():
        tensor = weights.get(name)
        if tensor is None or tensor.data_type != TensorProto.FLOAT or len(tensor.dims) != 2:
            continue
        gathers = all(n.op_type == "Gather" and n.input[0] == name for n in nodes)
        products = matmul and all(n.op_type in ("MatMul", "Gemm") and n.input[1] == name for n in nodes)
        if not (gathers or products) or np.prod(tensor.dims) < SMALL:
            continue
        values = numpy_helper.to_array(tensor)
        axis = 0 if gathers or _transposed(nodes) else 1  # one scale per row / per output column
        scale = np.abs(values).max(axis=1 - axis, keepdims=True) / 127 + 1e-12
        packed = np.round(values / scale).clip(-127, 127).astype(np.int8)
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(packed, name + ".int8"))
        graph.initializer.append(numpy_helper.from_array(scale.reshape(-1).astype(np.float32), name + ".scale"))
        fresh.append(helper.make_node("DequantizeLinear", [name + ".int8", name + ".scale"], [name], axis=axis))
    for node in reversed(fresh):
        graph.node.insert(0, node)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def _transposed(nodes: list) -> bool:
    return any(a.name == "transB" and a.i for n in nodes if n.op_type == "Gemm" for a in n.attribute)


def session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(path: Path, inputs: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    return session(path).run(list(OUTPUTS), dict(zip(INPUTS, inputs, strict=True)))


def build(model: Attacca, folder: Path) -> dict[str, Path]:
    """Write the float graph and the two shipped graphs into `folder`.

    In WebAssembly a window costs what its bars cost. On WebGPU every new length would be compiled anew.
    """
    paths = {"fp32": folder / "float.onnx", "wasm": folder / "model.int8.onnx", "webgpu": folder / "model.webgpu.onnx"}
    export_float(model, paths["fp32"], fixed=True)
    paths["flexible"], small = folder / "flexible.onnx", folder / "embeddings.onnx"
    export_float(model, paths["flexible"], fixed=False)
    weight_only_int8(paths["flexible"], small, matmul=False)
    logging.disable(logging.WARNING)  # it advises a pre-processing that changes nothing here
    quantize_dynamic(  # signed weights overflow on x64 without VNNI, and cost a browser the same time
        str(small), str(paths["wasm"]), op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QUInt8
    )
    logging.disable(logging.NOTSET)
    weight_only_int8(paths["fp32"], paths["webgpu"])
    small.unlink()
    return paths


def parity(model: Attacca, paths: dict[str, Path], table: T.VoicingTable) -> dict:
    """Pinned outputs of fp32 PyTorch and the largest difference of each file, with a margin."""
    inputs = parity_inputs(table)
    with torch.no_grad():
        wanted = [o.numpy() for o in model(*(torch.from_numpy(a) for a in inputs))]
    rng = np.random.default_rng(11)
    expected = []
    for name, values in zip(OUTPUTS, wanted, strict=True):
        for index in sorted(rng.choice(values.size, PROBES, replace=False).tolist()):
            expected.append({"output": name, "index": index, "value": round(float(values.flat[index]), 6)})
    measured, tolerance = {}, {}
    for kind in ("fp32", "wasm", "webgpu"):
        got = run(paths[kind], inputs)
        worst = max(float(np.abs(a - b).max()) for a, b in zip(wanted, got, strict=True))
        mean = float(np.mean([np.abs(a - b).mean() for a, b in zip(wanted, got, strict=True)]))
        measured[kind] = {"largest": worst, "mean": mean}
        tolerance[kind] = max(1e-4, 1.5 * worst)  # other kernels round differently
    return {
        "inputs": {k: v.reshape(-1).tolist() for k, v in zip(INPUTS, inputs, strict=True)},
        "expected": expected,
        "tolerance": tolerance,
        "measured": measured,
    }


def short_windows(model: Attacca, path: Path, table: T.VoicingTable) -> float:
    """Largest difference of a graph from PyTorch in windows of 1 to 16 bars."""
    cells, chords, bars = parity_inputs(table)
    worst = 0.0
    for count in range(1, T.BARS + 1):
        part = (cells[:, : count * T.SLOTS], chords[:, : count * T.SLOTS // T.PATCH], bars[:, :count])
        with torch.no_grad():
            wanted = model(*(torch.from_numpy(np.ascontiguousarray(a)) for a in part))
        got = run(path, part)
        worst = max(worst, *(float(np.abs(a.numpy() - b).max()) for a, b in zip(wanted, got, strict=True)))
    return worst


def vocabulary(voicings: list, quartiles: dict | None = None) -> dict:
    """Everything a reader needs to turn notes into ids; the TypeScript table is pinned to it."""
    return {
        "lanes": [
            {"name": n, "classes": c, "offset": o} for (n, c), o in zip(T.LANES, T.LANE_OFFSETS, strict=True)
        ],
        "conditions": [{"name": n, "classes": c} for n, c in T.CONDITIONS],
        "chordClasses": T.CHORDS,
        "chordQualities": [{"name": n, "steps": list(s)} for n, s in T.QUALITIES],
        "voicings": [list(v) for v in voicings],
        "meters": list(T.METERS),
        "meterSlots": list(T.METER_SLOTS),
        "modes": list(T.MODES),
        "styles": list(T.STYLES),
        "roles": list(T.ROLES),
        "feels": list(T.FEELS),
        "stems": list(T.STEMS),
        "velocityLevels": T.VELOCITIES,
        "timingBins": T.TIMINGS,
        "drums": {"drumsLow": ["none", "kick", "snare", "kick+snare", "side", "kick+side"],
                  "drumsHigh": ["none", "closed", "open", "pedal", "ride", "bell", "crash"],
                  "drumsPerc": ["none", "low tom", "mid tom", "high tom", "percussion", "two toms"]},
        "quartiles": quartiles or {},  # density in onsets a used slot, register in MIDI pitch: edges of ids 1-4 and 0-3
        "ranges": {T.LANES[lane][0]: {"low": low, "pitches": n} for lane, (low, n) in T.LANE_RANGE.items()},
    }  # fmt: skip


def write_json(path: Path, value: dict) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
    os.replace(temporary, path)


def export(model: Attacca, out: Path, name: str, voicings: list, training: dict, quartiles: dict | None = None) -> dict:
    """Build, check and publish one network; returns what `model.json` holds."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        paths = build(model, Path(scratch))
        table = T.VoicingTable(voicings)
        pinned = parity(model, paths, table)
        if pinned["measured"]["fp32"]["largest"] > EXACT:
            raise RuntimeError(f"the float graph differs from PyTorch: {pinned['measured']['fp32']}")
        if (worst := short_windows(model, paths["flexible"], table)) > EXACT:
            raise RuntimeError(f"the float graph differs from PyTorch in windows of fewer bars: {worst}")
        files = {}
        for kind in ("wasm", "webgpu"):
            data = paths[kind].read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            files[kind] = {"file": paths[kind].name, "bytes": len(data), "sha256": digest}
            os.replace(paths[kind], out / paths[kind].name)
    version = training.get("version", "0.0.0")
    facts = {"name": name, "version": version, "training": training, "voicings": voicings, "quartiles": quartiles or {}}
    weights.save(out / "weights.safetensors", model, facts)
    card = {
        "name": name,
        "version": version,
        "created": date.today().isoformat(),
        "parameters": parameters(model),
        "config": model.config.as_dict(),
        "files": files,
        "vocabulary": vocabulary(voicings, quartiles),
        "shapes": {
            "bars": T.BARS, "slots": T.SLOTS, "tokens": T.TOKENS,
            "fewer": ["wasm"],  # graphs that take windows of fewer bars, too: those from the first one on
            "inputs": {"cells": [1, T.CELLS, len(T.LANES)], "chords": [1, T.TOKENS],
                       "bars": [1, T.BARS, len(T.CONDITIONS)]},
            "outputs": {"cell_logits": [1, T.CELLS, T.LOGITS], "chord_logits": [1, T.TOKENS, T.CHORDS],
                        "expression_logits": [1, T.CELLS, T.EXPRESSION]},
        },
        "training": training,
    }  # fmt: skip
    write_json(out / "parity.json", pinned)
    write_json(out / "model.json", card)
    return card | {"parity": pinned["measured"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="for the quartiles of the labels")
    parser.add_argument("--name", default="full")
    parser.add_argument("--exit", action="store_true", help="the smaller network within the one that was trained")
    parser.add_argument("--version", default="0.1.0")
    args = parser.parse_args()
    model, state = load_checkpoint(args.checkpoint)
    model = shallow(model).eval() if args.exit else model
    quartiles = state.get("quartiles") or json.loads((args.data / "meta.json").read_text())["quartiles"]
    training = state["training"] | {"version": args.version}
    card = export(model, args.out, args.name, state["voicings"], training, quartiles)
    print(json.dumps({"files": card["files"], "parity": card["parity"]}, indent=1))


if __name__ == "__main__":
    main()
