import Hypergradients
import Presentation

extension Evaluation {
  /// The accuracy, or the loss if there is none, formatted for people: `93.95 %`, `0.0123`.
  var brief: String { accuracy.map(NumberText.percent) ?? NumberText.brief(loss) }

  /// The same with its name: `accuracy 93.95 %`.
  var words: String { "\(accuracy == nil ? "loss" : "accuracy") \(brief)" }
}
