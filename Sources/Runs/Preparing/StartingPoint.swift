import Hypergradients
import Tensors

/// The starting point of a run: θ₀ and φ.
package struct StartingPoint<Number: Scalar> {
  package let parameters: [Number]
  package let hyperparameters: Hyperparameters
}
