"""The mean of two networks of one size, such as the ends of two runs that began from the same weights.

    python models/average.py --first models/shipped/full/weights.safetensors --second runs/full/last.pt \
        --out runs/mean/weights.safetensors

Where two ends of training lie in one basin, their mean is better than either on music that neither has seen
(Izmailov et al., Averaging Weights Leads to Wider Optima and Better Generalization, 2018). Each network is a
`last.pt` or a `weights.safetensors`; voicings and training facts are those of the second, which says in
`training.averaged` how much of it is in the mean.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

import export_onnx
import weights
from model import Attacca


def average(first: Attacca, second: Attacca, share: float) -> Attacca:
    """`share` (0 to 1) of the second's weights and the rest of the first's; ValueError for networks of two sizes."""
    if first.config != second.config:
        raise ValueError(f"networks of two sizes: {first.config} and {second.config}")
    if not 0 <= share <= 1:
        raise ValueError(f"the share is {share}, expected 0 to 1")
    others = second.state_dict()
    mean = Attacca(second.config)
    mean.load_state_dict({name: torch.lerp(value, others[name], share) for name, value in first.state_dict().items()})
    return mean.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=Path, required=True)
    parser.add_argument("--second", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.5, help="of the second")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    first, facts = export_onnx.load_checkpoint(args.first)
    second, state = export_onnx.load_checkpoint(args.second)
    if facts["voicings"] != state["voicings"]:
        parser.error("the networks have other voicings: they were trained on other data")
    training = state["training"] | {"averaged": args.share}
    known = {"name": args.out.stem, "version": training.get("version", "0.0.0"), "voicings": state["voicings"]}
    known |= {"quartiles": state.get("quartiles") or facts.get("quartiles") or {}, "training": training}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    weights.save(args.out, average(first, second, args.share), known)
    print(f"{args.out}: {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
