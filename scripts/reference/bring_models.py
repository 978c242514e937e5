#!/usr/bin/env python3
"""Brings small models of five usual kinds from PyTorch, as a user would, and holds glocal-dist against PyTorch.

  scripts/reference/bring_models.py FOLDER [--program GLOCAL-DIST] [--only resnet vit ...] [--exports plain ...]
                                    [--checks doctor train ranks resume back hypergradient]

A ResNet, a MobileNet, a ViT, an LSTM and a GPT, each written to FOLDER by both exporters in two ways. Every
file is looked at by the doctor, trained forward and reverse, on one rank and on three (the same bytes), stopped
and resumed (the same bytes), loaded back into PyTorch and ONNX Runtime (the test loss of the summary), and its
hypergradients in double are compared with those of PyTorch in float64. Needs the packages torch, onnx,
onnxscript, onnxruntime and safetensors. Exit code: 0 if all held.
"""

import argparse
import json
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import onnxruntime
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

EXPORTS = ["plain", "default", "legacy", "legacy-training"]
CHECKS = ["doctor", "train", "ranks", "resume", "back", "hypergradient"]
BATCH, TRAIN, VALIDATION, TEST = 16, 128, 32, 48


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        blocks, inputs = [], 16
        for outputs, stride in [(16, 1), (32, 2), (64, 2), (128, 2)]:
            blocks += [Residual(inputs, outputs, stride), Residual(outputs, outputs, 1)]
            inputs = outputs
        self.layers = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        x = self.layers(F.relu(self.bn1(self.conv1(x))))
        return self.fc(torch.flatten(self.pool(x), 1))


class MobileNet(nn.Module):
    def __init__(self):
        super().__init__()

        def separable(inputs, outputs, stride):
            return nn.Sequential(
                nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False),
                nn.BatchNorm2d(inputs), nn.ReLU6(),
                nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU6())

        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(),
            separable(8, 16, 1), separable(16, 32, 2), separable(32, 32, 1))
        self.classifier = nn.Linear(32, 10)

    def forward(self, x):
        return self.classifier(self.features(x).mean([2, 3]))


class ViT(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.patch = nn.Conv2d(3, width, 4, 4)
        self.token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.position = nn.Parameter(torch.randn(1, 65, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width, 4, 64, dropout=0, activation="gelu", batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        # All layers of a TransformerEncoder start as copies.
        for part in self.encoder.layers:
            for value in part.parameters():
                if value.dim() > 1:
                    nn.init.xavier_uniform_(value)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.position
        return self.head(self.norm(self.encoder(x))[:, 0])


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 16, 2, batch_first=True)
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (
            part.reshape(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in self.qkv(self.norm1(x)).split(width, 2))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(a.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(self, tokens=29, length=16, width=24):
        super().__init__()
        self.token, self.position = nn.Embedding(tokens, width), nn.Embedding(length, width)
        nn.init.normal_(self.token.weight, std=0.2)
        self.blocks = nn.ModuleList(Block(width, 3) for _ in range(2))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, tokens, bias=False)
        self.head.weight = self.token.weight

    def forward(self, x):
        x = self.token(x) + self.position(torch.arange(x.shape[1], device=x.device))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


def images(count):
    y = torch.randint(0, 10, (count,))
    # The class shows in the mean of a channel, so that there is something to learn.
    x = torch.randn(count, 3, 32, 32)
    x[torch.arange(count), y % 3] += (y.float() / 5 - 1)[:, None, None]
    return x, y


def sequences(count):
    x = torch.randn(count, 12, 6)
    return x, (x[:, -3:, 0].sum(1) > 0).long() + 2 * (x[:, -1, 1] > 0).long()


def texts(count):
    x = (torch.randint(0, 29, (count, 1)) + torch.arange(17) * torch.randint(1, 4, (count, 1))) % 29
    return x[:, :-1].contiguous(), x[:, 1:].contiguous()


MODELS = {
    "resnet": (ResNet, images), "mobilenet": (MobileNet, images), "vit": (ViT, images),
    "lstm": (Recurrent, sequences), "gpt": (GPT, texts),
}


def network(name):
    torch.manual_seed(7)
    return MODELS[name][0]()


def make(folder, name):
    """The data files and the exports of one model."""
    torch.manual_seed(1)
    draw = MODELS[name][1]
    for part, count in {"train": TRAIN + VALIDATION, "test": TEST}.items():
        inputs, targets = draw(count)
        save_file({"inputs": inputs, "targets": targets}, folder / f"{name}-{part}.safetensors")
    x = draw(4)[0]
    new = {"dynamic_shapes": ({0: "batch"},), "external_data": False, "verbose": False}
    old = {"dynamo": False, "input_names": ["x"], "dynamic_axes": {"x": {0: "batch"}}}
    training = {"training": torch.onnx.TrainingMode.TRAINING, "do_constant_folding": False}
    for kind, options in zip(EXPORTS, [new | {"optimize": False}, new, old, old | training]):
        net = network(name)
        net.train(kind == "legacy-training")
        torch.onnx.export(net, (x,), str(folder / f"{name}-{kind}.onnx"), **options)
        # The older exporter runs the model, and in training that moves the running statistics.
        save_file({key: value.clone() for key, value in net.state_dict().items()}, start(folder, name, kind))


def start(folder, name, kind):
    return folder / f"{name}-{kind}-start.safetensors"


class Trial:
    """One export of one model: its runs."""

    def __init__(self, options, name, kind):
        self.options, self.name, self.kind = options, name, kind
        self.folder = options.folder
        self.normalised = name in ("resnet", "mobilenet") and kind in ("plain", "legacy-training")
        self.configuration = self.folder / f"{name}-{kind}.yaml"
        self.configuration.write_text(f"""\
network: {name}-{kind}.onnx
data: {{set: files, train: {name}-train.safetensors, test: {name}-test.safetensors, validation: {VALIDATION}}}
inner: {{optimizer: sgd, batch: {BATCH}, steps: {600 if name == 'lstm' else 40}}}
window: {{length: 10, observed: 4, carry: 0}}
dmd: {{stacks: 1}}
evaluation: {{baseline: false}}
{"parallel: {shard: %d}" % BATCH if self.normalised else ""}
""")

    def words(self, output, *settings, ranks=1):
        words = [self.options.program, "run", "glyphs", "--config", self.configuration, "--output", output]
        words += ["--ranks", ranks] if ranks > 1 else []
        for setting in settings:
            words += ["--set", setting]
        return [str(word) for word in words]

    def output(self, label):
        return self.folder / "runs" / f"{self.name}-{self.kind}-{label}"

    def call(self, words):
        done = subprocess.run(words, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise AssertionError(f"exit code {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}")
        return done.stdout + done.stderr

    def run(self, label, *settings, ranks=1):
        output = self.output(label)
        if not (output / "summary.json").exists():
            subprocess.run(["rm", "-rf", output])
            (self.folder / "runs").mkdir(exist_ok=True)
            self.call(self.words(output, *settings, ranks=ranks))
        return output

    def doctor(self):
        text = self.call([str(self.options.program), "doctor", str(self.folder / f"{self.name}-{self.kind}.onnx")])
        (self.folder / f"{self.name}-{self.kind}.doctor.txt").write_text(text)
        return "fine"

    def train(self):
        took = []
        for mode in ("forward", "reverse"):
            start = time.monotonic()
            output = self.run(mode, f"mode={mode}")
            took.append(f"{time.monotonic() - start:.0f} s")
        one, other = (json.loads((self.output(m) / "summary.json").read_text()) for m in ("forward", "reverse"))
        return f"{', '.join(took)}; test loss {metrics(one)[0]:.6f}, {metrics(other)[0]:.6f}"

    def same(self, one, other):
        for file in ("trajectory.jsonl", "model.safetensors", "model.onnx"):
            a, b = (part / file for part in (one, other))
            if a.read_bytes() != b.read_bytes():
                raise AssertionError(f"{file} differs between {one.name} and {other.name}")
        return "same bytes"

    def ranks(self):
        for mode in ("forward", "reverse"):
            result = self.same(self.run(mode, f"mode={mode}"), self.run(f"{mode}-3", f"mode={mode}", ranks=3))
        return result

    def resume(self):
        output = self.output("stopped")
        subprocess.run(["rm", "-rf", output])
        process = subprocess.Popen(
            self.words(output, "mode=forward"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            # A shell's background jobs ignore it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        windows = output / "windows.jsonl"
        while process.poll() is None and not (windows.exists() and windows.read_text().count("\n") >= 1):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        text, _ = process.communicate(timeout=300)
        if (output / "summary.json").exists():
            raise AssertionError("the run was over before it could be stopped")
        self.call([str(self.options.program), "resume", str(output)])
        return self.same(self.run("forward", "mode=forward"), output) + f" after exit code {process.returncode}"

    def back(self):
        output = self.run("forward", "mode=forward")
        loss, accuracy = metrics(json.loads((output / "summary.json").read_text()))
        test = load_file(self.folder / f"{self.name}-test.safetensors")
        session = onnxruntime.InferenceSession(str(output / "model.onnx"))
        logits = torch.tensor(session.run(None, {session.get_inputs()[0].name: test["inputs"].numpy()})[0])
        said = [f"ONNX Runtime {self.difference(logits, test['targets'], loss, accuracy):.0e}"]
        if self.kind in ("plain", "legacy-training"):
            net = network(self.name)
            with torch.no_grad():
                for parameter in net.parameters():
                    parameter.zero_()
            tensors = load_file(output / "model.safetensors")
            missing, unexpected = net.load_state_dict(tensors, strict=False)
            missing = [key for key in missing if not key.endswith("num_batches_tracked")]
            if unexpected or missing:
                if self.kind == "plain" and not (self.name == "gpt" and missing in (["head.weight"], ["token.weight"])):
                    raise AssertionError(f"load_state_dict: missing {missing}, unexpected {unexpected}")
                if self.kind != "plain":
                    return said[0] + "; PyTorch: other names"
            net.eval()
            with torch.no_grad():
                logits = net(test["inputs"])
            said.append(f"PyTorch {self.difference(logits, test['targets'], loss, accuracy):.0e}")
        return "; ".join(said)

    def difference(self, logits, targets, loss, accuracy):
        found = F.cross_entropy(logits.flatten(0, -2), targets.flatten()).item()
        right = (logits.argmax(-1) == targets).float().mean().item()
        off = abs(found - loss) / abs(loss)
        if not off <= 1e-5 or not (accuracy is None or abs(right - accuracy) <= 1e-6):
            raise AssertionError(f"loss {found} instead of {loss}, accuracy {right} instead of {accuracy}")
        return off

    def hypergradient(self):
        if self.kind in ("default", "legacy") and self.name in ("gpt", "vit"):
            return "other model (equal tensors merged, zeros dropped)"
        if not self.normalised and self.name in ("resnet", "mobilenet"):
            return "other model (normalisation folded)"
        steps = 4
        errors = []
        for mode in ("forward", "reverse"):
            output = self.run(
                f"double-{mode}", f"mode={mode}", "precision=double", "data.order=sequential", "data.split=tail",
                f"inner.steps={steps}", f"window.length={steps}", f"window.observed={steps}", "window.carry=0",
                "estimator=last", "divergence.policy=stop", "divergence.rise=null")
            rows = [json.loads(line) for line in (output / "trajectory.jsonl").read_text().splitlines()]
            found = torch.tensor([row["h"] for row in rows], dtype=torch.float64)
            expected = self.expected(steps)
            errors.append(((found - expected).abs() / expected.abs().amax(0)).max().item())
        limit = 1e-9 if self.kind == "plain" else 1e-6
        if not max(errors) <= limit:
            raise AssertionError(f"relative errors {errors}")
        return f"{max(errors):.0e}"

    def expected(self, steps):
        cache = self.folder / f"{self.name}-{self.kind}.hypergradient.json"
        if not cache.exists():
            cache.write_text(json.dumps(hypergradients(self.folder, self.name, self.kind, steps).tolist()))
        return torch.tensor(json.loads(cache.read_text()), dtype=torch.float64)


def metrics(summary):
    """Test loss and accuracy of a summary."""
    return summary["test_loss"], summary["test_accuracy"]


def hypergradients(folder, name, kind, steps):
    """d (validation loss after step t) / d (raw learning rate, momentum, weight decay), t = 1 … steps.

    Training is written out and differentiated backwards through all steps.
    """
    net = network(name)
    net.load_state_dict(load_file(start(folder, name, kind)))
    net = net.double()
    data = load_file(folder / f"{name}-train.safetensors")
    inputs, targets = data["inputs"], data["targets"]
    inputs = inputs.double() if inputs.is_floating_point() else inputs
    values = torch.tensor([0.01, 0.9, 0.0005], dtype=torch.float64)
    raw = torch.log(values / (1 - values)).requires_grad_()
    rate, momentum, decay = torch.sigmoid(raw)
    parameters = dict(net.named_parameters())
    velocity = {key: torch.zeros_like(value) for key, value in parameters.items()}

    def loss(first, count):
        logits = torch.func.functional_call(net, parameters, (inputs[first:first + count],))
        return F.cross_entropy(logits.flatten(0, -2), targets[first:first + count].flatten())

    # The fused attention has no second derivative.
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        rows = []
        for step in range(steps):
            # Running statistics are written by training alone.
            net.train()
            gradient = torch.autograd.grad(
                loss(step * BATCH, BATCH), list(parameters.values()), create_graph=True)
            for (key, value), g in zip(list(parameters.items()), gradient):
                velocity[key] = momentum * velocity[key] + g + decay * value
                parameters[key] = value - rate * velocity[key]
            net.eval()
            rows.append(torch.autograd.grad(loss(TRAIN, VALIDATION), raw, retain_graph=True)[0])
    return torch.stack(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    project = Path(__file__).resolve().parents[2]
    parser.add_argument("--program", type=Path, default=project / ".build" / "release" / "glocal-dist")
    parser.add_argument("--only", nargs="+", choices=list(MODELS), default=list(MODELS))
    parser.add_argument("--exports", nargs="+", choices=EXPORTS, default=EXPORTS)
    parser.add_argument("--checks", nargs="+", choices=CHECKS, default=CHECKS)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    options.folder.mkdir(parents=True, exist_ok=True)
    failures = 0
    for name in options.only:
        if not all((options.folder / f"{name}-{kind}.onnx").exists() for kind in EXPORTS):
            make(options.folder, name)
        for kind in options.exports:
            trial = Trial(options, name, kind)
            for check in options.checks:
                try:
                    result = getattr(trial, check)()
                except (AssertionError, subprocess.TimeoutExpired, RuntimeError, KeyError) as error:
                    failures += 1
                    result = f"FAILED: {error}"
                print(f"{name:10} {kind:16} {check:14} {result}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
