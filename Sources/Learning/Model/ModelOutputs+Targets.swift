import Differentiation
import Glibc
import Tensors

extension ModelOutputs {
  /// The losses that targets ask for: the cross-entropy of classes over the last axis, with the accuracy,
  /// and with the perplexity where every position has a class; the squared error of numbers, with its
  /// root.
  ///
  /// The loss of classes at every position is the mean over the positions that have a target; a target
  /// of −100 says that there is none, as in PyTorch.
  ///
  /// - Parameters:
  ///   - answers: of the targets' shape, with an axis of classes behind it where they are classes.
  ///   - target: the field of the targets.
  init(
    _ answers: Variable<Number>, for target: ExampleField, of fields: FieldVariables<Number>,
    on tape: Tape<Number>
  ) {
    switch target.kind {
    case .numbers, .image:
      let losses = tape.squaredError(answers, fields.numbers(target.name))
      self.init(losses: losses, metrics: [.ofLoss("rmse", losses) { $0.squareRoot() }])
    case .integers(let shape):
      let targets = fields.integers(target.name)
      let losses = tape.crossEntropy(answers, targets: targets)
      self.init(
        losses: losses,
        metrics: [.accuracy(answers, targets: targets)]
          + (shape.isEmpty ? [] : [.ofLoss("perplexity", losses) { exp($0) }]))
    }
  }
}

extension ExampleMetric {
  /// A function of the mean loss.
  fileprivate static func ofLoss(
    _ name: String, _ losses: Variable<Number>, _ conclusion: @escaping (Double) -> Double
  ) -> ExampleMetric {
    ExampleMetric(name, reading: [losses], conclusion: conclusion) { Double(losses.value[$0]) }
  }
}
