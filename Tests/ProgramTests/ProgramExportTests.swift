import Foundation
import TestSupport
import Testing

extension ResultTests {
  /// Schedules to take elsewhere.
  @Suite("Export") struct Exports {
    static let cases: [String: [String]] = [
      "sgd": [], "adam": ["inner.optimizer=adam", "hyperparameters.learning-rate.initial=0.003"],
      "adamw": ["inner.optimizer=adamw", "hyperparameters.learning-rate.initial=0.003"],
      "layers": ["hyperparameters.learning-rate.per-layer=true"],
    ]
    static let cosines: [String: [String]] = cases.mapValues { $0 + ["inner.schedule=cosine"] }

    /// Reads the module, and says every value of every step; nothing but Python is needed.
    private static let values = """
      import sys
      module = {}
      exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), module)
      for step in range(int(sys.argv[2])):
          row = []
          for name in module["SCHEDULE"]:
              layers = module["SCHEDULE"][name]
              for layer in (layers if isinstance(layers, dict) else [None]):
                  row.append(repr(module["at"](name, step, layer)))
          print(",".join(row))
      """

    private func export(_ run: TinyRun, _ form: String) throws -> String {
      let result = try ProgramUnderTest.run(
        ["export", run.folder.path("run"), "--schedule", form])
      #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result.errors)")
      return result.output
    }

    @Test(
      "the table and both modules have the values of every step", arguments: cases.keys.sorted())
    func everyStep(name: String) throws {
      let run = try TinyRun(["inner.steps=24"] + (Self.cases[name] ?? []))
      run.expectSuccess()
      let table = try export(run, "csv").split(separator: "\n").map { $0.split(separator: ",") }
      let windows = try run.lines(.windows)
      #expect(
        table.count == 1 + windows.count && table[0].prefix(2) == ["first_step", "last_step"])
      for (row, window) in zip(table.dropFirst(), windows) {
        let values = (window["hyperparameters"]?.members ?? []).compactMap { $0.value.double }
        #expect(row.dropFirst(2).compactMap { Double($0) } == values)
      }
      for form in ["torch", "optax"] {
        let file = run.folder.path("\(form).py")
        try export(run, form).write(toFile: file, atomically: true, encoding: .utf8)
        let result = try Command.run("python3", "-c", Self.values, file, "24")
        #expect(result.status == 0, "\(result.output)")
        let rows = result.output.split(separator: "\n").map { $0.split(separator: ",") }
        #expect(rows.count == 24)
        for (step, row) in rows.enumerated() {
          // Windows of six steps.
          let expected = table[1 + step / 6].dropFirst(2).compactMap { Double($0) }
          #expect(row.compactMap { Double($0) } == expected, "\(form), step \(step)")
        }
      }
    }

    /// The arguments that an optimizer gets in every step: of PyTorch's module by a stand-in for the
    /// optimizer, of optax's by stand-ins for the functions of JAX that it calls.
    private static let stubs = """
      import bisect, math, sys, types
      class List(list):
          def __getitem__(self, i): return list.__getitem__(self, int(i))
      numpy = types.SimpleNamespace(
          asarray=List, maximum=max, sin=math.sin, where=lambda c, a, b: a if c else b,
          searchsorted=lambda a, x, side: (bisect.bisect_right if side == "right" else 1 / 0)(a, x))
      jax = types.ModuleType("jax")
      jax.numpy = sys.modules["jax.numpy"] = numpy
      sys.modules["jax"] = jax
      module = {}
      exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), module)
      layers = module["LAYERS"] or [None]
      groups = [{"layer": layer} if layer else {} for layer in layers]
      for step in range(int(sys.argv[2])):
          if "set_hyperparameters" in module:
              module["set_hyperparameters"](types.SimpleNamespace(param_groups=groups), step)
              rates = [group["lr"] for group in groups]
              rest = [groups[0]["weight_decay"]]
              factor = module["learning_rate_factor"](step)
              assert abs(factor * module["at"]("learning-rate", 0, layers[0]) - rates[0]) < 1e-15
          else:
              schedule = module["schedule"]
              rates = [schedule("learning-rate", layer)(step) for layer in layers]
              rest = [schedule("weight-decay")(step)]
          print(",".join(repr(number) for number in rates + rest))
      """

    @Test(
      "with a warm-up and inner.schedule: cosine all forms have the learning rate of each step",
      arguments: zip(cosines.keys.sorted(), [0, 8, 0, 8]))
    func everyStepOfACosine(name: String, warmup: Int) throws {
      let run = try TinyRun(
        ["inner.steps=24", "inner.warmup=\(warmup)"] + (Self.cosines[name] ?? []))
      run.expectSuccess()
      let windows = try run.lines(.windows)
      // Windows of six steps; the multiplier tuned, times the cosine that training has by itself.
      let expected = (0..<24).map { step -> [Double] in
        let factor =
          step < warmup
          ? Double(step + 1) / 8
          : 0.5 * (1 + cos(Double.pi * Double(step - warmup) / Double(24 - warmup)))
        return (windows[step / 6]["hyperparameters"]?.members ?? []).map { member in
          (member.value.double ?? .nan) * (member.key.hasPrefix("learning-rate") ? factor : 1)
        }
      }
      let names = (windows[0]["hyperparameters"]?.members ?? []).map(\.key)
      let table = try export(run, "csv").split(separator: "\n").map { $0.split(separator: ",") }
      #expect(table.count == 25)
      for (step, row) in table.dropFirst().enumerated() {
        #expect(row.prefix(2).allSatisfy { $0 == "\(step + 1)" })
        #expect(row.dropFirst(2).compactMap { Double($0) } == expected[step])
      }
      for form in ["torch", "optax"] {
        let file = run.folder.path("\(form).py")
        try export(run, form).write(toFile: file, atomically: true, encoding: .utf8)
        let result = try Command.run("python3", "-c", Self.stubs, file, "24")
        #expect(result.status == 0, "\(result.output)")
        let rows = result.output.split(separator: "\n").map { $0.split(separator: ",") }
        #expect(rows.count == 24)
        for (step, row) in rows.enumerated() {
          let wanted =
            names.indices.filter { names[$0].hasPrefix("learning-rate") }
            .map { expected[step][$0] }
            + [expected[step][names.count - 1]]
          let found = row.compactMap { Double($0) }
          #expect(found.count == wanted.count)
          // torch: the same operations, the same bits; optax: the square of a sine instead.
          let tolerance = form == "torch" ? 0 : 1e-15
          #expect(
            zip(found, wanted).allSatisfy { abs($0 - $1) <= tolerance }, "\(form), step \(step)")
        }
      }
    }

    @Test("a run that went on for longer by force has a cosine of either length")
    func twoCosines() throws {
      let run = try TinyRun(["inner.steps=12", "inner.schedule=cosine"])
      let result = try ProgramUnderTest.run([
        "resume", run.folder.path("run"), "--data", run.images.path, "--force", "--set",
        "inner.steps=24",
      ])
      #expect(result.exitCode == 0, "\(result.errors)")
      let windows = try run.lines(.windows)
      let table = try export(run, "csv").split(separator: "\n").map { $0.split(separator: ",") }
      for (step, row) in table.dropFirst().enumerated() {
        let factor = 0.5 * (1 + cos(Double.pi * Double(step) / (step < 12 ? 12 : 24)))
        let tuned = windows[step / 6]["hyperparameters"]?["learning-rate"]?.double ?? .nan
        #expect(Double(row[2]) == tuned * factor)
      }
      let module = try export(run, "torch")
      #expect(module.contains("COSINE_STEPS = [12, 12, 24, 24]"))
    }

    /// What the module does in PyTorch: all values arrive in the optimizer, and it takes steps.
    private static let torch = """
      import sys, torch
      module = {}
      exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), module)
      model = torch.nn.Sequential()
      for name in ("conv1", "conv2", "fc1", "fc2"):
          model.add_module(name, torch.nn.Linear(3, 3))
      optimizer = module["make_optimizer"](model)
      for step in range(24):
          module["set_hyperparameters"](optimizer, step)
          for group in optimizer.param_groups:
              expected = module["hyperparameters"](step, group.get("layer"))
              assert all(group[key] == value for key, value in expected.items())
          optimizer.zero_grad()
          model(torch.ones(2, 3)).square().sum().backward()
          optimizer.step()
      assert sum(len(g["params"]) for g in optimizer.param_groups) == 8
      factor = module["learning_rate_factor"]
      scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
      assert factor(0) == 1 and factor(23) != 1
      print("stepped")
      """

    @Test("PyTorch takes the module", arguments: cases.keys.sorted())
    func inPyTorch(name: String) throws {
      let python = ProcessInfo.processInfo.environment["GLOCAL_PYTHON"] ?? "python3"
      guard try Command.run(python, "-c", "import torch").status == 0 else {
        try Test.cancel("\(python) has no PyTorch; GLOCAL_PYTHON may name one that has")
      }
      let run = try TinyRun(["inner.steps=24"] + (Self.cases[name] ?? []))
      let file = run.folder.path("schedule.py")
      let result = try ProgramUnderTest.run(
        ["export", run.folder.path("run"), "--schedule", "torch", "--output", file])
      #expect(result.exitCode == 0 && result.output.isEmpty, "\(result.errors)")
      let check = try Command.run(python, "-c", Self.torch, file)
      #expect(check.status == 0 && check.output.hasSuffix("stepped\n"), "\(check.output)")
    }

    @Test("mistakes end with 64")
    func mistakes() throws {
      let run = try MadeUpRun(windows: 2, observed: 20)
      try Data().write(to: URL(fileURLWithPath: run.file(.windows)))
      let cases = [
        (["export", run.path, "--schedule", "csv"], "holds no window yet"),
        (["export", run.path, "--schedule", "keras"], "must be one of csv, torch, optax"),
        (["export", run.path], "--schedule"),
        (["export", "/nowhere", "--schedule", "csv"], "no run"),
      ]
      for (arguments, words) in cases {
        let result = try ProgramUnderTest.run(arguments)
        #expect(result.exitCode == 64 && result.errors.contains(words), "\(result.errors)")
      }
    }

    @Test("where a run trains several times, the last training counts")
    func restarts() throws {
      let run = try TinyRun(
        ["method=global-restart", "global-restart.outer-steps=3", "dmd.stacks=2"])
      #expect(run.run.exitCode == 0, "\(run.run.errors)")
      let table = try export(run, "csv").split(separator: "\n")
      #expect(table.count == 2 && table[1].hasPrefix("1,12,"))
    }
  }
}
