import Differentiation
import Tensors

extension ModelOutputs {
  /// The losses that targets ask for: the cross-entropy of classes over the last axis, with the accuracy;
  /// the squared error of numbers.
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
      self.init(losses: tape.squaredError(answers, fields.numbers(target.name)))
    case .integers:
      let targets = fields.integers(target.name)
      self.init(
        losses: tape.crossEntropy(answers, targets: targets),
        metrics: [.accuracy(answers, targets: targets)])
    }
  }
}
