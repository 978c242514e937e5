#!/usr/bin/env python3
"""What a PyTorch user would write for the cases of glocal-bench, timed on one thread.

  peer_torch.py lenet plain|columns|validation [--seconds S]

Prints one JSON line, {"case": "lenet columns", "seconds": …, "variant": …}: the fastest way of several,
each checked against the others before it is timed. A case is timed for about S seconds a variant.

  plain       one SGD step at batch 128 (momentum and weight decay)
  columns     the same with Z = dθ/dφ and C = dv/dφ for learning rate, momentum and weight decay
  validation  the gradient of the mean loss over 6000 images
"""

import argparse
import json
import time
import warnings

warnings.filterwarnings("ignore")
import torch
import torch.nn.functional as F
from torch.func import functional_call, grad, jvp, vmap

BATCH, VALIDATION = 128, 6000
RATE, MOMENTUM, DECAY = 0.01, 0.9, 5e-4


class LeNet(torch.nn.Module):
    """16 and 16 filters of 5×5, 2×2 max pooling, 256 → 32 → 10, leaky ReLU: 15 386 parameters."""

    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 16, 5)
        self.conv2 = torch.nn.Conv2d(16, 16, 5)
        self.fc1 = torch.nn.Linear(256, 32)
        self.fc2 = torch.nn.Linear(32, 10)

    def forward(self, x):
        x = F.max_pool2d(F.leaky_relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.leaky_relu(self.conv2(x)), 2)
        return self.fc2(F.leaky_relu(self.fc1(x.flatten(1))))


def images(count):
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(count, 1, 28, 28, generator=generator)
    return x, torch.randint(10, (count,), generator=generator)


def plain_variants(model):
    x, y = images(BATCH)
    parameters = list(model.parameters())

    def optimizer_step(x, optimizer):
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(model(x), y).backward()
        optimizer.step()

    def by_hand(x, velocity):
        gradients = torch.autograd.grad(F.cross_entropy(model(x), y), parameters)
        with torch.no_grad():
            torch._foreach_mul_(velocity, MOMENTUM)
            torch._foreach_add_(velocity, gradients)
            torch._foreach_add_(velocity, parameters, alpha=DECAY)
            torch._foreach_add_(parameters, velocity, alpha=-RATE)

    last = x.contiguous(memory_format=torch.channels_last)
    settings = {"lr": RATE, "momentum": MOMENTUM, "weight_decay": DECAY}
    sgd = torch.optim.SGD(parameters, foreach=True, **settings)
    fused = torch.optim.SGD(parameters, fused=True, **settings)
    velocity = [torch.zeros_like(p) for p in parameters]
    return {
        "torch.optim.SGD": lambda: optimizer_step(x, sgd),
        "fused SGD": lambda: optimizer_step(x, fused),
        "by hand": lambda: by_hand(x, velocity),
        "by hand, channels last": lambda: by_hand(last, velocity),
    }


class Columns:
    """θ, v and their columns with respect to the raw learning rate, momentum and weight decay."""

    def __init__(self, model):
        self.model = model
        self.x, self.y = images(BATCH)
        self.theta = {name: p.detach().clone() for name, p in model.named_parameters()}
        generator = torch.Generator().manual_seed(2)
        random = lambda p, *k: 0.01 * torch.randn(*k, *p.shape, generator=generator)
        self.velocity = {name: random(p) for name, p in self.theta.items()}
        self.z = {name: random(p, 3) for name, p in self.theta.items()}
        self.c = {name: random(p, 3) for name, p in self.theta.items()}

    def loss(self, theta):
        return F.cross_entropy(functional_call(self.model, theta, self.x), self.y)

    def by_vmap(self):
        def column(z):
            return jvp(grad(self.loss), (self.theta,), (z,))

        gradient, products = vmap(column, out_dims=(None, 0))(self.z)
        return gradient, products

    def by_loop(self):
        products = {name: [] for name in self.theta}
        for k in range(3):
            tangent = {name: z[k] for name, z in self.z.items()}
            gradient, product = jvp(grad(self.loss), (self.theta,), (tangent,))
            for name, value in product.items():
                products[name].append(value)
        return gradient, {name: torch.stack(values) for name, values in products.items()}

    def by_double_backward(self):
        theta = {name: p.detach().requires_grad_() for name, p in self.theta.items()}
        leaves = list(theta.values())
        gradients = torch.autograd.grad(self.loss(theta), leaves, create_graph=True)
        products = []
        for k in range(3):
            seeds = [z[k] for z in self.z.values()]
            products.append(torch.autograd.grad(gradients, leaves, seeds, retain_graph=k < 2))
        stacked = {name: torch.stack([p[i] for p in products]) for i, name in enumerate(theta)}
        return {n: g.detach() for n, g in zip(theta, gradients)}, stacked

    def step(self, derivatives):
        """One inner step; the columns' recursion, with the sigmoid's derivatives."""
        gradient, products = derivatives()
        rate_d, momentum_d, decay_d = (v * (1 - v) for v in (RATE, MOMENTUM, DECAY))
        with torch.no_grad():
            for name, theta in self.theta.items():
                velocity, z, c = self.velocity[name], self.z[name], self.c[name]
                c.mul_(MOMENTUM).add_(products[name]).add_(z, alpha=DECAY)
                c[1].add_(velocity, alpha=momentum_d)
                c[2].add_(theta, alpha=decay_d)
                velocity.mul_(MOMENTUM).add_(gradient[name]).add_(theta, alpha=DECAY)
                z.add_(c, alpha=-RATE)
                z[0].sub_(velocity, alpha=rate_d)
                theta.sub_(velocity, alpha=RATE)


def columns_variants(model):
    columns = Columns(model)
    ways = {
        "vmap of jvp": columns.by_vmap,
        "loop of jvp": columns.by_loop,
        "double backward": columns.by_double_backward,
    }
    reference = columns.by_double_backward()[1]
    for name, way in ways.items():
        for key, product in way()[1].items():
            # Single precision, sums of up to 128·24·24 terms: a few parts in a thousand at worst.
            error = (product - reference[key]).abs().max() / reference[key].abs().max()
            assert error <= 5e-3, f"{name} disagrees in {key}: {error}"
    return {name: (lambda way=way: columns.step(way)) for name, way in ways.items()}


def validation_variants(model):
    x, y = images(VALIDATION)
    parameters = list(model.parameters())

    def gradient(size):
        for p in parameters:
            p.grad = None
        for start in range(0, VALIDATION, size):
            piece = slice(start, start + size)
            loss = F.cross_entropy(model(x[piece]), y[piece], reduction="sum") / VALIDATION
            loss.backward()

    return {f"batches of {size}": (lambda size=size: gradient(size)) for size in (64, 250, 1000, 6000)}


def fastest(run, seconds):
    """The shortest of many runs, after two that warm up."""
    run()
    run()
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("network", choices=["lenet"])
    cases = {"plain": plain_variants, "columns": columns_variants, "validation": validation_variants}
    parser.add_argument("case", choices=cases)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    # A short look at every way, then the time goes to the best.
    variants = cases[options.case](LeNet())
    times = {name: fastest(run, options.seconds / 4) for name, run in variants.items()}
    best = min(times, key=times.get)
    seconds = min(times[best], fastest(variants[best], options.seconds))
    print(json.dumps({"case": f"lenet {options.case}", "seconds": seconds, "variant": best}))


main()
