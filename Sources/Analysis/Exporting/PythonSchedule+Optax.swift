import Hypergradients

extension PythonSchedule {
  /// The module for JAX.
  var optax: String {
    """
    # \(origin), for JAX with optax.
    #
    #     optimizer = make_optimizer()
    #     state = optimizer.init(parameters)
    #     updates, state = optimizer.update(gradient, state, parameters)
    #
    # Where layers have their own values:
    #     optax.multi_transform({layer: make_optimizer(layer) for layer in LAYERS}, labels)

    \(imports)

    \(tables)


    \(isMultiplied ? Self.multipliedSchedule : Self.plainSchedule)


    def make_optimizer(layer=None):
        \"""The optimizer of the run, all of its hyperparameters by schedule.\"""
        import optax

        return optax.chain(
    \(optimizer == .adamW ? direction + "\n" + Self.decay : Self.decay + "\n" + direction)
            optax.scale_by_learning_rate(schedule("learning-rate", layer)),
        )

    """
  }

  /// Before the moments, as a part of the gradient, or behind them.
  private static let decay = """
            optax.inject_hyperparams(optax.add_decayed_weights)(
                weight_decay=schedule("weight-decay", layer)
            ),
    """

  private static let plainSchedule = """
    def schedule(name, layer=None):
        \"""A piecewise constant schedule: from the count of steps to the value.\"""
        import jax.numpy as jnp

        first, values = jnp.asarray(FIRST_STEP), jnp.asarray(values_of(name, layer))
        return lambda count: values[
            jnp.maximum(0, jnp.searchsorted(first, count, side="right") - 1)
        ]
    """

  /// The squared sine is half the cosine term, and stays accurate near 0 in single precision.
  private static let multipliedSchedule = """
    def schedule(name, layer=None):
        \"""A schedule: from the count of steps to the value that the step uses.\"""
        import jax.numpy as jnp

        first, values = jnp.asarray(FIRST_STEP), jnp.asarray(values_of(name, layer))
        warmups, ends = jnp.asarray(WARMUP_STEPS), jnp.asarray(COSINE_STEPS)

        def value(count):
            entry = jnp.maximum(0, jnp.searchsorted(first, count, side="right") - 1)
            warmup, end = warmups[entry], ends[entry]
            left = jnp.maximum(0, end - count) / jnp.maximum(1, end - warmup)
            factor = jnp.where(end > 0, jnp.sin(0.5 * math.pi * left) ** 2, 1.0)
            factor = jnp.where(count < warmup, (count + 1) / jnp.maximum(1, warmup), factor)
            return values[entry] * factor if name == "learning-rate" else values[entry]

        return value
    """

  private var direction: String {
    switch optimizer {
    case .sgd:
      """
              optax.inject_hyperparams(optax.trace)(decay=schedule("momentum", layer)),
      """
    case .adam, .adamW:
      """
              optax.inject_hyperparams(optax.scale_by_adam)(
                  b1=schedule("beta1", layer),
                  b2=schedule("beta2", layer),
                  eps=schedule("epsilon", layer),
              ),
      """
    }
  }
}
