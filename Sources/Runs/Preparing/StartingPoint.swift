import Hypergradients
import Tensors

/// Where a run starts: θ₀ and φ.
package struct StartingPoint<Number: Scalar> {
  package let parameters: [Number]
  package let hyperparameters: Hyperparameters
}
