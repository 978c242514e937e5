"""Answers of the built-in networks by NumPy and SciPy, in float64: the reference of NetworkAnswerTests.

The definitions of PyTorch's Linear, LayerNorm, GELU, GRU and TransformerEncoderLayer (norm_first), nothing
of this project. Writes the file that the tests read:

  python3 scripts/reference/networks.py > Tests/NetworksTests/Resources/networks.json
"""

import json
import sys

import numpy as np
import scipy
from operations import gru, normalized, numbers
from scipy.special import erf, softmax


class Parameters:
    """Tensors in the order of their first use, each with numbers of its own seed."""

    def __init__(self):
        self.count = 0

    def __call__(self, *shape):
        self.count += 1
        return numbers(100 + self.count, *shape, scale=0.4)


def gelu(x):
    return x * (1 + erf(x / np.sqrt(2))) / 2


def norm(x, weight, bias):
    return normalized(x, (x.ndim - 1,)) * weight + bias


def perceptron(x, widths, outputs, normalizes):
    p = Parameters()
    for width in widths:
        x = x @ p(width, x.shape[1]).T + p(width)
        if normalizes:
            x = norm(x, p(width), p(width))
        x = gelu(x)
    return x @ p(outputs, x.shape[1]).T + p(outputs)


def recurrent(tokens, vocabulary, sizes, outputs):
    p = Parameters()
    x = p(vocabulary, sizes[0])[tokens]
    for size in sizes:
        features = x.shape[2]
        x = gru(x, p(3 * size, features), p(3 * size, size), p(3 * size), p(3 * size))
    return x @ p(outputs, x.shape[2]).T + p(outputs)


def transformer(start, layers, width, heads, outputs, causal, p):
    batch, length, _ = start.shape
    x = start + p(length, width)
    for _ in range(layers):
        in_weight, in_bias = p(3 * width, width), p(3 * width)
        out_weight, out_bias = p(width, width), p(width)
        weight1, bias1 = p(4 * width, width), p(4 * width)
        weight2, bias2 = p(width, 4 * width), p(width)
        norm1, norm2 = (p(width), p(width)), (p(width), p(width))
        q, k, v = np.split(norm(x, *norm1) @ in_weight.T + in_bias, 3, axis=2)
        attended = np.zeros_like(x)
        size = width // heads
        for h in range(heads):
            part = slice(h * size, (h + 1) * size)
            scores = q[:, :, part] @ k[:, :, part].transpose(0, 2, 1) / np.sqrt(size)
            if causal:
                scores = np.where(np.tril(np.ones((length, length))) > 0, scores, -np.inf)
            attended[:, :, part] = softmax(scores, axis=2) @ v[:, :, part]
        x = x + attended @ out_weight.T + out_bias
        x = x + gelu(norm(x, *norm2) @ weight1.T + bias1) @ weight2.T + bias2
    x = norm(x, p(width), p(width))
    if not causal:
        x = x.mean(axis=1)
    return x @ p(outputs, width).T + p(outputs)


tokens = np.arange(15).reshape(3, 5) * 4 % 7
language = Parameters()
vectors = language(7, 8)[tokens]
sequence = Parameters()
projected = numbers(3, 3, 4, 5) @ sequence(6, 5).T + sequence(6)
cases = {
    "mlp-6-5": perceptron(numbers(1, 3, 4), [6, 5], 3, False),
    "mlp-7-ln": perceptron(numbers(2, 3, 6), [7], 2, True),
    "gru-5-4": recurrent(tokens, 7, [5, 4], 7),
    "transformer-2-8-2": transformer(vectors, 2, 8, 2, 7, True, language),
    "transformer-1-6-3": transformer(projected, 1, 6, 3, 2, False, sequence),
}
if __name__ == "__main__":
    json.dump(
        {
            "generator": f"scripts/reference/networks.py, NumPy {np.__version__}, SciPy {scipy.__version__}",
            "cases": {name: [float(v) for v in values.ravel()] for name, values in cases.items()},
        },
        sys.stdout,
        indent=0,
    )
