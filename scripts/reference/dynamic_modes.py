#!/usr/bin/env python3
"""Writes the reference values of DynamicModesTests: python3 scripts/reference/dynamic_modes.py

An independent way to the same numbers: complex arithmetic throughout, the SVD of X itself (no QR
before it), amplitudes by complex least squares, ridge regression by normal equations, the
Marchenko-Pastur median by adaptive quadrature. Needs NumPy and SciPy.
"""

import json
import pathlib

import numpy as np
import scipy
from scipy import integrate, optimize

TARGET = (
    pathlib.Path(__file__).resolve().parents[2]
    / "Tests/DynamicModesTests/Resources/dynamic_modes.json"
)


def marchenko_pastur_median(beta):
    low, high = (1 - beta**0.5) ** 2, (1 + beta**0.5) ** 2

    def density(t):
        return np.sqrt(max((high - t) * (t - low), 0)) / (2 * np.pi * beta * t)

    def share_below(x):
        # From above: at beta = 1 the density is singular at the lower edge.
        return 1 - integrate.quad(density, x, high, epsabs=1e-13, epsrel=1e-13, limit=500)[0]

    return optimize.brentq(lambda x: share_below(x) - 0.5, low + 1e-9, high - 1e-9, xtol=1e-14)


def hard_threshold(beta):
    known = np.sqrt(2 * (beta + 1) + 8 * beta / (beta + 1 + np.sqrt(beta**2 + 14 * beta + 1)))
    return known / np.sqrt(marchenko_pastur_median(beta))


def rank_of(s, shape, rule):
    numerical = int(np.sum(s > s[0] * max(shape) * np.finfo(float).eps))
    words = rule.split()
    if words[0] == "full":
        return numerical
    if words[0] == "fixed":
        return min(int(words[1]), numerical)
    if words[0] == "energy":
        share = np.cumsum(s**2) / np.sum(s**2)
        return min(int(np.argmax(share >= float(words[1]))) + 1, numerical)
    beta = min(shape) / max(shape)
    return min(int(np.sum(s > hard_threshold(beta) * np.median(s))), numerical)


def decompose(k, rule, kind, fit):
    """(singular values, eigenvalues, unit modes, amplitudes, relative residual) of the columns of k."""
    x, y = k[:, :-1], k[:, 1:]
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    r = rank_of(s, x.shape, rule)
    u, v = u[:, :r], vt[:r].T
    eigenvalues, w = np.linalg.eig(u.T @ y @ v / s[:r])
    eigenvalues = eigenvalues.astype(complex)
    modes = u @ w.astype(complex)
    if kind == "exact":
        modes = y @ v / s[:r] @ w.astype(complex) / eigenvalues
    modes = modes / np.linalg.norm(modes, axis=0)
    count = k.shape[1] if fit == "all" else 1
    stacked = np.vstack([modes * eigenvalues**t for t in range(count)])
    b = np.linalg.lstsq(stacked, k[:, :count].T.reshape(-1).astype(complex), rcond=None)[0]
    model = np.stack([modes @ (b * eigenvalues**t) for t in range(k.shape[1])], axis=1)
    residual = np.linalg.norm(k - model) / np.linalg.norm(k)
    return s, eigenvalues, modes, b, residual


def linear(rng, rows, eigenvalues, columns):
    """rows x columns snapshots of a linear system with these eigenvalues (conjugates are added)."""
    result = np.zeros((rows, columns))
    for value in eigenvalues:
        value = complex(value)
        mode = rng.normal(size=rows) + (1j * rng.normal(size=rows) if value.imag else 0)
        result += np.real(np.outer(mode, value ** np.arange(columns)))
    return result


def hankel(h, m):
    return np.stack([h[i : i + m].reshape(-1) for i in range(len(h) - m + 1)], axis=1)


def parts(z):
    z = np.asarray(z)
    return {"real": z.real.tolist(), "imaginary": z.imag.tolist()}


def matrix_case(name, k, rule, kind="projected", fit="all"):
    s, eigenvalues, modes, b, residual = decompose(k, rule, kind, fit)
    return {
        "name": name,
        "rows": k.shape[0],
        "columns": k.shape[1],
        "rankRule": rule,
        "modeKind": kind,
        "amplitudeFit": fit,
        "snapshots": k.T.reshape(-1).tolist(),
        "singularValues": s.tolist(),
        "eigenvalues": parts(eigenvalues),
        "modes": [parts(column) for column in modes.T],
        "amplitudes": parts(b),
        "relativeResidual": residual,
    }


def trajectory_case(name, h, m, rule, kind, fit, tolerance, horizon, ridge, directions):
    sigma, q = h.shape
    k = hankel(h, m)
    _, eigenvalues, modes, b, residual = decompose(k, rule, kind, fit)
    end = modes[-q:] * b * eigenvalues ** (k.shape[1] - 1)
    steady = np.abs(np.abs(eigenvalues) - 1) <= tolerance
    clamped = np.where(np.abs(eigenvalues) > 1, eigenvalues / np.abs(eigenvalues), eigenvalues)

    mean = h[-m:].mean(axis=0)
    p, s, _ = np.linalg.svd((h - mean).T, full_matrices=False)
    p = p[:, : min(directions, sigma - 2, q)]
    y = p.T @ (h - mean).T
    before, after = y[:, :-1], y[:, 1:]
    x0 = before - before.mean(axis=1, keepdims=True)
    y0 = after - after.mean(axis=1, keepdims=True)
    d = len(y)
    rho = ridge * np.sum(x0**2) / d
    a = y0 @ x0.T @ np.linalg.inv(x0 @ x0.T + rho * np.eye(d))
    c = after.mean(axis=1) - a @ before.mean(axis=1)
    affine = mean + p @ np.linalg.solve(np.eye(d) - a, c)
    return {
        "name": name,
        "steps": sigma,
        "hyperparameters": q,
        "stacks": m,
        "rankRule": rule,
        "modeKind": kind,
        "amplitudeFit": fit,
        "tolerance": tolerance,
        "horizon": horizon,
        "ridge": ridge,
        "affineDirections": directions,
        "trajectory": h.reshape(-1).tolist(),
        "spectralRadius": float(np.max(np.abs(eigenvalues))),
        "rank": len(eigenvalues),
        "relativeResidual": residual,
        "estimates": {
            "last": h[-1].tolist(),
            "tail-mean": mean.tolist(),
            "dmd": np.real(end[:, steady].sum(axis=1)).tolist(),
            "dmd-horizon": np.real(end @ clamped**horizon).tolist(),
            "affine": affine.tolist(),
        },
    }


def main():
    rng = np.random.default_rng(20240202)

    def noisy(clean, size):
        return clean + size * rng.normal(size=clean.shape)

    pair = 0.9 * np.exp(0.7j)
    matrices = [
        matrix_case("real", linear(rng, 6, [1, 0.9, -0.6, 0.3], 12), "full"),
        matrix_case("complex pairs", linear(rng, 6, [1, pair, 0.7 * np.exp(2j)], 14), "full"),
        matrix_case("rank-deficient", linear(rng, 9, [1, 0.95, pair], 11), "full"),
        matrix_case(
            "noisy, hard threshold", noisy(linear(rng, 30, [1, 0.8], 20), 0.05), "hard-threshold"
        ),
        matrix_case(
            "q = 1, stacked", hankel(noisy(linear(rng, 1, [1, 0.8, pair], 30).T, 0.01), 10),
            "energy 0.9999",
        ),
        matrix_case("more rows than columns", noisy(linear(rng, 150, [1, pair], 7), 0.1), "full"),
        matrix_case("exact modes", noisy(linear(rng, 8, [1, 0.8, pair], 20), 0.02), "fixed 4", "exact"),
        matrix_case(
            "growing, amplitudes of the first",
            noisy(linear(rng, 7, [1.1, 0.9], 15), 0.01), "fixed 3", "projected", "first",
        ),
        matrix_case("one row", noisy(linear(rng, 1, [0.9], 12), 0.01), "full"),
        matrix_case(
            "exact modes of the first", noisy(linear(rng, 12, [1, pair], 9), 0.02), "energy 0.999",
            "exact", "first",
        ),
    ]

    def trajectory(q, sigma, eigenvalues, noise):
        return noisy(linear(rng, q, eigenvalues, sigma).T, noise)

    trajectories = [
        trajectory_case(
            "q = 3", trajectory(3, 20, [1, 0.85, pair], 0.01), 10, "energy 0.9999", "projected",
            "all", 0.05, 500, 1e-4, 3,
        ),
        trajectory_case(
            "q = 1, slow mode", trajectory(1, 30, [1, 0.97, 0.5], 0.001), 10, "hard-threshold",
            "projected", "all", 0.05, 40, 0, 1,
        ),
        trajectory_case(
            "q = 40, exact modes", trajectory(40, 16, [1, pair, 0.6], 0.05), 5, "fixed 4", "exact",
            "all", 0.1, 100, 1e-2, 4,
        ),
        trajectory_case(
            "growing", trajectory(3, 24, [1, 1.06, 0.7], 0.002), 8, "fixed 3", "projected",
            "first", 0.04, 7, 1e-3, 2,
        ),
    ]
    betas = [1e-4, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]
    golden = {
        "provenance": {
            "generator": "scripts/reference/dynamic_modes.py",
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "seed": 20240202,
        },
        "hardThresholds": [
            {"beta": b, "median": marchenko_pastur_median(b), "omega": float(hard_threshold(b))}
            for b in betas
        ],
        "matrices": matrices,
        "trajectories": trajectories,
    }
    TARGET.write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
