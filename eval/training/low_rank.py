"""Low-rank adapters (Hu et al. 2021) on every linear layer of a BERT encoder."""

import math

import torch
from torch import nn
from transformers import BertModel

from kb.encoder import FloatArray
from kb.encoders.e5_network import LAYER_PARTS

ADAPTED = ("q", "k", "v", "ao", "fi", "fo")
"""Query, key, value, attention output, intermediate and output, as the weight file calls them."""
Factors = dict[str, tuple[FloatArray, FloatArray]]


class LowRankLinear(nn.Module):
    """A frozen linear layer W plus ``scale * b a``; b starts at 0, so that nothing is changed before the first step."""

    def __init__(self, linear: nn.Linear, rank: int, scale: float) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.a = nn.Parameter(torch.randn(rank, linear.in_features) / math.sqrt(linear.in_features))
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank))
        self.scale = scale

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """The layer's output with its change."""
        change: torch.Tensor = nn.functional.linear(nn.functional.linear(inputs, self.a), self.b)
        result: torch.Tensor = self.linear(inputs)
        return result + self.scale * change


def adapt(network: BertModel, rank: int, scale: float) -> dict[str, LowRankLinear]:
    """Freeze ``network`` and put an adapter on each of its linear layers; returns them by the weight file's tensor names."""
    network.requires_grad_(False)
    adapters = {}
    for number, layer in enumerate(network.encoder.layer):
        for part in ADAPTED:
            owner, _, last = LAYER_PARTS[part].rpartition(".")
            parent = layer.get_submodule(owner)
            adapters[f"l{number}.{part}.w"] = adapter = LowRankLinear(getattr(parent, last), rank, scale)
            setattr(parent, last, adapter)
    return adapters


def factors_of(adapters: dict[str, LowRankLinear]) -> Factors:
    """What was learned, as `kb.encoders.adapter.write_adapter` takes it."""
    return {name: (adapter.a.detach().numpy(), adapter.b.detach().numpy()) for name, adapter in adapters.items()}


def set_factors(adapters: dict[str, LowRankLinear], factors: Factors) -> None:
    """Start from what was learned before, at this rank or a lower one: what is left of ``b`` is 0 and changes nothing."""
    with torch.no_grad():
        for name, (a, b) in factors.items():
            adapters[name].a[: len(a)].copy_(torch.from_numpy(a))
            adapters[name].b[:, : len(a)].copy_(torch.from_numpy(b))
