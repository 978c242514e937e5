"""Values of operations by NumPy and SciPy, in float64: the reference of OperationReferenceTests.

Plain loops over the definitions, nothing of this project. Writes the file that the tests read:

  python3 scripts/reference/operations.py > Tests/DifferentiationTests/Resources/operations.json
"""

import json
import sys

import numpy as np
import scipy
from scipy.special import erf, expit, log_softmax, softmax

MASK = (1 << 64) - 1


def numbers(seed, *shape, scale=1.0):
    """Numbers in (-1, 1) by splitmix64, as `pseudorandom` of the tests draws them."""
    count = int(np.prod(shape))
    result = []
    for index in range(count):
        z = (seed + index * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
        result.append((z >> 11) / (1 << 52) - 1)
    return scale * np.array(result).reshape(shape)


def normalized(x, axes):
    mean = x.mean(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=axes, keepdims=True) + 1e-5)


def group_norm(x, weight, bias, groups):
    batch, channels = x.shape[:2]
    y = normalized(x.reshape(batch, groups, -1), (2,)).reshape(x.shape)
    shape = (1, channels) + (1,) * (x.ndim - 2)
    return y * weight.reshape(shape) + bias.reshape(shape)


def gru(x, w_ih, w_hh, b_ih, b_hh):
    batch, time, _ = x.shape
    size = w_hh.shape[1]
    h = np.zeros((batch, size))
    states = []
    for t in range(time):
        i_r, i_z, i_n = np.split(x[:, t] @ w_ih.T + b_ih, 3, axis=1)
        h_r, h_z, h_n = np.split(h @ w_hh.T + b_hh, 3, axis=1)
        r, z = expit(i_r + h_r), expit(i_z + h_z)
        n = np.tanh(i_n + r * h_n)
        h = (1 - z) * n + z * h
        states.append(h)
    return np.stack(states, axis=1)


def lstm(x, w_ih, w_hh, b_ih, b_hh):
    batch, time, _ = x.shape
    size = w_hh.shape[1]
    h, c = np.zeros((batch, size)), np.zeros((batch, size))
    states = []
    for t in range(time):
        i, f, g, o = np.split(x[:, t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh, 4, axis=1)
        c = expit(f) * c + expit(i) * np.tanh(g)
        h = expit(o) * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1)


def convolution(x, w, b, groups, stride, padding, dilation, pad_height=True):
    rows = padding if pad_height else 0
    x = np.pad(x, ((0, 0), (0, 0), (rows, rows), (padding, padding)))
    batch, channels, height, width = x.shape
    outputs, _, k, l = w.shape
    out_height = (height - dilation * (k - 1) - 1) // (stride if pad_height else 1) + 1
    out_width = (width - dilation * (l - 1) - 1) // stride + 1
    y = np.zeros((batch, outputs, out_height, out_width))
    for n, o, i, j in np.ndindex(y.shape):
        group = o // (outputs // groups)
        for c in range(channels // groups):
            for u in range(k):
                for v in range(l):
                    row = i * stride + u * dilation
                    pixel = x[n, group * (channels // groups) + c, row, j * stride + v * dilation]
                    y[n, o, i, j] += w[o, c, u, v] * pixel
        y[n, o, i, j] += b[o]
    return y


def cross_entropy(logits, targets, ignored):
    losses = []
    for x, labels in zip(log_softmax(logits, axis=-1), targets):
        terms = [-row[label] for row, label in zip(x, labels) if label != ignored]
        losses.append(np.mean(terms) if terms else 0.0)
    return np.array(losses)


def main():
    x = numbers(1, 101, scale=5)
    rows = numbers(2, 3, 4, 5, scale=3)
    square = numbers(3, 3, 5, 5, scale=3)
    mask = np.where(np.arange(20).reshape(4, 5) % 3 == 0, -np.inf, 0)
    causal = np.where(np.tril(np.ones((5, 5))) > 0, 0, -np.inf)
    sequence = numbers(20, 3, 6, 4)
    targets = [[0, 6, -100, 2], [-100, 3, -100, -100], [-100, -100, -100, -100]]
    cases = {
        "errorFunction": erf(x),
        "sigmoid": expit(x),
        "silu": x * expit(x),
        "gelu": x * (1 + erf(x / np.sqrt(2))) / 2,
        "tanhGelu": x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2,
        "softmax": softmax(rows, axis=-1),
        "softmaxOverMiddle": softmax(rows, axis=1),
        "maskedSoftmax": softmax(rows + mask, axis=-1),
        "causalSoftmax": softmax(square + causal, axis=-1),
        "logSoftmax": log_softmax(rows, axis=-1),
        "layerNormalization": normalized(rows, (2,)) * numbers(4, 5) + numbers(5, 5),
        "layerNormalizationOverTwoAxes": normalized(rows, (1, 2)) * numbers(6, 4, 5) + numbers(7, 4, 5),
        "groupNormalization": group_norm(numbers(8, 3, 6, 2, 5), numbers(9, 6), numbers(10, 6), 2),
        "gru": gru(
            sequence, numbers(21, 15, 4), numbers(22, 15, 5), numbers(23, 15), numbers(24, 15)
        ),
        "lstm": lstm(
            sequence, numbers(25, 20, 4), numbers(26, 20, 5), numbers(27, 20), numbers(28, 20)
        ),
        "groupedConvolution": convolution(
            numbers(30, 2, 4, 5, 6), numbers(31, 6, 2, 3, 2), numbers(32, 6), 2, 2, 1, 1
        ),
        "depthwiseConvolution": convolution(
            numbers(33, 2, 4, 5, 7), numbers(34, 8, 1, 3, 3), numbers(35, 8), 4, 1, 1, 1
        ),
        "sequenceConvolution": convolution(
            numbers(36, 2, 4, 1, 9), numbers(37, 5, 4, 1, 3), numbers(38, 5), 1, 1, 2, 2, False
        ),
        "crossEntropy": cross_entropy(numbers(40, 3, 4, 7, scale=4), targets, -100),
    }
    json.dump(
        {
            "generator": f"scripts/reference/operations.py, NumPy {np.__version__}, SciPy {scipy.__version__}",
            "cases": {name: [float(v) for v in values.ravel()] for name, values in cases.items()},
        },
        sys.stdout,
        indent=0,
    )


if __name__ == "__main__":
    main()
