#!/usr/bin/env python3
"""Writes the small ONNX files that the tests train: Tests/TestSupport/Resources/*.onnx.

  scripts/reference/own_models.py

Needs the packages onnx and numpy. The same files every time.
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

FOLDER = Path(__file__).resolve().parents[2] / "Tests" / "TestSupport" / "Resources"
RANDOM = np.random.Generator(np.random.PCG64(20260101))


def uniform(*shape, inputs):
    return RANDOM.uniform(-1, 1, shape).astype(np.float32) / np.float32(inputs) ** np.float32(0.5)


def write(name, nodes, tensors, inputs, outputs, opset=17):
    graph = helper.make_graph(
        nodes, name, inputs, outputs,
        [numpy_helper.from_array(np.asarray(value), key) for key, value in tensors.items()])
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8,
        producer_name="scripts/reference/own_models.py")
    save(model, FOLDER / f"{name}.onnx")


def port(name, *shape, type=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, type, list(shape))


def node(type, inputs, output, **attributes):
    return helper.make_node(type, inputs.split(), [output], name=f"{type.lower()}_{output}", **attributes)


def perceptron(name, outputs, *, batch="batch", head=(), **constants):
    """Rows of 4 numbers through 6 hidden ones."""
    write(
        name,
        [
            node("Gemm", "x hidden.weight hidden.bias", "h", transB=1),
            node("Tanh", "h", "a"),
            node("Gemm", "a head.weight head.bias", "logits", transB=1),
        ] + list(head),
        {
            "hidden.weight": uniform(6, 4, inputs=4), "hidden.bias": uniform(6, inputs=4),
            "head.weight": uniform(outputs, 6, inputs=6), "head.bias": uniform(outputs, inputs=6),
        } | constants,
        [port("x", batch, 4)], [port(head[-1].output[0] if head else "logits", batch, outputs)])


def images():
    """Images [1, 28, 28]: a convolution to 16 channels, the mean over the places, ten classes."""
    write(
        "images",
        [
            node("Conv", "image conv.weight conv.bias", "c", kernel_shape=[5, 5], strides=[3, 3]),
            node("Relu", "c", "r"),
            node("GlobalAveragePool", "r", "p"),
            node("Flatten", "p", "f"),
            node("Gemm", "f head.weight head.bias", "logits", transB=1),
        ],
        {
            "conv.weight": uniform(16, 1, 5, 5, inputs=25), "conv.bias": uniform(16, inputs=25),
            "head.weight": uniform(10, 16, inputs=16), "head.bias": uniform(10, inputs=16),
        },
        [port("image", "batch", 1, 28, 28)], [port("logits", "batch", 10)])


def rows():
    """Images as rows of 784 numbers, ten classes."""
    write(
        "rows",
        [node("Gemm", "x weight bias", "logits", transB=1)],
        {"weight": uniform(10, 784, inputs=784), "bias": uniform(10, inputs=784)},
        [port("x", "batch", 784)], [port("logits", "batch", 10)])


def tokens():
    """Sequences of 5 of 7 tokens, the next one told at every position; the matrix is tied."""
    table = uniform(7, 6, inputs=6)
    write(
        "tokens",
        [
            node("Gather", "token.weight t", "e"),
            node("Tanh", "e", "a"),
            node("MatMul", "a onnx::MatMul_9", "logits"),
        ],
        {"token.weight": table, "onnx::MatMul_9": np.ascontiguousarray(table.T)},
        [port("t", "batch", 5, type=TensorProto.INT64)], [port("logits", "batch", 5, 7)])


def unsupported():
    """Two operators that nobody has."""
    write(
        "unsupported",
        [
            node("Gemm", "x weight bias", "h", transB=1),
            node("NonMaxSuppression", "h h", "n"),
            node("StringNormalizer", "x", "s"),
            node("Add", "n s", "logits"),
        ],
        {"weight": uniform(3, 4, inputs=4), "bias": uniform(3, inputs=4)},
        [port("x", "batch", 4)], [port("logits", "batch", 3)])


FOLDER.mkdir(exist_ok=True)
perceptron("classes", 3)
perceptron("numbers", 1)
perceptron("softmax", 3, head=[node("Softmax", "logits", "probabilities", axis=-1)])
perceptron(
    "batch", 3,
    head=[
        # Batches of 4 alone, though the type of the input does not say so.
        helper.make_node("Reshape", ["logits", "halves"], ["two"], name="reshape_two"),
        helper.make_node("Reshape", ["two", "wholes"], ["answers"], name="reshape_answers"),
    ],
    halves=np.array([2, 6], np.int64), wholes=np.array([4, 3], np.int64))
perceptron(
    "fixed", 3, batch=4,
    head=[helper.make_node("Reshape", ["logits", "shape"], ["answers"], name="reshape_answers")],
    shape=np.array([4, 3], np.int64))
images()
rows()
tokens()
unsupported()
