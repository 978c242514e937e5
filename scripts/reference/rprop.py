"""Rprop by PyTorch, in float64: the reference of OuterOptimizerTests.

Prints phi after every step. Needs PyTorch (written with 2.x): python3 scripts/reference/rprop.py
"""

import torch

HYPERGRADIENTS = [
    [0.5, -2e-3], [0.25, 4e-3], [-1.0, 0.0], [0.125, 1e-3], [2.0, 1e-3], [3.0, -1e-200], [1.0, -1e-200],
]

phi = torch.tensor([0.3, -4.0], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.Rprop([phi], lr=0.2, etas=(0.5, 1.2), step_sizes=(1e-12, 0.25))
for hypergradient in HYPERGRADIENTS:
    phi.grad = torch.tensor(hypergradient, dtype=torch.float64)
    optimizer.step()
    print(phi.tolist())
