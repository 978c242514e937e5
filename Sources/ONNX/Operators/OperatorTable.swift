/// The operators of the default domain that can be recorded, by their names.
enum OperatorTable {
  /// A new operator takes a line here.
  static let operators: [String: any GraphOperator] = [
    // Known numbers and shapes.
    "Constant": ConstantOperator(), "ConstantOfShape": ConstantOfShape(), "Range": RangeOperator(),
    "Shape": ShapeOperator(), "Size": SizeOperator(), "NonZero": NonZero(),
    "EyeLike": EyeLike(), "OneHot": OneHot(),
    // The same numbers.
    "Identity": IdentityOperator(), "Cast": CastOperator(), "CastLike": CastLike(),
    "Dropout": DropoutOperator(), "Reshape": ReshapeOperator(), "Flatten": FlattenOperator(),
    "Squeeze": SqueezeOperator(), "Unsqueeze": UnsqueezeOperator(),
    // Numbers at other places.
    "Transpose": TransposeOperator(), "Concat": ConcatOperator(), "Slice": SliceOperator(),
    "Split": SplitOperator(), "Expand": ExpandOperator(), "Tile": TileOperator(),
    "Trilu": TriluOperator(), "Gather": GatherOperator(), "GatherElements": GatherElements(),
    "DepthToSpace": DepthToSpace(), "SpaceToDepth": SpaceToDepth(), "Pad": PadOperator(),
    "SplitToSequence": SplitToSequence(), "SequenceAt": SequenceAt(),
    "SequenceConstruct": SequenceConstruct(), "ConcatFromSequence": ConcatFromSequence(),
    "SequenceLength": SequenceLength(),
    // Number by number.
    "Add": Arithmetic.add, "Sub": Arithmetic.subtract, "Mul": Arithmetic.multiply,
    "Div": Arithmetic.divide, "Pow": Arithmetic.power, "Mod": Arithmetic.modulo,
    "Min": Extremum(isMaximum: false), "Max": Extremum(isMaximum: true), "Sum": SumOfAll(),
    "Mean": MeanOfAll(),
    "Equal": ComparisonOperator.equal, "Greater": ComparisonOperator.greater,
    "GreaterOrEqual": ComparisonOperator.greaterOrEqual, "Less": ComparisonOperator.less,
    "LessOrEqual": ComparisonOperator.lessOrEqual, "And": LogicalOperator.and,
    "Or": LogicalOperator.or, "Xor": LogicalOperator.xor, "Not": NotOperator(),
    "Where": WhereOperator(),
    "Abs": UnaryOperator.abs, "Neg": UnaryOperator.negative, "Sign": UnaryOperator.sign,
    "Floor": UnaryOperator.floor, "Ceil": UnaryOperator.ceiling, "Round": UnaryOperator.round,
    "Sqrt": UnaryOperator.squareRoot, "Reciprocal": UnaryOperator.reciprocal,
    "Exp": UnaryOperator.exponential, "Log": UnaryOperator.logarithm, "Sin": UnaryOperator.sine,
    "Cos": UnaryOperator.cosine,
    "Relu": Activation.relu, "LeakyRelu": Activation.leakyRelu, "PRelu": PRelu(),
    "Elu": Activation.elu, "Selu": Activation.selu, "Celu": Activation.celu,
    "Sigmoid": Activation.sigmoid, "HardSigmoid": Activation.hardSigmoid,
    "HardSwish": Activation.hardSwish, "Swish": Activation.swish, "Tanh": Activation.tanh,
    "Erf": Activation.erf, "Gelu": Activation.gelu, "Softplus": Activation.softplus,
    "Softsign": Activation.softsign, "Mish": Activation.mish,
    "ThresholdedRelu": Activation.thresholdedRelu, "Clip": ClipOperator(),
    // Over axes.
    "ReduceSum": Reduction.sum, "ReduceMean": Reduction.mean, "ReduceMax": Reduction.maximum,
    "ReduceMin": Reduction.minimum, "ReduceProd": Reduction.product, "ReduceL1": Reduction.l1,
    "ReduceL2": Reduction.l2, "ReduceSumSquare": Reduction.sumOfSquares,
    "ReduceLogSum": Reduction.logarithmOfSum,
    "ReduceLogSumExp": Reduction.logarithmOfSumOfExponentials, "CumSum": CumSum(),
    "Softmax": SoftmaxOperator(isLogarithm: false),
    "LogSoftmax": SoftmaxOperator(isLogarithm: true),
    // Products.
    "MatMul": MatMul(), "Gemm": Gemm(), "Einsum": Einsum(),
    "Conv": ConvOperator(), "ConvTranspose": ConvTranspose(),
    // Over windows.
    "MaxPool": PoolOperator(isMaximum: true), "AveragePool": PoolOperator(isMaximum: false),
    "GlobalMaxPool": GlobalPool(isMaximum: true),
    "GlobalAveragePool": GlobalPool(isMaximum: false), "Resize": ResizeOperator(),
    "Upsample": UpsampleOperator(),
    // Normalisations.
    "BatchNormalization": BatchNormalizationOperator(),
    "InstanceNormalization": InstanceNormalization(), "GroupNormalization": GroupNormalization(),
    "LayerNormalization": LayerNormalizationOperator(),
    FusedGroupNormalization.type: FusedGroupNormalizationOperator(),
    "RMSNormalization": RMSNormalization(), "LpNormalization": LpNormalization(),
    // Whole layers.
    "Attention": AttentionOperator(), "RNN": RecurrentOperator(kind: .rnn),
    "GRU": RecurrentOperator(kind: .gru), "LSTM": RecurrentOperator(kind: .lstm),
  ]

  /// Why an operator is refused.
  static func refusal(of type: String, opset: Int) -> String {
    switch type {
    case "If", "Loop", "Scan":
      return "control flow is not supported; export the model with fixed choices and lengths"
    default:
      // Those with a space in front are this program's own.
      let names = operators.keys.filter { !$0.hasPrefix(" ") }.sorted()
      return "the operator \(type) (opset \(opset)) is not supported; supported are "
        + names.joined(separator: ", ")
    }
  }
}
