import Hypergradients
import Presentation
import Storage

extension Evaluation {
  /// The accuracy, or the loss if there is none, formatted for people: `93.95 %`, `0.0123`.
  var brief: String { accuracy.map(NumberText.percent) ?? NumberText.brief(loss) }

  /// What is reported beside loss and accuracy, for JSON, such as `test_rmse`.
  func otherMetrics(of set: String) -> [JSONValue.Member] {
    metrics.filter { $0.name != Metric.accuracy }.map {
      .init("\(set)_\($0.name)", .number($0.value))
    }
  }

  /// The same for people: `, rmse 0.155`.
  var otherWords: String {
    metrics.filter { $0.name != Metric.accuracy }
      .map { ", \($0.name) \(NumberText.brief($0.value))" }.joined()
  }

  /// The same with its name: `accuracy 93.95 %`.
  var words: String { "\(accuracy == nil ? "loss" : "accuracy") \(brief)" }
}
