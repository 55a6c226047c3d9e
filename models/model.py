"""The masked bidirectional transformer over the grid.

Two slots are one token: 128 tokens see each other through plain MatMul / Softmax
attention (no fused operator: those gave wrong results in a browser back end) with a
learned bias per head that depends on the distance in bars and on the two places
within the bar, so that "the same place one bar ago" is cheap to attend to.

A window may have fewer bars than 16, those from the first one on: it is trained on 16,
absent ones among them, but loses next to nothing without those at the end (see the card).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import tokens as T

Answer = tuple[Tensor, Tensor, Tensor]  # logits of cells (B, 256, 260), chords (B, 128, 121), expression (B, 256, 85)
PLACES = T.SLOTS // T.PATCH  # 8 tokens in a bar
ECHOES = tuple(sign * step for step in (1, 8, 16, 32, 64) for sign in (-1, 1))  # a token, 1, 2, 4, 8 bars away


@dataclass(frozen=True)
class Config:
    """Sizes of one network."""

    width: int = 192  # d; full size is deep rather than wide, because depth can be grown onto trained weights
    layers: int = 13
    exit: int = 0  # layers after which a second, smaller network answers as well; 0: none
    heads: int = 6
    condition: int = 64  # width of a bar's condition vector
    echo: int = 96  # width in which the tokens one to eight bars away come in directly
    dropout: float = 0.1  # without it 13 blocks were worse on held-out game music than their first 5 alone

    def as_dict(self) -> dict:
        return asdict(self)


TINY = Config(width=48, layers=2, heads=2, condition=16, echo=24, dropout=0.0)
FULL = Config(exit=5)  # 6.4 M parameters, and within it the lite network of 2.8 M


def initial_bias(heads: int) -> tuple[Tensor, Tensor, Tensor]:
    """Head k starts with a habit, so that copying bars need not be discovered first (from zero the tables
    crept at the learning rate, and after 500 steps an n-gram with bar copy was far ahead).

    0: the same place in any bar; 1: the same place one bar away; 2: the same place 2, 4 or 8 bars away;
    3: this bar; 4: the neighbouring tokens; 5 and on: none.
    """
    bar = torch.zeros(heads, 2 * T.BARS - 1)
    place = torch.zeros(heads, PLACES, PLACES)
    near = torch.zeros(heads, 2 * T.TOKENS - 1)
    centre = T.BARS - 1
    for head in range(heads):
        if head < 3:
            place[head] += 4 * torch.eye(PLACES)
        if head == 1:
            bar[head, [centre - 1, centre + 1]] += 2
        elif head == 2:
            bar[head, [centre + d for d in (-8, -4, -2, 2, 4, 8)]] += 2
        elif head == 3:
            bar[head, centre] += 3
        elif head == 4:
            for step in range(-4, 5):
                near[head, step] += 5 - abs(step)
    return bar, place, near


class Block(nn.Module):
    """Pre-norm attention and feed-forward; the bars' conditions enter before both."""

    def __init__(self, c: Config) -> None:
        super().__init__()
        self.heads = c.heads
        self.condition = nn.Linear(c.condition, c.width)
        self.norm1, self.norm2 = nn.LayerNorm(c.width), nn.LayerNorm(c.width)
        self.qkv = nn.Linear(c.width, 3 * c.width)
        self.out = nn.Linear(c.width, c.width)
        self.up = nn.Linear(c.width, 4 * c.width)
        self.down = nn.Linear(4 * c.width, c.width)
        bar, place, near = initial_bias(c.heads)
        self.bar_bias = nn.Parameter(bar)  # h 31, distance in bars
        self.place_bias = nn.Parameter(place)  # h 8 8, place of query and key in their bars
        self.near_bias = nn.Parameter(near)  # h 255, distance in tokens: 0 ... 127, then -127 ... -1
        self.drop = nn.Dropout(c.dropout)
        distance = torch.arange(T.BARS)[:, None] - torch.arange(T.BARS)[None, :] + T.BARS - 1
        self.register_buffer("distance", distance, persistent=False)  # (16, 16)

    def bias(self) -> Tensor:
        bar = self.bar_bias[:, self.distance][:, :, None, :, None]  # h 16 1 16 1
        place = self.place_bias[:, None, :, None, :]  # h 1 8 1 8
        table = (bar + place).reshape(1, self.heads, T.TOKENS, T.TOKENS)
        rows = self.near_bias.repeat(1, T.TOKENS)[:, : T.TOKENS * (2 * T.TOKENS - 2)]  # skewed by one a row
        near = rows.reshape(1, self.heads, T.TOKENS, 2 * T.TOKENS - 2)[..., : T.TOKENS]
        return table + near  # 1 h 128 128

    def forward(self, x: Tensor, bars: Tensor) -> Tensor:
        width, batch = self.out.in_features, x.shape[0]
        each = self.condition(bars).unsqueeze(2)  # B 16 1 d, the same for the places of a bar
        x = (x.reshape(batch, -1, PLACES, width) + each).reshape(batch, -1, width)  # B 128 d
        qkv = self.qkv(self.norm1(x)).reshape(batch, -1, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # each B h 128 d/h
        bias = self.bias()[:, :, : x.shape[1], : x.shape[1]]
        if self.training:  # the same arithmetic in one kernel, faster on a CPU
            mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        else:
            scores = q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5 + bias
            mixed = torch.softmax(scores, dim=-1) @ v  # B h 128 d/h
        x = x + self.drop(self.out(mixed.transpose(1, 2).reshape(batch, -1, width)))
        return x + self.drop(self.down(F.gelu(self.up(self.norm2(x)))))


class Echo(nn.Module):
    """Adds to every token its neighbours and the same place 1, 2, 4 and 8 bars before and after.

    A head is 32 wide and a token holds 16 cells: copying a bar through attention alone is narrow and slow
    to learn, and copying bars is most of what real music's repetition is.
    """

    def __init__(self, c: Config) -> None:
        super().__init__()
        self.down = nn.Linear(c.width, c.echo)
        self.up = nn.Linear(len(ECHOES) * c.echo, c.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        small = self.down(x)  # B 128 e
        shifted = [
            F.pad(small, (0, 0, 0, s))[:, s:] if s > 0 else F.pad(small, (0, 0, -s, 0))[:, :s] for s in ECHOES
        ]
        return x + self.up(torch.cat(shifted, dim=-1))  # B 128 d


class Attacca(nn.Module):
    """cells (B, 256, 8), chords (B, 128), bars (B, 16, 18) -> three blocks of logits; or fewer bars throughout."""

    def __init__(self, c: Config = FULL) -> None:
        super().__init__()
        self.config = c
        rows = [n + 2 for n in T.LANE_SIZES] * T.PATCH  # a table per lane and slot in the patch
        starts = [sum(rows[:i]) for i in range(len(rows))]
        self.register_buffer("cell_start", torch.tensor(starts, dtype=torch.int32), persistent=False)
        self.cell_embed = nn.Embedding(sum(rows), c.width)
        self.chord_embed = nn.Embedding(T.CHORDS + 2, c.width)
        starts = [sum(T.CONDITION_SIZES[:i]) for i in range(len(T.CONDITION_SIZES))]
        self.register_buffer("bar_start", torch.tensor(starts, dtype=torch.int32), persistent=False)
        self.bar_embed = nn.Embedding(sum(T.CONDITION_SIZES), c.condition)
        self.place = nn.Parameter(torch.randn(1, PLACES, c.width) * 0.02)
        self.bar = nn.Parameter(torch.randn(T.BARS, 1, c.width) * 0.02)
        self.drop = nn.Dropout(c.dropout)
        self.echo = Echo(c)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.norm = nn.LayerNorm(c.width)
        self.exit_norm = nn.LayerNorm(c.width) if c.exit else None
        self.cell_head = nn.Linear(c.width, T.PATCH * T.LOGITS)
        self.chord_head = nn.Linear(c.width, T.CHORDS)
        self.expression_head = nn.Linear(c.width, T.PATCH * T.EXPRESSION)
        self.apply(self._init)
        nn.init.zeros_(self.echo.up.weight)
        for block in self.blocks:  # residual branches start small, GPT-2
            for layer in (block.out, block.down):
                nn.init.normal_(layer.weight, std=0.02 / math.sqrt(2 * c.layers))

    @staticmethod
    def _init(module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)

    def forward(self, cells: Tensor, chords: Tensor, bars: Tensor) -> Answer:
        return self.answers(cells, chords, bars)[-1]

    def answers(self, cells: Tensor, chords: Tensor, bars: Tensor) -> list[Answer]:
        """The answer of the smaller network where there is one, and last that of the whole."""
        batch = cells.shape[0]
        index = cells.reshape(batch, -1, T.PATCH * len(T.LANES)) + self.cell_start  # B 128 16
        if self.training:
            flat = index.flatten(0, 1)
            x = F.embedding_bag(flat, self.cell_embed.weight, mode="sum").reshape(batch, -1, self.config.width)
        else:
            x = self.cell_embed(index).sum(2)  # B 128 d
        where = self.place + self.bar[: bars.shape[1]]  # 16 8 d
        x = x + self.chord_embed(chords) + where.reshape(1, -1, self.config.width)
        condition = F.gelu(self.bar_embed(bars + self.bar_start).sum(2))  # B 16 c
        x = self.drop(self.echo(x))
        result = []
        for depth, block in enumerate(self.blocks, 1):
            x = block(x, condition)
            if depth == self.config.exit:
                result.append(self._read(self.exit_norm(x)))
        return [*result, self._read(self.norm(x))]

    def _read(self, x: Tensor) -> Answer:
        batch = x.shape[0]
        return (
            self.cell_head(x).reshape(batch, -1, T.LOGITS),
            self.chord_head(x),
            self.expression_head(x).reshape(batch, -1, T.EXPRESSION),
        )


def grown(small: Attacca, config: Config) -> Attacca:
    """A deeper network that answers as `small` does: the added blocks begin as copies of the last one that
    add nothing yet (their outputs are zero). The exit, if any, begins with the final norm."""
    if (
        replace(config, layers=small.config.layers, exit=small.config.exit, dropout=small.config.dropout)
        != small.config
    ):
        raise ValueError(f"only depth can be grown: {small.config} does not fit {config}")
    if small.config.layers > config.layers:
        raise ValueError(
            f"{small.config.layers} blocks do not fit into {config.layers}: train the deeper network, or begin from "
            "weights of the smaller one"
        )
    model = Attacca(config)
    state = small.state_dict()
    last = small.config.layers - 1
    for depth in range(small.config.layers, config.layers):
        for name, value in small.blocks[last].state_dict().items():
            quiet = name.startswith(("out.", "down.", "condition."))
            state[f"blocks.{depth}.{name}"] = torch.zeros_like(value) if quiet else value
    if config.exit and not small.config.exit:
        state |= {f"exit_norm.{name}": value for name, value in small.norm.state_dict().items()}
    model.load_state_dict(state)
    return model


def shallow(model: Attacca) -> Attacca:
    """The smaller network inside one with an exit, as a network of its own."""
    config = replace(model.config, layers=model.config.exit, exit=0)
    small = Attacca(config)
    state = model.state_dict()
    state |= {f"norm.{name}": value for name, value in model.exit_norm.state_dict().items()}
    small.load_state_dict({name: state[name] for name in small.state_dict()})
    return small


def parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())
