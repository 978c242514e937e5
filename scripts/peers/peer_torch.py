#!/usr/bin/env python3
"""What a PyTorch user would write for the cases of glocal-bench, timed on one thread.

  peer_torch.py lenet|wrn-DEPTH-WIDTH plain|columns|validation [--seconds S] [--compute bfloat16]

Prints one JSON line, {"case": "lenet columns", "seconds": …, "variant": …}: the fastest way of several,
each checked against the others before it is timed. A case is timed for about S seconds a variant.

  plain       one SGD step at batch 128 (momentum and weight decay)
  columns     the same with Z = dθ/dφ and C = dv/dφ for learning rate, weight decay and (LeNet) momentum
  validation  the gradient of the mean loss over 6000 images (LeNet) or 1000 (wide residual networks)

--compute bfloat16 is PyTorch's autocast, for plain and validation.
"""

import argparse
import contextlib
import json
import re
import time
import warnings

warnings.filterwarnings("ignore")
import torch
import torch.nn.functional as F
from torch.func import functional_call, grad, jvp, vmap

BATCH = 128
RATE, MOMENTUM, DECAY = 0.01, 0.9, 5e-4


class LeNet(torch.nn.Module):
    """16 and 16 filters of 5×5, 2×2 max pooling, 256 → 32 → 10, leaky ReLU: 15 386 parameters."""

    shape, tuned, validation = (1, 28, 28), ("rate", "decay", "momentum"), 6000

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


def normalization(channels):
    return torch.nn.GroupNorm(8, channels)


def convolution(inputs, outputs, size, stride=1):
    return torch.nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)


class Block(torch.nn.Module):
    """Pre-activation residual block; a 1×1 convolution of the activated input where shapes change."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.norm1, self.norm2 = normalization(inputs), normalization(outputs)
        self.conv1 = convolution(inputs, outputs, 3, stride)
        self.conv2 = convolution(outputs, outputs, 3)
        changes = inputs != outputs or stride != 1
        self.shortcut = convolution(inputs, outputs, 1, stride) if changes else None

    def forward(self, x):
        y = F.leaky_relu(self.norm1(x))
        h = self.conv2(F.leaky_relu(self.norm2(self.conv1(y))))
        return h + (x if self.shortcut is None else self.shortcut(y))


class WideResNet(torch.nn.Module):
    """Depth 6n + 4, width k: three groups of n blocks with 16k, 32k and 64k channels; group norm."""

    shape, tuned, validation = (3, 32, 32), ("rate", "decay"), 1000

    def __init__(self, depth, width):
        super().__init__()
        self.conv1 = convolution(3, 16, 3)
        blocks, inputs = [], 16
        for group in range(3):
            outputs = (16 << group) * width
            for block in range((depth - 4) // 6):
                blocks.append(Block(inputs, outputs, 2 if group > 0 and block == 0 else 1))
                inputs = outputs
        self.blocks = torch.nn.Sequential(*blocks)
        self.norm = normalization(inputs)
        self.fc = torch.nn.Linear(inputs, 10)

    def forward(self, x):
        x = F.leaky_relu(self.norm(self.blocks(self.conv1(x))))
        return self.fc(x.mean((2, 3)))


def images(model, count):
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(count, *model.shape, generator=generator)
    return x, torch.randint(10, (count,), generator=generator)


def plain_variants(model, precision):
    x, y = images(model, BATCH)
    parameters = list(model.parameters())

    def loss(x):
        with precision():
            return F.cross_entropy(model(x), y)

    def optimizer_step(x, optimizer):
        optimizer.zero_grad(set_to_none=True)
        loss(x).backward()
        optimizer.step()

    def by_hand(x, velocity):
        gradients = torch.autograd.grad(loss(x), parameters)
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
    """θ, v and their columns with respect to the raw hyperparameters that the model tunes."""

    def __init__(self, model):
        self.model, self.tuned, q = model, model.tuned, len(model.tuned)
        self.x, self.y = images(model, BATCH)
        self.theta = {name: p.detach().clone() for name, p in model.named_parameters()}
        generator = torch.Generator().manual_seed(2)
        random = lambda p, *k: 0.01 * torch.randn(*k, *p.shape, generator=generator)
        self.velocity = {name: random(p) for name, p in self.theta.items()}
        self.z = {name: random(p, q) for name, p in self.theta.items()}
        self.c = {name: random(p, q) for name, p in self.theta.items()}

    def loss(self, theta):
        return F.cross_entropy(functional_call(self.model, theta, self.x), self.y)

    def by_vmap(self):
        def column(z):
            return jvp(grad(self.loss), (self.theta,), (z,))

        gradient, products = vmap(column, out_dims=(None, 0))(self.z)
        return gradient, products

    def by_loop(self):
        products = {name: [] for name in self.theta}
        for k in range(len(self.tuned)):
            tangent = {name: z[k] for name, z in self.z.items()}
            gradient, product = jvp(grad(self.loss), (self.theta,), (tangent,))
            for name, value in product.items():
                products[name].append(value)
        return gradient, {name: torch.stack(values) for name, values in products.items()}

    def by_double_backward(self):
        theta = {name: p.detach().requires_grad_() for name, p in self.theta.items()}
        leaves = list(theta.values())
        gradients = torch.autograd.grad(self.loss(theta), leaves, create_graph=True)
        products, last = [], len(self.tuned) - 1
        for k in range(len(self.tuned)):
            seeds = [z[k] for z in self.z.values()]
            products.append(torch.autograd.grad(gradients, leaves, seeds, retain_graph=k < last))
        stacked = {name: torch.stack([p[i] for p in products]) for i, name in enumerate(theta)}
        return {n: g.detach() for n, g in zip(theta, gradients)}, stacked

    def channels_last(self, derivatives):
        """The same with the images in the other layout, which the whole network then follows."""
        planar = self.x
        self.x = planar.contiguous(memory_format=torch.channels_last)
        try:
            return derivatives()
        finally:
            self.x = planar

    def step(self, derivatives):
        """One inner step; the columns' recursion, with the sigmoid's derivatives."""
        gradient, products = derivatives()
        rate_d, momentum_d, decay_d = (v * (1 - v) for v in (RATE, MOMENTUM, DECAY))
        with torch.no_grad():
            for name, theta in self.theta.items():
                velocity, z, c = self.velocity[name], self.z[name], self.c[name]
                c.mul_(MOMENTUM).add_(products[name]).add_(z, alpha=DECAY)
                c[self.tuned.index("decay")].add_(theta, alpha=decay_d)
                if "momentum" in self.tuned:
                    c[self.tuned.index("momentum")].add_(velocity, alpha=momentum_d)
                velocity.mul_(MOMENTUM).add_(gradient[name]).add_(theta, alpha=DECAY)
                z.add_(c, alpha=-RATE)
                z[self.tuned.index("rate")].sub_(velocity, alpha=rate_d)
                theta.sub_(velocity, alpha=RATE)


def columns_variants(model, _):
    columns = Columns(model)
    ways = {
        "vmap of jvp": columns.by_vmap,
        "loop of jvp": columns.by_loop,
        "double backward": columns.by_double_backward,
        "double backward, channels last": lambda: columns.channels_last(columns.by_double_backward),
    }
    reference = columns.by_double_backward()[1]
    for name, way in ways.items():
        for key, product in way()[1].items():
            # Single precision, sums of up to 128·24·24 terms: relative errors up to a few per mille.
            error = (product - reference[key]).abs().max() / reference[key].abs().max()
            assert error <= 5e-3, f"{name} disagrees in {key}: {error}"
    return {name: (lambda way=way: columns.step(way)) for name, way in ways.items()}


def validation_variants(model, precision):
    count = model.validation
    planar, y = images(model, count)
    last = planar.contiguous(memory_format=torch.channels_last)
    parameters = list(model.parameters())

    def gradient(x, size):
        for p in parameters:
            p.grad = None
        for start in range(0, count, size):
            piece = slice(start, start + size)
            with precision():
                loss = F.cross_entropy(model(x[piece]), y[piece], reduction="sum") / count
            loss.backward()

    # Larger chunks of images with many channels would only fall out of the cache.
    sizes = (64, 250, 1000, 6000) if isinstance(model, LeNet) else (32, 125)
    ways = {f"batches of {size}": (lambda size=size: gradient(planar, size)) for size in sizes}
    ways["batches of 64, channels last"] = lambda: gradient(last, 64)
    return ways


def fastest(run, seconds):
    """The shortest of many runs, after one or two that warm up."""
    start = time.perf_counter()
    run()
    if time.perf_counter() - start < 1:
        run()
    best, end = float("inf"), time.perf_counter() + seconds
    while best == float("inf") or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def network(name):
    """The model of a name."""
    if name == "lenet":
        return LeNet()
    sizes = re.fullmatch(r"wrn-?(\d+)-(\d+)", name)
    if not sizes or int(sizes[1]) < 10 or int(sizes[1]) % 6 != 4 or int(sizes[2]) < 1:
        raise ValueError(f"{name} is neither lenet nor wrn-DEPTH-WIDTH, as wrn-16-2")
    return WideResNet(int(sizes[1]), int(sizes[2]))


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("network")
    cases = {"plain": plain_variants, "columns": columns_variants, "validation": validation_variants}
    parser.add_argument("case", choices=cases)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--compute", choices=["float32", "bfloat16"], default="float32")
    options = parser.parse_args()
    precision = contextlib.nullcontext
    if options.compute == "bfloat16":
        if options.case == "columns":
            parser.error("columns are timed in float32 only")
        precision = lambda: torch.autocast("cpu", dtype=torch.bfloat16)
    try:
        model = network(options.network)
    except ValueError as error:
        parser.error(str(error))
    # Try each variant briefly, then spend the time on the best.
    variants = cases[options.case](model, precision)
    times = {name: fastest(run, options.seconds / 4) for name, run in variants.items()}
    best = min(times, key=times.get)
    seconds = min(times[best], fastest(variants[best], options.seconds))
    case = f"{options.network} {options.case}"
    print(json.dumps({"case": case, "seconds": seconds, "variant": best, "compute": options.compute}))


main()
