#!/usr/bin/env python3
"""Values of ONNX operators by the onnx package's own reference evaluator, in double precision.

    pip install numpy onnx
    scripts/reference/onnx_operators.py Tests/ONNXTests/Resources/operators.json

Every case is a model of one node (a few of more). Its inputs of floating-point numbers are inputs of the
graph; whole numbers, truth values and what is wrapped in Known are initializers; Tokens are inputs of
whole numbers. With --check the cases are also run by onnxruntime, in single precision, where it can.
"""

import base64
import json
import math
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

random = np.random.default_rng(15)
cases = {}
checks = []


class Known:
    def __init__(self, value):
        self.value = np.asarray(value)


class Tokens(Known):
    pass


def numbers(*shape, low=-2.0, high=2.0):
    """Exact in single precision, so that they take half the space."""
    return random.uniform(low, high, shape).astype(np.float32).astype(np.float64)


def encoded(array, kind=np.float64):
    array = np.asarray(array, dtype=kind)
    return {"shape": list(array.shape), "numbers": base64.b64encode(array.tobytes()).decode()}


def case(
    name, operator, inputs, opset=20, outputs=1, only=None, reference=None, single=False,
    **attributes
):
    """One node; `reference` gives the outputs where the evaluator has none, is wrong or computes in
    single precision; `single` says that it does."""
    names, ports, initializers, feeds = [], [], [], {}
    for i, value in enumerate(inputs):
        if value is None:
            names.append("")
            continue
        names.append(f"x{i}")
        wrapped = value.value if isinstance(value, Known) else np.asarray(value)
        if isinstance(value, Tokens) or (
            not isinstance(value, Known) and wrapped.dtype == np.float64
        ):
            kind = helper.np_dtype_to_tensor_dtype(wrapped.dtype)
            ports.append(helper.make_tensor_value_info(names[-1], kind, wrapped.shape))
            feeds[names[-1]] = wrapped
        else:
            initializers.append(numpy_helper.from_array(wrapped, names[-1]))
    if not ports:
        ports.append(helper.make_tensor_value_info("unused", TensorProto.DOUBLE, [1]))
        feeds["unused"] = np.zeros(1)
    results = [f"y{i}" for i in range(outputs)]
    nodes = [helper.make_node(operator, names, results, **attributes)]
    add(name, nodes, ports, initializers, feeds, results, opset, only, reference)
    cases[name]["single"] = single


def add(name, nodes, ports, initializers, feeds, results, opset, only=None, reference=None):
    wanted = [results[i] for i in only] if only else results
    graph = helper.make_graph(
        nodes, "g", ports,
        [helper.make_tensor_value_info(y, TensorProto.UNDEFINED, None) for y in wanted],
        initializers)
    for port in graph.output:
        port.ClearField("type")
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10 if opset < 24 else 11)
    model.producer_name = ""
    found = reference if reference is not None else ReferenceEvaluator(model).run(wanted, feeds)
    assert name not in cases, name
    cases[name] = {
        "model": base64.b64encode(model.SerializeToString()).decode(),
        "inputs": {key: dict(encoded(value, np.float32), whole=value.dtype != np.float64)
                   for key, value in feeds.items()},
        "outputs": [encoded(value) for value in found],
    }
    checks.append((name, model, feeds, found))


def elementwise():
    x = numbers(3, 7, low=-4, high=4)
    for operator in [
        "Abs", "Neg", "Sign", "Floor", "Ceil", "Round", "Exp", "Sin", "Cos", "Relu",
        "Elu", "Selu", "Celu", "Sigmoid", "Tanh",
        "Softplus", "Softsign", "Mish", "ThresholdedRelu", "Identity",
    ]:
        case(operator, operator, [x], opset=22)
    erf = np.vectorize(math.erf)
    cubed = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    for operator, y in [
        ("LeakyRelu", np.where(x > 0, x, 0.01 * x)), ("HardSigmoid", np.clip(0.2 * x + 0.5, 0, 1)),
        ("HardSwish", x * np.clip(x / 6 + 0.5, 0, 1)), ("Erf", erf(x)),
        ("Gelu", x * (1 + erf(x / np.sqrt(2))) / 2),
    ]:
        case(operator, operator, [x], opset=22, reference=[y])
    case("GeluTanh", "Gelu", [x], approximate="tanh", reference=[x * (1 + np.tanh(cubed)) / 2])
    for operator in ["Sqrt", "Log", "Reciprocal"]:
        case(operator, operator, [numbers(3, 5, low=0.2, high=3)])
    case("SigmoidFar", "Sigmoid", [np.array([-60.0, -30, 0, 30, 60])])
    case("SoftplusFar", "Softplus", [np.array([-60.0, -30, 0, 30, 60])])
    case("MishFar", "Mish", [np.array([-60.0, -30, 0.5, 30, 60])], opset=22,
         reference=[(lambda v: v * np.tanh(np.log1p(np.exp(v))))(np.array([-60.0, -30, .5, 30, 60]))])
    case("Swish", "Swish", [x], opset=24, alpha=0.7)
    case("LeakyReluSteep", "LeakyRelu", [x], alpha=0.3)
    case("LeakyReluNegative", "LeakyRelu", [x], alpha=-0.25)
    case("EluDeep", "Elu", [x], alpha=1.75)
    case("CeluScaled", "Celu", [x], alpha=0.5,
         reference=[np.maximum(x, 0) + np.minimum(0, 0.5 * np.expm1(x / 0.5))])
    case("HardSigmoidOther", "HardSigmoid", [x], alpha=0.3, beta=0.25)
    case("PRelu", "PRelu", [numbers(2, 3, 4), numbers(3, 1)])
    case("Clip", "Clip", [x, Known(np.float64(-1)), Known(np.float64(1.5))])
    case("ClipAbove", "Clip", [x, None, Known(np.float64(1.5))])
    case("ClipComputed", "Clip", [x, numbers(), None], reference=None)
    for operator in ["Add", "Sub", "Mul"]:
        case(operator, operator, [numbers(2, 3, 4), numbers(3, 1)])
        case(operator + "Number", operator, [Known(np.float64(1.5)), numbers(2, 3)])
    case("Div", "Div", [numbers(2, 3), numbers(3, low=0.5, high=2)])
    case("DivByNumber", "Div", [numbers(2, 3), Known(np.float64(2.5))])
    case("DivOfNumber", "Div", [Known(np.float64(2.5)), numbers(2, 3, low=0.5)])
    case("AddToRank", "Mul", [numbers(3), Known(np.array([[[2.0]]]))])
    case("Pow2", "Pow", [x, Known(np.float64(2))])
    case("Pow3", "Pow", [x, Known(np.array([3.0]))])
    case("PowInteger", "Pow", [x, Known(np.int64(3))])
    case("Pow0", "Pow", [x, Known(np.float64(0))])
    case("PowHalf", "Pow", [numbers(3, low=0.5), Known(np.float64(0.5))])
    case("PowOfVariable", "Pow", [numbers(2, 3, low=0.5), numbers(3)])
    case("Min", "Min", [numbers(2, 3), numbers(3), numbers(2, 1)])
    case("Max", "Max", [numbers(2, 3), numbers(3), numbers(2, 1)])
    case("Sum", "Sum", [numbers(2, 3), numbers(3), numbers(2, 1)])
    case("Mean", "Mean", [numbers(2, 3), numbers(3), numbers(2, 1)])
    mask = random.uniform(size=(2, 3)) < 0.5
    case("Where", "Where", [mask, numbers(4, 2, 3), numbers(3)])
    case("WhereInfinite", "Where", [mask, Known(np.float64(-np.inf)), numbers(4, 2, 3)])
    y = numbers(3, 7, low=-4, high=4)
    for operator in ["Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal"]:
        chain(operator + "Where", [
            helper.make_node(operator, ["x0", "x1"], ["m"]),
            helper.make_node("Where", ["m", "x0", "x1"], ["y0"])], [x, y])
    chain("Masks", [
        helper.make_node("Greater", ["x0", "x1"], ["a"]),
        helper.make_node("Less", ["x0", "zero"], ["b"]),
        helper.make_node("Not", ["a"], ["c"]),
        helper.make_node("Or", ["b", "c"], ["d"]), helper.make_node("Xor", ["d", "a"], ["e"]),
        helper.make_node("And", ["e", "b"], ["f"]), helper.make_node("Cast", ["f"], ["g"], to=11),
        helper.make_node("Mul", ["g", "x0"], ["y0"])], [x, y], {"zero": np.float64(0.5)})
    chain("CastToBool", [
        helper.make_node("Greater", ["x0", "x1"], ["a"]),
        helper.make_node("Cast", ["a"], ["b"], to=11), helper.make_node("Cast", ["b"], ["m"], to=9),
        helper.make_node("Where", ["m", "x1", "x0"], ["y0"])], [x, y])
    chain("EqualTokens", [
        helper.make_node("Equal", ["x0", "two"], ["m"]),
        helper.make_node("Where", ["m", "x1", "zero"], ["y0"])],
          [np.array([[1, 2, 3], [2, 2, 0]]), numbers(2, 3)],
          {"two": np.int64(2), "zero": np.float64(0)})
    chain("CastTokens", [
        helper.make_node("Cast", ["x0"], ["a"], to=11),
        helper.make_node("Mul", ["a", "x1"], ["y0"])],
          [np.array([[1, 2, 3], [2, 2, 0]]), numbers(2, 3)])
    chain("MaskedSoftmax", [
        helper.make_node("Where", ["m", "x0", "low"], ["a"]),
        helper.make_node("Softmax", ["a"], ["b"]), helper.make_node("MatMul", ["b", "x1"], ["y0"])],
          [numbers(2, 4, 4), numbers(2, 4, 3)],
          {"m": np.tril(np.ones((4, 4), dtype=bool)), "low": np.float64(-np.inf)})
    chain("LowestSoftmax", [
        helper.make_node("Where", ["m", "zero", "low"], ["a"]),
        helper.make_node("Add", ["x0", "a"], ["c"]),
        helper.make_node("Softmax", ["c"], ["b"]), helper.make_node("MatMul", ["b", "x1"], ["y0"])],
          [numbers(2, 4, 4), numbers(2, 4, 3)],
          {"m": np.tril(np.ones((4, 4), dtype=bool)), "low": np.float64(-3.4028234663852886e38),
           "zero": np.float64(0)})


def chain(name, nodes, inputs, constants={}, results=("y0",), opset=20):
    """Several nodes; inputs are x0, x1, …"""
    feeds = {f"x{i}": np.asarray(value) for i, value in enumerate(inputs)}
    ports = [
        helper.make_tensor_value_info(
            key, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape)
        for key, value in feeds.items()]
    initializers = [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()]
    add(name, nodes, ports, initializers, feeds, list(results), opset)


def layouts():
    x = numbers(2, 3, 4)
    whole = lambda *v: np.array(v, dtype=np.int64)
    case("Reshape", "Reshape", [x, whole(0, -1)])
    case("ReshapeZero", "Reshape", [x, whole(-1, 6)], allowzero=1)
    case("Flatten", "Flatten", [x], axis=2)
    case("FlattenBack", "Flatten", [x], axis=-2)
    case("FlattenAll", "Flatten", [x], axis=0)
    case("Squeeze", "Squeeze", [numbers(2, 1, 3, 1), whole(-1)])
    case("SqueezeAll", "Squeeze", [numbers(2, 1, 3, 1)])
    case("SqueezeOld", "Squeeze", [numbers(2, 1, 3, 1)], opset=11, axes=[1])
    case("Unsqueeze", "Unsqueeze", [x, whole(0, -1)])
    case("UnsqueezeOld", "Unsqueeze", [x], opset=11, axes=[1, 3])
    case("Transpose", "Transpose", [x], perm=[1, 2, 0])
    case("TransposeAll", "Transpose", [x])
    case("Concat", "Concat", [numbers(2, 3), numbers(2, 1), Known(numbers(2, 2))], axis=-1)
    case("Slice", "Slice", [x, whole(1, -3), whole(2**63 - 1, -1), whole(0, 2)])
    case("SliceReversed", "Slice", [x, whole(-1), whole(-(2**63)), whole(2), whole(-1)])
    case("SliceSteps", "Slice", [x, whole(3, 0), whole(-100, 3), whole(-1, 1), whole(-2, 2)])
    case("SliceAxesLeftOut", "Slice", [x, whole(0, 1), whole(1, 3)])
    case("SplitEqual", "Split", [x], opset=13, outputs=2, axis=2)
    case("SplitLengths", "Split", [x, whole(1, 3)], outputs=2, axis=-1)
    case("SplitNumber", "Split", [numbers(5, 2)], outputs=3, num_outputs=3)
    case("SplitOld", "Split", [x], opset=11, outputs=2, axis=2, split=[1, 3])
    case("Expand", "Expand", [numbers(3, 1), whole(2, 1, 4)])
    case("Tile", "Tile", [numbers(2, 3), whole(2, 3)])
    case("Trilu", "Trilu", [numbers(2, 4, 5), np.int64(1)], upper=1)
    case("TriluLower", "Trilu", [numbers(4, 3)], upper=0)
    case("Gather", "Gather", [x, np.array([[2, 0], [-1, 2]])], axis=1)
    case("GatherOne", "Gather", [x, np.int64(-1)], axis=2)
    case("GatherRow", "Gather", [x, np.int64(1)])
    case("GatherTokens", "Gather", [numbers(5, 3), Tokens(np.array([[4, 0, 4], [1, 1, 3]]))])
    case("GatherElements", "GatherElements", [x, np.array([[[3, 0], [1, 1], [-1, 2]]] * 2)], axis=2)
    case("DepthToSpace", "DepthToSpace", [numbers(2, 8, 2, 3)], blocksize=2)
    case("PixelShuffle", "DepthToSpace", [numbers(2, 8, 2, 3)], blocksize=2, mode="CRD")
    case("SpaceToDepth", "SpaceToDepth", [numbers(2, 2, 4, 6)], blocksize=2)
    case("Pad", "Pad", [x, whole(0, 1, 2, 0, 0, 1), Known(np.float64(1.5))])
    case("PadReflect", "Pad", [x, whole(0, 2, 3, 0, 1, 1)], mode="reflect")
    case("PadEdge", "Pad", [x, whole(0, 2, 3, 1, 1, 1)], mode="edge")
    case("PadWrap", "Pad", [x, whole(0, 2, 3, 1, 1, 1)], mode="wrap")
    case("PadAxes", "Pad", [x, whole(1, 2), None, whole(-1)])
    case("PadCut", "Pad", [x, whole(0, -1, 1, 0, 0, -2)],
         reference=[np.pad(x[:, 1:, :2], ((0, 0), (0, 0), (1, 0)))])
    case("CumSum", "CumSum", [x, np.int64(1)])
    case("CumSumReversed", "CumSum", [x, np.int64(-1)], exclusive=1, reverse=1)
    chain("Sequence", [
        helper.make_node("SplitToSequence", ["x0", "parts"], ["s"], axis=2),
        helper.make_node("SequenceAt", ["s", "last"], ["a"]),
        helper.make_node("SequenceAt", ["s", "first"], ["b"]),
        helper.make_node("SequenceConstruct", ["a", "b", "a"], ["t"]),
        helper.make_node("ConcatFromSequence", ["t"], ["y0"], axis=-1)],
          [x], {"parts": whole(1, 3), "last": np.int64(-1), "first": np.int64(0)})
    chain("SequenceOfOnes", [
        helper.make_node("SplitToSequence", ["x0"], ["s"], axis=1, keepdims=0),
        helper.make_node("ConcatFromSequence", ["s"], ["y0"], axis=1, new_axis=1)], [x])
    chain("Shapes", [
        helper.make_node("Shape", ["x0"], ["s"]), helper.make_node("Shape", ["x0"], ["e"], start=-2),
        helper.make_node("Size", ["x0"], ["n"]), helper.make_node("Gather", ["s", "one"], ["b"]),
        helper.make_node("Div", ["n", "b"], ["r"]), helper.make_node("Unsqueeze", ["r", "axes"], ["u"]),
        helper.make_node("Unsqueeze", ["b", "axes"], ["v"]),
        helper.make_node("Concat", ["v", "u"], ["w"], axis=0),
        helper.make_node("Reshape", ["x0", "w"], ["p"]),
        helper.make_node("Cast", ["e"], ["f"], to=11), helper.make_node("Sqrt", ["f"], ["q"]),
        helper.make_node("ReduceProd", ["q"], ["t"], keepdims=0),
        helper.make_node("Mul", ["p", "t"], ["y0"])],
          [x], {"one": np.int64(1), "axes": whole(0)})
    chain("CausalMask", [
        helper.make_node("Shape", ["x0"], ["s"], start=1),
        helper.make_node("ConstantOfShape", ["s"], ["o"],
                         value=helper.make_tensor("v", TensorProto.DOUBLE, [1], [1.0])),
        helper.make_node("Trilu", ["o"], ["t"], upper=0),
        helper.make_node("Equal", ["t", "zero"], ["m"]),
        helper.make_node("Where", ["m", "low", "zero"], ["a"]),
        helper.make_node("Add", ["x0", "a"], ["b"]), helper.make_node("Softmax", ["b"], ["y0"])],
          [numbers(2, 4, 4)], {"zero": np.float64(0), "low": np.float64(-np.inf)})
    chain("Positions", [
        helper.make_node("Range", ["a", "b", "c"], ["r"]), helper.make_node("Gather", ["x0", "r"], ["y0"])],
          [numbers(6, 3)], {"a": np.int64(4), "b": np.int64(-1), "c": np.int64(-2)})
    known("IntegerDivision", "Div", [np.array([7, -7, 7, -7]), np.array([2, 2, -2, -2])],
          reference=[np.array([3, -3, -3, 3])])
    known("Remainder", "Mod", [np.array([7, -7, 7, -7]), np.array([3, 3, -3, -3])])
    known("RemainderOfC", "Mod", [np.array([7, -7, 7, -7]), np.array([3, 3, -3, -3])], fmod=1)
    known("IntegerPower", "Pow", [np.array([2, -3, 1]), np.array([10, 3, 0])])
    known("RangeOfFloats", "Range", [np.float64(1), np.float64(2), np.float64(0.3)])
    known("NonZero", "NonZero", [np.array([[1, 0, 2], [0, 0, 3]])])
    known("OneHot", "OneHot", [np.array([[1, -1], [0, 7]]), np.int64(3), np.array([2.0, 5.0])], axis=1)
    known("EyeLike", "EyeLike", [np.zeros((3, 4))], k=1, dtype=11)
    known("CastDown", "Cast", [np.array([1.7, -1.7, 0.0])], to=7)
    for operator in ["ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin"]:
        known("Whole" + operator, operator, [np.array([[1, 5, 2], [-4, 3, 3]]), np.array([1])], keepdims=0)


def known(name, operator, inputs, **others):
    case(name, operator, [Known(value) for value in inputs], **others)


def reductions():
    x = numbers(2, 3, 4)
    whole = lambda *v: np.array(v, dtype=np.int64)
    for operator in [
        "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2",
        "ReduceSumSquare", "ReduceLogSumExp",
    ]:
        case(operator, operator, [x, whole(0, -1)], keepdims=0)
        case(operator + "All", operator, [x])
        case(operator + "Old", operator, [x], opset=11, axes=[1], keepdims=1)
    case("ReduceLogSum", "ReduceLogSum", [np.abs(x), whole(1)])
    case("ReduceNothing", "ReduceSum", [x], noop_with_empty_axes=1)
    for operator in ["Softmax", "LogSoftmax"]:
        case(operator, operator, [x])
        case(operator + "Axis", operator, [x], axis=1)
        shifted = np.exp(x - x.max(axis=(1, 2), keepdims=True))
        p = shifted / shifted.sum(axis=(1, 2), keepdims=True)
        case(operator + "Old", operator, [x], opset=11,
             reference=[p if operator == "Softmax" else np.log(p)])
    case("LpNormalization", "LpNormalization", [x], axis=1, p=2, opset=22)
    case("LpNormalization1", "LpNormalization", [x], axis=1, p=1, opset=22,
         reference=[x / np.abs(x).sum(1, keepdims=True)])


def products():
    for name, a, b in [
        ("", (2, 3, 4), (4, 5)), ("Batched", (2, 3, 4), (2, 4, 5)), ("Vectors", (4,), (4,)),
        ("Row", (4,), (2, 4, 3)), ("Column", (2, 3, 4), (4,)), ("Broadcast", (2, 1, 3, 4), (5, 4, 2)),
    ]:
        case("MatMul" + name, "MatMul", [numbers(*a), numbers(*b)])
    chain("TransposedRight", [
        helper.make_node("Transpose", ["x1"], ["t"], perm=[1, 0]),
        helper.make_node("MatMul", ["x0", "t"], ["y0"])], [numbers(2, 3, 4), numbers(5, 4)])
    chain("TransposedBoth", [
        helper.make_node("Transpose", ["x0"], ["s"], perm=[0, 2, 1]),
        helper.make_node("Transpose", ["x1"], ["t"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["s", "t"], ["y0"])], [numbers(2, 4, 3), numbers(2, 5, 4)])
    chain("TransposedTwice", [
        helper.make_node("Transpose", ["x1"], ["s"], perm=[1, 0]),
        helper.make_node("Transpose", ["s"], ["t"], perm=[1, 0]),
        helper.make_node("MatMul", ["x0", "t"], ["a"]), helper.make_node("MatMul", ["a", "s"], ["y0"])],
          [numbers(2, 3), numbers(3, 4)])
    case("Gemm", "Gemm", [numbers(3, 4), numbers(4, 5), numbers(5)])
    case("GemmTransposed", "Gemm", [numbers(4, 3), numbers(5, 4), numbers(3, 1)],
         alpha=0.5, beta=2.0, transA=1, transB=1)
    case("GemmWithoutBias", "Gemm", [numbers(3, 4), numbers(5, 4)], transB=1)
    case("GemmRow", "Gemm", [numbers(3, 4), numbers(5, 4), numbers(1, 5)], transB=1, beta=0.5)
    case("GemmNumber", "Gemm", [numbers(3, 4), numbers(4, 5), numbers()])
    for i, (equation, shapes) in enumerate([
        ("ij,jk->ik", [(2, 3), (3, 4)]), ("bhid,bhjd->bhij", [(2, 2, 3, 4), (2, 2, 5, 4)]),
        ("bij,bjk", [(2, 3, 4), (2, 4, 5)]), ("i,j->ji", [(2,), (3,)]), ("bij->bj", [(2, 3, 4)]),
        ("ij->ji", [(2, 3)]), ("bi,bi->b", [(2, 3), (2, 3)]), ("bic,kc->bki", [(2, 3, 4), (5, 4)]),
        ("...ij,...jk->...ik", [(2, 3, 4), (2, 4, 5)]), ("ab,cd->a", [(2, 3), (2, 2)]),
    ]):
        case(f"Einsum{i}", "Einsum", [numbers(*s) for s in shapes], equation=equation)


def windows():
    x = numbers(1, 4, 5, 6)
    case("Conv", "Conv", [x, numbers(3, 4, 3, 3), numbers(3)], pads=[1, 1, 1, 1])
    case("ConvGroups", "Conv", [x, numbers(4, 2, 3, 2)], group=2, strides=[2, 1], pads=[1, 0, 1, 0])
    case("ConvDepthwise", "Conv", [x, numbers(8, 1, 2, 3), numbers(8)], group=4, strides=[1, 2])
    case("ConvDilated", "Conv", [x, numbers(2, 4, 2, 2)], dilations=[2, 3])
    case("ConvUnevenPads", "Conv", [x, numbers(2, 4, 3, 3)], pads=[0, 2, 1, 0])
    case("ConvSame", "Conv", [x, numbers(2, 4, 3, 2)], auto_pad="SAME_UPPER", strides=[2, 2])
    case("ConvSameLower", "Conv", [x, numbers(2, 4, 2, 2)], auto_pad="SAME_LOWER")
    case("ConvValid", "Conv", [x, numbers(2, 4, 2, 2)], auto_pad="VALID")
    case("Conv1d", "Conv", [numbers(2, 4, 9), numbers(6, 2, 3), numbers(6)],
         group=2, strides=[2], pads=[2, 2], dilations=[2])
    y = numbers(1, 4, 3, 4)
    def transposed(name, x, w, bias=None, **attributes):
        case(name, "ConvTranspose", [x, w] + ([bias] if bias is not None else []),
             reference=[transposed_convolution(x, w, bias, **attributes)], **attributes)
    transposed("ConvTranspose", y, numbers(4, 2, 3, 3), numbers(2))
    transposed("ConvTransposeStrided", y, numbers(4, 2, 3, 2),
               strides=[2, 3], pads=[1, 0, 1, 1], output_padding=[1, 0])
    transposed("ConvTransposeGroups", y, numbers(4, 3, 2, 2), numbers(6), group=2, strides=[2, 2])
    transposed("ConvTransposeDilated", y, numbers(4, 1, 2, 2), dilations=[2, 2])
    transposed("ConvTranspose1d", numbers(2, 3, 5), numbers(3, 2, 4), strides=[2], pads=[1, 1])
    case("MaxPool", "MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2])
    case("MaxPoolPadded", "MaxPool", [x], kernel_shape=[3, 2], strides=[2, 1], pads=[1, 1, 0, 0])
    case("MaxPoolCeil", "MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    case("MaxPoolDilated", "MaxPool", [x], kernel_shape=[2, 2], dilations=[2, 3])
    case("MaxPool1d", "MaxPool", [numbers(2, 3, 9)], kernel_shape=[3], strides=[2])
    case("MaxPoolSame", "MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")
    case("AveragePool", "AveragePool", [x], kernel_shape=[2, 3], strides=[2, 2])
    case("AveragePoolPadded", "AveragePool", [x], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    case("AveragePoolCounted", "AveragePool", [x], kernel_shape=[3, 3], pads=[1, 1, 1, 1],
         count_include_pad=1)
    case("AveragePoolCeil", "AveragePool", [x], kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    case("GlobalMaxPool", "GlobalMaxPool", [x])
    case("GlobalAveragePool", "GlobalAveragePool", [x])
    image = numbers(2, 2, 3, 4)
    scales = Known(np.array([1, 1, 2, 3], dtype=np.float32))
    sizes = np.array([2, 2, 5, 7], dtype=np.int64)
    for mode in ["nearest", "linear", "cubic"]:
        single = mode == "cubic"
        case("Resize" + mode, "Resize", [image, None, scales], mode=mode, single=single)
        case("ResizeTo" + mode, "Resize", [image, None, None, sizes], mode=mode, single=single,
             coordinate_transformation_mode="pytorch_half_pixel" if mode == "cubic" else "half_pixel")
        case("ResizeAligned" + mode, "Resize", [image, None, scales], mode=mode, single=single,
             coordinate_transformation_mode="align_corners")
    for rounding in ["floor", "ceil", "round_prefer_ceil"]:
        case("Resize_" + rounding, "Resize", [image, None, None, sizes], mode="nearest",
             nearest_mode=rounding, coordinate_transformation_mode="asymmetric")


def transposed_convolution(
    x, w, bias=None, strides=None, pads=None, output_padding=None, group=1, dilations=None
):
    """Every element of the input adds a multiple of the kernel to the result."""
    rank = x.ndim - 2
    strides, dilations = strides or [1] * rank, dilations or [1] * rank
    pads, extra = pads or [0] * 2 * rank, output_padding or [0] * rank
    kernel = w.shape[2:]
    full = [
        strides[i] * (x.shape[2 + i] - 1) + extra[i] + (kernel[i] - 1) * dilations[i] + 1
        for i in range(rank)]
    y = np.zeros((x.shape[0], w.shape[1] * group, *full))
    inputs, outputs = x.shape[1] // group, w.shape[1]
    for c in range(x.shape[1]):
        g = c // inputs
        for place in np.ndindex(*x.shape[2:]):
            for tap in np.ndindex(*kernel):
                target = tuple(strides[i] * place[i] + dilations[i] * tap[i] for i in range(rank))
                y[(slice(None), slice(g * outputs, (g + 1) * outputs), *target)] += (
                    x[(slice(None), c, *place)][:, None] * w[(c, slice(None), *tap)][None])
    y = y[(slice(None), slice(None), *(
        slice(pads[i], full[i] - pads[i + rank]) for i in range(rank)))]
    return y if bias is None else y + bias.reshape(1, -1, *[1] * rank)


def normalizations():
    x = numbers(2, 6, 3, 2)
    case("InstanceNormalization", "InstanceNormalization", [x, numbers(6), numbers(6)], opset=22)
    case("InstanceOnes", "InstanceNormalization",
         [x, Known(np.ones(6)), Known(np.zeros(6))], epsilon=1e-3)
    def grouped(scale, bias):
        z = x.reshape(2, 3, -1)
        z = (z - z.mean(2, keepdims=True)) / np.sqrt(z.var(2, keepdims=True) + np.float32(1e-5))
        return (z * scale[:, None] + bias[:, None]).reshape(x.shape)
    scale, bias = numbers(6), numbers(6)
    case("GroupNormalization", "GroupNormalization", [x, scale, bias], opset=21, num_groups=3,
         reference=[grouped(np.ones(3), np.zeros(3)) * scale[:, None, None] + bias[:, None, None]])
    scale, bias = numbers(3), numbers(3)
    case("GroupNormalization18", "GroupNormalization", [x, scale, bias], opset=18, num_groups=3,
         reference=[grouped(scale, bias)])
    z = numbers(2, 3, 4)
    def layer(name, axes, scale, bias=None, epsilon=1e-5, **attributes):
        centred = z - z.mean(axes, keepdims=True)
        y = centred / np.sqrt(z.var(axes, keepdims=True) + np.float32(epsilon)) * scale
        case(name, "LayerNormalization", [z, scale] + ([bias] if bias is not None else []),
             reference=[y if bias is None else y + bias], epsilon=epsilon, **attributes)
    layer("LayerNormalization", 2, numbers(4), numbers(4), stash_type=1)
    layer("LayerNormalizationAxis", (1, 2), numbers(3, 4), axis=1, epsilon=1e-2)
    layer("LayerNormalizationWide", (1, 2), numbers(4), numbers(1), axis=-2)
    scale = numbers(4)
    rms = z / np.sqrt((z * z).mean(-1, keepdims=True) + np.float32(1e-5)) * scale
    case("RMSNormalization", "RMSNormalization", [z, scale], opset=23, reference=[rms])
    scale = numbers(3, 4)
    rms = z / np.sqrt((z * z).mean((1, 2), keepdims=True) + np.float32(1e-2)) * scale
    case("RMSNormalizationAxis", "RMSNormalization", [z, scale], opset=23, axis=1, epsilon=1e-2,
         reference=[rms])


def layers():
    q, k, v = numbers(2, 2, 3, 4), numbers(2, 2, 5, 4), numbers(2, 2, 5, 6)
    case("Attention", "Attention", [q, k, v], opset=23)
    case("AttentionScaled", "Attention", [q, k, v], opset=23, scale=0.3, softcap=2.0,
         single=True)
    case("AttentionCausal", "Attention", [q, k[:, :, :3], v[:, :, :3]], opset=23, is_causal=1)
    case("AttentionMasked", "Attention", [q, k, v, numbers(3, 5)], opset=23)
    mask = np.array([[1, 1, 0, 1, 0], [1, 0, 0, 1, 1], [0, 1, 1, 1, 0]], dtype=bool)
    case("AttentionTruths", "Attention", [q, k, v, mask], opset=23)
    case("AttentionFlat", "Attention", [numbers(2, 3, 8), numbers(2, 5, 4), numbers(2, 5, 6)],
         opset=23, q_num_heads=4, kv_num_heads=2)
    time, batch, features, size = 4, 2, 3, 5
    x = numbers(time, batch, features)
    for operator, gates in [("RNN", 1), ("GRU", 3), ("LSTM", 4)]:
        for kind, directions in [("forward", 1), ("reverse", 1), ("bidirectional", 2)]:
            w = numbers(directions, gates * size, features, low=-1, high=1)
            r = numbers(directions, gates * size, size, low=-1, high=1)
            b = numbers(directions, 2 * gates * size, low=-1, high=1)
            h = numbers(directions, batch, size)
            c = numbers(directions, batch, size)
            n = 3 if operator == "LSTM" else 2
            resets = {"linear_before_reset": 1} if operator == "GRU" else {}
            for variant, inputs, attributes in [
                ("", [x, w, r, b], resets), ("NoBias", [x, w, r], resets),
                ("State", [x, w, r, b, None, h] + ([c] if operator == "LSTM" else []), resets),
                ("Plain", [x, w, r, b], {}),
            ]:
                if variant == "Plain" and operator != "GRU":
                    continue
                only = [0, 1] if variant == "" else None
                case(operator + kind + variant, operator, inputs, opset=22, outputs=n, only=only,
                     reference=recurrent(operator, kind, inputs, bool(attributes))[: 2 if only else n],
                     hidden_size=size, direction=kind, **attributes)


def recurrent(operator, kind, inputs, resets_after):
    """From the equations in ONNX's text, in its order of gates."""
    x, w, r = inputs[:3]
    time, batch, _ = x.shape
    size = r.shape[2]
    sigmoid = lambda v: 1 / (1 + np.exp(-v))
    get = lambda i: inputs[i] if i < len(inputs) else None
    directions = w.shape[0]
    y = np.zeros((time, directions, batch, size))
    hs, cs = [], []
    for d in range(directions):
        rows = w.shape[1]
        wb = get(3)[d][:rows] if get(3) is not None else np.zeros(rows)
        rb = get(3)[d][rows:] if get(3) is not None else np.zeros(rows)
        h = get(5)[d] if get(5) is not None else np.zeros((batch, size))
        c = get(6)[d] if get(6) is not None else np.zeros((batch, size))
        backwards = kind == "reverse" or d == 1
        for t in reversed(range(time)) if backwards else range(time):
            a = x[t] @ w[d].T + wb
            part = lambda v, i: v[..., i * size : (i + 1) * size]
            s = h @ r[d].T + rb
            if operator == "RNN":
                h = np.tanh(a + s)
            elif operator == "GRU":
                z, g = sigmoid(part(a + s, 0)), sigmoid(part(a + s, 1))
                if resets_after:
                    n = np.tanh(part(a, 2) + g * part(s, 2))
                else:
                    n = np.tanh(part(a, 2) + (g * h) @ r[d][2 * size :].T + rb[2 * size :])
                h = (1 - z) * n + z * h
            else:
                i, o, f = (sigmoid(part(a + s, j)) for j in range(3))
                c = f * c + i * np.tanh(part(a + s, 3))
                h = o * np.tanh(c)
            y[t, d] = h
        hs.append(h)
        cs.append(c)
    return [y, np.stack(hs), np.stack(cs)]


def check():
    """Compares with onnxruntime in single precision."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    for name, model, feeds, found in checks:
        single = onnx.ModelProto()
        single.CopyFrom(model)
        for port in list(single.graph.input):
            if port.type.tensor_type.elem_type == TensorProto.DOUBLE:
                port.type.tensor_type.elem_type = TensorProto.FLOAT
        for i, tensor in enumerate(single.graph.initializer):
            if tensor.data_type == TensorProto.DOUBLE:
                array = numpy_helper.to_array(tensor).astype(np.float32)
                single.graph.initializer[i].CopyFrom(numpy_helper.from_array(array, tensor.name))
        for node in single.graph.node:
            for attribute in node.attribute:
                if attribute.name in ("to", "dtype", "stash_type") and attribute.i == 11:
                    attribute.i = 1
                if attribute.name == "value" and attribute.t.data_type == TensorProto.DOUBLE:
                    array = numpy_helper.to_array(attribute.t).astype(np.float32)
                    attribute.t.CopyFrom(numpy_helper.from_array(array))
        values = {k: v.astype(np.float32) if v.dtype == np.float64 else v for k, v in feeds.items()}
        try:
            session = onnxruntime.InferenceSession(
                single.SerializeToString(), providers=["CPUExecutionProvider"])
            results = session.run(None, values)
        except Exception as error:
            print(f"{name}: onnxruntime: {str(error).splitlines()[0][:110]}")
            continue
        for result, expected in zip(results, found):
            error = np.abs(np.asarray(result, dtype=np.float64) - expected)
            if result.shape != np.shape(expected) or not np.all(error <= 2e-5 * (1 + np.abs(expected))):
                print(f"{name}: DIFFERS {result.shape} {np.shape(expected)} {np.max(error) if result.shape == np.shape(expected) else ''}")


for build in [elementwise, layouts, reductions, products, windows, normalizations, layers]:
    build()
with open(sys.argv[1], "w") as file:
    json.dump({"generator": "scripts/reference/onnx_operators.py", "onnx": onnx.__version__,
               "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
print(len(cases), "cases")
if "--check" in sys.argv:
    check()
