import Foundation
import Testing

@testable import Experiments

extension ProgramTests {
  /// Schedules to take elsewhere.
  @Suite("Export") struct Exports {
    static let cases: [String: [String]] = [
      "sgd": [], "adam": ["inner.optimizer=adam", "hyperparameters.learning-rate.initial=0.003"],
      "layers": ["hyperparameters.learning-rate.per-layer=true"],
    ]

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
