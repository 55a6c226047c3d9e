"""Weights as safetensors, with all that is needed to go on from them: sizes, voicings, quartiles, training facts.

    python models/weights.py --checkpoint runs/lite/last.pt --model-json models/shipped/lite/model.json \
        --out models/shipped/lite/weights.safetensors

`export_onnx.py` writes the same file beside the graphs; this command is for a checkpoint that is not exported again.
The tensors are the averaged weights as 16-bit floats, the metadata is one JSON text under the key `attacca`.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialised

import tokens as T
from model import Attacca, Config

SUFFIX = ".safetensors"
KEY = "attacca"  # of the metadata
FORMAT = 1
STORED = torch.float16  # ten bits of mantissa: nats move by less than 1e-4, with bfloat16 (seven bits) by up to 1e-3
FACTS = ("name", "version", "voicings", "quartiles", "training")


def save(path: Path, model: Attacca, facts: dict) -> None:
    """Write the network's weights and `facts` (the fields of FACTS); the file appears whole or not at all."""
    missing = [name for name in FACTS if name not in facts]
    if missing:
        raise ValueError(f"facts lack {', '.join(missing)}")
    tensors = {name: value.detach().to(STORED).contiguous() for name, value in model.state_dict().items()}
    broken = [name for name, value in tensors.items() if not torch.isfinite(value).all()]
    if broken:
        raise ValueError(f"weights that are no finite 16-bit numbers: {', '.join(broken[:3])}")
    text = json.dumps({"format": FORMAT, "config": model.config.as_dict()} | {name: facts[name] for name in FACTS})
    temporary = path.with_name("." + path.name + ".tmp")
    try:
        temporary.write_bytes(serialised(tensors, {KEY: text}))  # `save_file` would hide it from other users
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def load(path: Path) -> tuple[Attacca, dict]:
    """The network in evaluation mode and its facts; ValueError says what is wrong with the file."""
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file")
    try:
        with safe_open(str(path), framework="pt") as file:
            text = (file.metadata() or {}).get(KEY)
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    except SafetensorError as error:
        raise ValueError(f"{path}: not a whole safetensors file ({error})") from None
    if text is None:
        raise ValueError(f"{path}: safetensors, but not weights of this model (no metadata {KEY!r})")
    facts = json.loads(text)
    if facts["format"] != FORMAT:
        raise ValueError(f"{path}: format {facts['format']}, this version reads {FORMAT}")
    if len(facts["voicings"]) != T.VOICINGS:
        raise ValueError(f"{path}: {len(facts['voicings'])} voicings, this version has {T.VOICINGS}")
    try:
        model = Attacca(Config(**facts["config"]))
        model.load_state_dict(tensors)
    except (TypeError, RuntimeError) as error:
        raise ValueError(f"{path}: weights of another network ({str(error).splitlines()[-1].strip()})") from None
    return model.eval(), facts


def main() -> None:
    import export_onnx  # it imports this module

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--model-json", type=Path, required=True, help="for name, version and quartiles")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model, state = export_onnx.load_checkpoint(args.checkpoint)
    card = json.loads(args.model_json.read_text())
    facts = {name: card[name] for name in ("name", "version", "training")}
    facts |= {"voicings": state["voicings"], "quartiles": card["vocabulary"]["quartiles"]}
    save(args.out, model, facts)
    print(f"{args.out}: {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
