import Testing

@testable import Storage

extension ResultTests {
  /// The tasks that weight training examples, and the reverse mode, wherever the work is done.
  @Suite("Reweighting and the reverse mode") struct Reweighting {
    /// Nothing of the optimizer is tuned.
    private static let fixed = ["learning-rate", "momentum", "weight-decay"].map {
      "hyperparameters.\($0).tuned=false"
    }
    private static let weightNetwork =
      ["task=reweighting", "reweighting.hidden=4", "outer.learning-rate=0.1"] + fixed
    private static let wideResNet = [
      "data.set=cifar-10", "network=wrn-10-1", "inner.batch=16", "parallel.shard=2",
      "inner.steps=6", "window.length=6", "hyperparameters.momentum.tuned=false",
      "data.validation=20",
    ]

    static let cases: [String: [String]] = [
      "weights, attached": weightNetwork,
      "weights, detached and normalised": weightNetwork + [
        "reweighting.input=detached", "reweighting.reduction=normalised",
      ],
      "weights, attached and normalised": weightNetwork + ["reweighting.reduction=normalised"],
      "classes": ["task=reweighting", "reweighting.function=class"] + fixed,
      "layers": ["hyperparameters.learning-rate.per-layer=true"],
      "optimizer": [],
      "wide residual network": wideResNet,
    ]

    @Test("same bits on every grid", arguments: cases.keys.sorted(), ["forward", "reverse"])
    func bits(name: String, mode: String) throws {
      let settings = (Self.cases[name] ?? []) + ["mode=\(mode)"]
      let reference = try TinyRun(settings, grid: "1x1")
      reference.expectSuccess()
      #expect(try reference.hypergradients.contains { $0 != 0 })
      // All of them for the sums that go over whole minibatches; else both axes, and the longer one of
      // the mode.
      let grids =
        name == "weights, attached and normalised"
        ? ["1x3", "2x2", "3x1"] : ["2x2", mode == "forward" ? "3x1" : "1x3"]
      for grid in name == "wide residual network" ? ["1x3", "2x4"] : grids {
        try TinyRun(settings, grid: grid).expectSameBits(as: reference, "\(grid)")
      }
    }

    @Test("columns in function space: same bits on every grid")
    func functionSpace() throws {
      let settings =
        Self.weightNetwork + [
          "columns=function-space", "reweighting.columns=5", "mode=forward", "window.carry=0.5",
        ]
      let reference = try TinyRun(settings, grid: "1x1")
      reference.expectSuccess()
      #expect(try reference.hypergradients.contains { $0 != 0 })
      for grid in ["1x3", "2x2", "5x1"] {
        try TinyRun(settings, grid: grid).expectSameBits(as: reference, "\(grid)")
      }
      let windows = try reference.lines(.windows)
      #expect(windows.allSatisfy { $0["columns"]?.int == 5 })
      // All of φ has moved: 13 numbers by 5.
      let (before, after) = (windows[0]["raw"]?.array ?? [], windows[0]["raw_after"]?.array ?? [])
      #expect(before.count == 13 && zip(before, after).allSatisfy { $0 != $1 })
      for (keys, word) in [
        (["mode=reverse", "window.carry=0"], "mode"), (["method=global"], "method"),
        (["reweighting.function=class"], "reweighting.function"),
        (["columns=exact", "reweighting.function=example"], "window.carry"),
        (["columns=exact", "reweighting.function=example", "window.carry=0"], "reverse"),
      ] {
        let refused = try TinyRun(settings + keys)
        #expect(refused.run.exitCode == 64)
        #expect(refused.run.errorLines.contains { $0.contains(word) })
      }
    }

    @Test("a weight for each example, with wrong labels to find")
    func examples() throws {
      let settings =
        [
          "task=reweighting", "reweighting.function=example", "mode=reverse", "window.carry=0",
          "data.label-noise=0.25", "reweighting.listed=7",
        ] + Self.fixed
      let run = try TinyRun(settings)
      run.expectSuccess()
      let file = try SafeTensorsFile(reading: run.path(.exampleWeights))
      let shape = try #require(file.shape(of: "example.weights"))
      let weights = try file.tensor("example.weights", shape: shape, as: Double.self).values
      let index = try file.tensor("example.index", shape: shape, as: Double.self).values
      #expect(weights.allSatisfy { $0 > 0 && $0 < 1 } && Set(weights).count > 1)
      #expect(Set(index).count == index.count)
      let rows = String(decoding: run.bytes(.lowestWeights), as: UTF8.self).split(separator: "\n")
      #expect(rows.count == 8 && rows[0] == "index,label,weight,loss,true_label")
      let listed = rows.dropFirst().compactMap { row in
        row.split(separator: ",").dropFirst(2).first.flatMap { Double($0) }
      }
      #expect(listed == Array(weights.sorted().prefix(7)))
      for row in rows.dropFirst() {
        let cells = row.split(separator: ",")
        let place = try #require(index.firstIndex(of: Double(cells[0]) ?? -1))
        #expect(weights[place] == Double(cells[2]))
      }
      let log = String(decoding: run.bytes(.log), as: UTF8.self)
      #expect(log.contains("(precision)") && log.contains("(recall)"))
      // The file is a start.
      let again = try TinyRun(
        settings + ["reweighting.initial=\(run.path(.exampleWeights))", "method=none"])
      #expect(again.run.exitCode == 0)
      try TinyRun(settings, ranks: 3).expectSameBits(as: run, "3 ranks")
    }

    @Test("the older name of class weights is read, and the new one said")
    func olderName() throws {
      let older = try TinyRun(["task=class-weights"] + Self.fixed)
      let newer = try TinyRun(["task=reweighting", "reweighting.function=class"] + Self.fixed)
      #expect(older.run.exitCode == 0)
      #expect(
        older.run.errorLines.contains {
          $0.contains("older name of reweighting with reweighting.function: class")
        })
      #expect(!newer.run.errorLines.contains { $0.contains("older name") })
      newer.expectSameBits(as: older, "the new name")
    }

    @Test("on 1, 2, 3, 4 and 8 ranks, with the mode and the grid that are chosen")
    func anyNumberOfRanks() throws {
      let reference = try TinyRun(Self.weightNetwork + ["mode=reverse"])
      reference.expectSuccess()
      for ranks in [1, 2, 3, 4, 8] {
        try TinyRun(Self.weightNetwork + ["mode=reverse"], ranks: ranks)
          .expectSameBits(as: reference, "\(ranks) ranks")
      }
    }

    @Test("both modes agree, and steps trained twice are the same", arguments: cases.keys.sorted())
    func modes(name: String) throws {
      let isWide = name == "wide residual network"
      let settings =
        (Self.cases[name] ?? []) + ["precision=double"] + (isWide ? [] : ["window.length=12"])
      let forward = try TinyRun(settings + ["mode=forward"])
      let reverse = try TinyRun(settings + ["mode=reverse"])
      // LeNet's twelve steps take 3.2 MB, or 2.0 MB when trained twice; six of the other 8.7 or 7.5.
      let memory = isWide ? 8 : 2
      let twice = try TinyRun(
        settings + ["mode=reverse", "parallel.trajectory-memory=\(memory)"], grid: "1x2")
      for run in [forward, reverse, twice] { run.expectSuccess() }
      let (a, b) = (try forward.hypergradients, try reverse.hypergradients)
      #expect(!a.isEmpty && a.count == b.count)
      let largest = a.map(abs).max() ?? 0
      // Two orders of the same operations.
      for (x, y) in zip(a, b) { #expect(abs(x - y) <= 1e-10 * largest) }
      twice.expectSameBits(as: reverse, "trained twice")
      let log = String(decoding: twice.bytes(.log), as: UTF8.self)
      #expect(log.contains("steps are trained twice"))
    }

    @Test("MPI's own sums come close", arguments: ["forward", "reverse"])
    func sumsOfMPI(mode: String) throws {
      let settings = Self.weightNetwork + ["mode=\(mode)"]
      let reference = try TinyRun(settings)
      let run = try TinyRun(settings + ["parallel.sums=allreduce"], grid: "2x2")
      run.expectSuccess()
      let (a, b) = (try reference.hypergradients, try run.hypergradients)
      #expect(!a.isEmpty && a.count == b.count)
      let largest = a.map(abs).max() ?? 0
      // Single precision over twelve steps, as the issue of sums asks: 1e-5.
      for (x, y) in zip(a, b) { #expect(abs(x - y) <= 1e-5 * largest) }
    }

    @Test("the weights are written out")
    func tables() throws {
      let run = try TinyRun(Self.weightNetwork + ["evaluation.interval=1"])
      run.expectSuccess()
      let tables = try run.lines(.weights)
      #expect(tables.compactMap { $0["window"]?.int } == [1, 2])
      for table in tables {
        let (losses, weights) = (table["losses"]?.array ?? [], table["weights"]?.array ?? [])
        #expect(losses.count == 41 && weights.count == 41)
        #expect(weights.compactMap(\.double).allSatisfy { $0 > 0 && $0 < 1 })
      }
      #expect(tables[0]["weights"]?.array != tables[1]["weights"]?.array)
      let network = try SafeTensorsFile(reading: run.path(.weightNetwork))
      #expect(network.shape(of: "weightnet.fc1.weight") == [4, 1])
      #expect(network.shape(of: "weightnet.fc2.bias") == [1])
      let classes = try run.summary["test_class_accuracies"]?.array ?? []
      #expect(classes.count == 10)
      let mean = classes.compactMap(\.double).reduce(0, +) / 10
      // Two test images of each class.
      #expect(abs(mean - (try run.summary["test_accuracy"]?.double ?? .nan)) <= 1e-12)
      // The file goes on where the run ended.
      let again = try TinyRun(
        Self.weightNetwork + ["reweighting.initial=\(run.path(.weightNetwork))", "method=none"])
      #expect(again.run.exitCode == 0)
    }

    @Test("what the reverse mode cannot do is refused", arguments: [nil, 3])
    func refusals(ranks: Int?) throws {
      let carried = try TinyRun(["mode=reverse", "window.carry=0.5"], ranks: ranks)
      #expect(carried.run.exitCode == 64)
      #expect(carried.run.errorLines.contains { $0.contains("window.carry") })
      let missing = try TinyRun(
        Self.weightNetwork + ["reweighting.initial=/nowhere.safetensors"], ranks: ranks)
      #expect(missing.run.exitCode == 64)
      #expect(missing.run.errorLines.contains { $0.contains("/nowhere.safetensors") })
    }
  }
}
