/// The Hankel matrix: m consecutive steps of the trajectory stacked in every column (Hankel DMD).
///
///     k_i = [h_i; h_{i+1}; …; h_{i+m−1}],   i = 1 … N,   N = σ − m + 1
///
/// - Parameters:
///   - trajectory: `[steps, hyperparameters]` row-major, h_t in row t.
///   - steps: σ.
///   - hyperparameters: q.
///   - stacks: m, at most σ.
/// - Returns: the matrix [k_1 … k_N], m·q × N. Its last q rows in its last column are h_σ, the state
///   at the window's end.
package func hankelMatrix(
  trajectory: [Double], steps: Int, hyperparameters: Int, stacks: Int
) -> Matrix {
  precondition(
    trajectory.count == steps * hyperparameters,
    "\(trajectory.count) numbers for \(steps) steps of \(hyperparameters) hyperparameters")
  precondition(stacks >= 1 && stacks <= steps, "\(stacks) stacks of \(steps) steps")
  let columns = steps - stacks + 1
  let height = stacks * hyperparameters
  var elements: [Double] = []
  elements.reserveCapacity(height * columns)
  for column in 0..<columns {
    // Consecutive rows of the trajectory already form the stacked column.
    let start = column * hyperparameters
    elements.append(contentsOf: trajectory[start..<start + height])
  }
  return Matrix(rows: height, columns: columns, elements: elements)
}
