import DynamicModes
import Testing

extension ResultTests {
  /// Every way of tuning comes to its end, on one rank and on two, with the same bits.
  @Suite("Methods and estimators") struct Methods {
    @Test(
      "methods",
      arguments: [
        ["method=none"], ["method=local"], ["method=glocal"],
        ["method=glocal", "window.carry=0.9"],
        ["method=local", "window.carry=1"], ["method=global"],
        ["method=global-restart", "global-restart.outer-steps=3"],
        ["method=truncated-global", "truncated-global.windows=2"],
      ])
    func method(settings: [String]) throws {
      let one = try TinyRun(settings)
      #expect(one.run.exitCode == 0 && one.run.errors.isEmpty, "\(one.run.errors)")
      try TinyRun(settings, ranks: 2).expectSameBits(as: one, "\(settings)")
      let windows = settings[0] == "method=global-restart" ? 3 : 2
      #expect(try one.lines(.windows).count == windows)
      // φ moves in every method but one.
      let changed = try one.summary["hyperparameters"] != one.summary["initial_hyperparameters"]
      #expect(changed == (settings[0] != "method=none"))
      #expect(try one.lines(.trajectory).isEmpty == (settings[0] == "method=none"))
    }

    /// With each solver too, and with whatever mode and columns a preset may have.
    @Test(
      "implicit differentiation",
      arguments: [
        ["implicit.solver=neumann", "mode=forward", "window.carry=0.8"],
        ["implicit.solver=cg", "columns=function-space", "mode=reverse"],
        ["implicit.solver=nystrom", "implicit.minibatches=2"],
        ["implicit.solver=one-step", "hyperparameters.learning-rate.tuned=true"],
        ["implicit.solver=cg", "reweighting.function=example"],
      ])
    func implicit(settings: [String]) throws {
      let settings =
        [
          "method=implicit", "task=reweighting", "reweighting.function=spline",
          "hyperparameters.learning-rate.tuned=false", "hyperparameters.momentum.tuned=false",
        ] + settings
      let one = try TinyRun(settings)
      #expect(one.run.exitCode == 0 && one.run.errors.isEmpty, "\(one.run.errors)")
      #expect(one.run.output.contains("mode implicit: "))
      try TinyRun(settings, ranks: 2).expectSameBits(as: one, "\(settings)")
      #expect(try one.lines(.windows).count == 2)
    }

    @Test("implicit differentiation of a learning rate is refused")
    func implicitLearningRate() throws {
      let run = try TinyRun([
        "method=implicit", "hyperparameters.learning-rate.tuned=true",
      ])
      #expect(run.run.exitCode == 64)
      #expect(run.run.errors.contains("cannot tune the learning-rate"))
    }

    @Test(
      "estimators",
      arguments: Estimator.allCases.map(\.rawValue))
    func estimator(name: String) throws {
      let settings = ["estimator=\(name)"]
      let one = try TinyRun(settings)
      one.expectSuccess()
      try TinyRun(settings, ranks: 2).expectSameBits(as: one, "\(name)")
      for window in try one.lines(.windows) {
        #expect(window["estimator"]?.string == name)
        // Whoever answered, a reason stands where it was not the one asked for.
        let fellBack = window["used"]?.string != name
        #expect((window["fallback"]?.string != nil) == fellBack)
      }
    }
  }
}
