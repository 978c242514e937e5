#!/usr/bin/env python3
"""What a PyTorch user would write for the passes of `glocal-bench tape`, timed on one thread.

  peer_networks.py mlp-512-512|gru-128|transformer-4-128-4 gradient|tangent [--seconds S]

Prints one JSON line, {"network": "gru-128", "pass": "gradient", "seconds": …, "variant": …}.

  gradient    the gradient of the mean loss over the examples that glocal-bench has in a shard
  tangent     that gradient and its derivative along a direction, less the time of the gradient alone:
              what a further column costs. The faster of forward over reverse (torch.func) and of
              double backward (torch.autograd)
"""

import argparse
import json
import re
import time
import warnings

warnings.filterwarnings("ignore")
import torch
from torch import nn
from torch.func import functional_call, grad, jvp
from torch.nn.attention import SDPBackend, sdpa_kernel


class Perceptron(nn.Sequential):
    def __init__(self, widths):
        layers, inputs = [], 784
        for width in widths:
            layers += [nn.Linear(inputs, width), nn.GELU()]
            inputs = width
        super().__init__(*layers, nn.Linear(inputs, 10))


class Recurrent(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.rnn, self.fc = nn.GRU(16, size, batch_first=True), nn.Linear(size, 10)

    def forward(self, x):
        return self.fc(self.rnn(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self, layers, width, heads):
        super().__init__()
        self.embedding, self.position = nn.Embedding(256, width), nn.Embedding(128, width)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, heads, 4 * width, dropout=0, activation="gelu", batch_first=True, norm_first=True)
            for _ in range(layers))
        self.norm, self.fc = nn.LayerNorm(width), nn.Linear(width, 256)

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        x = self.embedding(x) + self.position.weight
        for layer in self.layers:
            x = layer(x, src_mask=mask)
        return self.fc(self.norm(x))


def task(name):
    numbers = [int(part) for part in re.findall(r"\d+", name)]
    if name.startswith("mlp-"):
        return Perceptron(numbers), torch.randn(128, 784), torch.randint(10, (128,))
    if name.startswith("gru-"):
        return Recurrent(numbers[0]), torch.randn(16, 64, 16), torch.randint(10, (16,))
    if name.startswith("transformer-"):
        return Transformer(*numbers), torch.randint(256, (4, 128)), torch.randint(256, (4, 128))
    raise SystemExit(f"peer_networks.py: no network {name}")


def fastest(work, seconds):
    work()
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("network")
    parser.add_argument("part", choices=["gradient", "tangent"])
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model, x, y = task(options.network)
    theta = {name: value.detach().clone().requires_grad_() for name, value in model.named_parameters()}
    direction = {name: torch.randn_like(value) / 100 for name, value in theta.items()}

    def loss(theta):
        answers = functional_call(model, theta, (x,))
        return nn.functional.cross_entropy(answers.flatten(0, -2), y.flatten())

    def backward():
        return torch.autograd.grad(loss(theta), list(theta.values()))

    def forward_over_reverse():
        return jvp(grad(loss), (theta,), (direction,))[1]

    def double_backward():
        first = torch.autograd.grad(loss(theta), list(theta.values()), create_graph=True)
        product = sum((g * d).sum() for g, d in zip(first, direction.values()))
        return dict(zip(theta, torch.autograd.grad(product, list(theta.values()))))

    gradient = fastest(backward, options.seconds)
    if options.part == "gradient":
        seconds, variant = gradient, "autograd.grad"
    else:
        found, results = {}, {}
        # Fused attention has no second derivative.
        with sdpa_kernel(SDPBackend.MATH):
            for work in (forward_over_reverse, double_backward):
                try:
                    results[work.__name__] = work()
                    found[work.__name__] = fastest(work, options.seconds)
                except (RuntimeError, NotImplementedError):
                    continue
        variants = list(results.values())
        for other in variants[1:]:
            for name in theta:
                assert torch.allclose(variants[0][name], other[name], rtol=1e-3, atol=1e-6), name
        variant = min(found, key=found.get)
        seconds = found[variant] - gradient
    print(json.dumps({
        "network": options.network, "pass": options.part, "seconds": seconds, "variant": variant}))


main()
