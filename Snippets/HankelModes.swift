// Where a recorded trajectory is going: Hankel DMD and the other estimators of its limit.
//
//     swift run -c release HankelModes

import DynamicModes

// Two numbers that approach 3 and −1, the second one swinging.
let steps = 30
let trajectory = (0..<steps).flatMap { step -> [Double] in
  let decay = (0..<step).reduce(1.0) { product, _ in product * 0.9 }
  let swing = [1.0, 0, -1, 0][step % 4]
  return [3 + 2 * decay, -1 + 0.5 * decay * swing]
}
let state = estimateSteadyState(
  trajectory: trajectory, steps: steps, hyperparameters: 2, requested: .dmd,
  settings: DynamicModeSettings(), horizon: 1000)
for estimator in Estimator.allCases {
  print(estimator.rawValue, state.estimates[estimator] ?? [])
}
for mode in state.spectrum?.modes ?? [] {
  print("eigenvalue \(mode.real) + \(mode.imaginary)i, amplitude \(mode.amplitude)")
}
