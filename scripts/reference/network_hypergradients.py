#!/usr/bin/env python3
"""Hypergradients of the built-in networks by PyTorch, in double precision.

  scripts/reference/network_hypergradients.py > Tests/LearningTests/Resources/network-hypergradients.json

Five steps of SGD with momentum and weight decay are unrolled with PyTorch's own modules (Linear, LayerNorm,
GRU, TransformerEncoderLayer); the validation loss after them is differentiated with respect to learning rate,
momentum and weight decay. Parameters and examples are formulas, the same as in NetworkPyTorchTests.swift.
Needs PyTorch; the numbers in the repository are from 2.13.0 on a CPU.
"""

import json
import math

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

torch.set_default_dtype(torch.float64)
STEPS, BATCH, TRAINING, VALIDATION, SHIFT = 5, 6, 12, 7, 100


def numbers(index, shape, scale):
    count = math.prod(shape)
    return torch.tensor([math.sin(scale * (i + 17 * index) + 0.5) for i in range(count)]).reshape(shape)


def tokens(index, length, kinds):
    return torch.tensor([(7 * index + 3 * i + i * i) % kinds for i in range(length)])


class Perceptron(nn.Module):
    def __init__(self, inputs, widths, outputs, normalizes):
        super().__init__()
        self.hidden, self.normalizes = len(widths), normalizes
        for i, width in enumerate(widths, 1):
            setattr(self, f"fc{i}", nn.Linear(inputs, width))
            if normalizes:
                setattr(self, f"norm{i}", nn.LayerNorm(width))
            inputs = width
        setattr(self, f"fc{self.hidden + 1}", nn.Linear(inputs, outputs))

    def forward(self, x):
        x = x.flatten(1)
        for i in range(1, self.hidden + 1):
            x = getattr(self, f"fc{i}")(x)
            if self.normalizes:
                x = getattr(self, f"norm{i}")(x)
            x = nn.functional.gelu(x)
        return getattr(self, f"fc{self.hidden + 1}")(x)


class Recurrent(nn.Module):
    def __init__(self, features, size, outputs, vocabulary=0, positions=False):
        super().__init__()
        self.positions = positions
        self.embedding = nn.Embedding(vocabulary, size) if vocabulary else None
        self.rnn1 = nn.GRU(size if vocabulary else features, size, batch_first=True)
        self.fc = nn.Linear(size, outputs)

    def forward(self, x):
        x = self.embedding(x) if self.embedding else x
        x = self.rnn1(x)[0]
        return self.fc(x if self.positions else x[:, -1])


class Transformer(nn.Module):
    def __init__(self, length, width, heads, layers, outputs, vocabulary=0, features=0, positions=False):
        super().__init__()
        self.positions = positions
        if vocabulary:
            self.embedding = nn.Embedding(vocabulary, width)
        else:
            self.projection = nn.Linear(features, width)
        self.vocabulary = vocabulary
        self.position = nn.Embedding(length, width)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, heads, 4 * width, dropout=0, activation="gelu", batch_first=True, norm_first=True)
            for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.fc = nn.Linear(width, outputs)

    def forward(self, x):
        x = self.embedding(x) if self.vocabulary else self.projection(x)
        x = x + self.position.weight
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1]) if self.positions else None
        for layer in self.layers:
            x = layer(x, src_mask=mask)
        x = self.norm(x)
        return self.fc(x if self.positions else x.mean(1))


def pytorch_name(name):
    """The module's name of a parameter of ours: its GRU may have several layers."""
    return f"{name}_l0" if name.startswith("rnn") else name


def gru_order():
    return ["rnn1.weight_ih", "rnn1.weight_hh", "rnn1.bias_ih", "rnn1.bias_hh", "fc.weight", "fc.bias"]


def transformer_order(first, layers):
    names = first + ["position.weight"]
    for i in range(layers):
        names += [
            f"layers.{i}.{name}" for name in (
                "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight",
                "self_attn.out_proj.bias", "linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias",
                "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias")]
    return names + ["norm.weight", "norm.bias", "fc.weight", "fc.bias"]


CASES = {
    "mlp-7-5-ln": (
        Perceptron(12, [7, 5], 3, True),
        ["fc1.weight", "fc1.bias", "norm1.weight", "norm1.bias", "fc2.weight", "fc2.bias", "norm2.weight",
         "norm2.bias", "fc3.weight", "fc3.bias"],
        lambda n: numbers(n, (12,), 1.3), lambda n: torch.tensor((5 * n + 1) % 3), "classes"),
    "mlp-6": (
        Perceptron(4, [6], 2, False), ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"],
        lambda n: numbers(n, (4,), 1.3), lambda n: numbers(n, (2,), 0.9), "numbers"),
    "gru-5": (
        Recurrent(2, 5, 4), gru_order(),
        lambda n: numbers(n, (6, 2), 1.3), lambda n: torch.tensor((5 * n + 1) % 4), "classes"),
    "gru-4": (
        Recurrent(0, 4, 6, vocabulary=6, positions=True), ["embedding.weight"] + gru_order(),
        lambda n: tokens(n, 5, 6), lambda n: tokens(n + 3, 5, 6), "classes"),
    "transformer-2-8-2": (
        Transformer(5, 8, 2, 2, 7, vocabulary=7, positions=True), transformer_order(["embedding.weight"], 2),
        lambda n: tokens(n, 5, 7), lambda n: tokens(n + 3, 5, 7), "classes"),
    "transformer-1-6-3": (
        Transformer(4, 6, 3, 1, 2, features=3),
        transformer_order(["projection.weight", "projection.bias"], 1),
        lambda n: numbers(n, (4, 3), 1.3), lambda n: numbers(n, (2,), 0.9), "numbers"),
}


def losses(answers, targets, kind):
    if kind == "numbers":
        return ((answers - targets) ** 2).mean(-1)
    if answers.dim() == 2:
        return nn.functional.cross_entropy(answers, targets, reduction="none")
    return nn.functional.cross_entropy(answers.transpose(1, 2), targets, reduction="none").mean(1)


def case(model, order, inputs, targets, kind):
    shapes = dict(model.named_parameters())
    theta = {}
    for k, name in enumerate(order):
        shape = shapes[pytorch_name(name)].shape
        count = math.prod(shape)
        theta[pytorch_name(name)] = torch.tensor(
            [0.4 * math.sin(0.61 * i + 0.3 + k) for i in range(count)]).reshape(shape).requires_grad_()
    assert set(theta) == set(shapes), set(shapes) ^ set(theta)
    tuned = [torch.tensor(value, requires_grad=True) for value in (0.1, 0.5, 0.01)]
    rate, momentum, decay = tuned
    velocity = {name: torch.zeros_like(value) for name, value in theta.items()}

    def loss(theta, indices):
        x = torch.stack([inputs(n) for n in indices])
        y = torch.stack([targets(n) for n in indices])
        return losses(functional_call(model, theta, (x,)), y, kind).mean()

    with sdpa_kernel(SDPBackend.MATH):
        for step in range(STEPS):
            indices = [(BATCH * step + i) % TRAINING for i in range(BATCH)]
            gradients = torch.autograd.grad(loss(theta, indices), list(theta.values()), create_graph=True)
            for name, gradient in zip(list(theta), gradients):
                velocity[name] = momentum * velocity[name] + gradient + decay * theta[name]
            theta = {name: value - rate * velocity[name] for name, value in theta.items()}
        validation = loss(theta, [SHIFT + n for n in range(VALIDATION)])
        h = torch.autograd.grad(validation, tuned)
    return {"loss": validation.item(), "h": [value.item() for value in h]}


print(json.dumps({name: case(*values) for name, values in CASES.items()}, indent=1))
