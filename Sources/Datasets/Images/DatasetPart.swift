/// The two parts that a data set comes in.
public enum DatasetPart: String, CaseIterable, Sendable {
  /// What is trained and validated on.
  case train
  /// What the final accuracy is measured on.
  case test
}
