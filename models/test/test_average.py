"""The mean of two networks lies between them, and only networks of one size have one."""

import pytest
import torch

from average import average
from model import Attacca, Config

SMALL = Config(width=32, layers=2, heads=2, exit=0)


def test_the_mean_has_each_weight_at_its_share_between_the_two():
    first, second = Attacca(SMALL), Attacca(SMALL)
    mean = average(first, second, 0.25).state_dict()
    for name, value in first.state_dict().items():
        assert torch.allclose(mean[name], 0.75 * value + 0.25 * second.state_dict()[name], atol=1e-6)


def test_networks_of_two_sizes_have_no_mean():
    with pytest.raises(ValueError, match="two sizes"):
        average(Attacca(SMALL), Attacca(Config(width=32, layers=3, heads=2, exit=0)), 0.5)


def test_a_share_beyond_one_is_refused():
    with pytest.raises(ValueError, match="0 to 1"):
        average(Attacca(SMALL), Attacca(SMALL), 1.5)
