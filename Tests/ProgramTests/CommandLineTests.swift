@testable import Runs
import Foundation
import TestSupport
import Testing

@testable import Settings

@Suite("The command line", .serialized)
struct CommandLineTests {
  @Test(
    "what the user wrote wrong ends with 64 and one sentence",
    arguments: [
      (["glyphs", "--set", "window.lenght=3"], "Did you mean window.length?"),
      (["--set", "seed=-1"], "must be a whole number that is not negative, not -1."),
      (["run", "--set", "seed"], "must be KEY=VALUE"),
      (["lenet-mnst"], "Did you mean lenet-mnist?"),
      (["preset"], "Did you mean presets?"),
      (["serach", "glyphs"], "Did you mean search?"), (["train", "glyphs"], "Did you mean run?"),
      (["train"], "Did you mean run?"), (["tune", "--ranks", "2"], "Did you mean search?"),
      (["foo", "bar"], "The commands are run, resume, search, "),
      (["--set", "lr=0.1"], "Did you mean hyperparameters.learning-rate.initial?"),
      (["--set", "LR=0.1"], "Did you mean hyperparameters.learning-rate.initial?"),
      (["--set", "weight_decay=0.1"], "Did you mean hyperparameters.weight-decay.initial?"),
      (["--set", "hyperparameters.lr=0.1"], "Did you mean hyperparameters.learning-rate.initial?"),
      (["--set", "outer.lr=0.1"], "Did you mean outer.learning-rate?"),
      (["--set", "batch_size=16"], "Did you mean inner.batch?"),
      (["--set", "epochs=16"], "Did you mean inner.steps?"),
      (
        ["--set", "hyperparameters.learning-rate=0.1"],
        "Did you mean hyperparameters.learning-rate.initial?"
      ), (["--set", "data=mnist"], "Did you mean data.set?"),
      (["search", "--range", "lr=0.1,0.2"], "Did you mean learning-rate?"),
      (["search", "--range", "wd=0.1:0.2"], "Did you mean weight-decay?"),
      (["search", "--range", "batch-size=16,32"], "Did you mean inner.batch?"),
      (["compare", "--starts", "lr=0.1,0.2"], "Did you mean learning-rate?"),
      (
        ["search", "--range", "hyperparameters.learning-rate=0.1,0.2"],
        "Did you mean learning-rate?"
      ),
      (["presets", "lenet-kmnis"], "Did you mean lenet-kmnist?"),
      (["--config", "/nowhere/mine.yaml"], "/nowhere/mine.yaml: no such file."),
      (["--precision", "half"], "--precision half: must be one of float, double"),
      (["--grid", "2"], "--grid 2: parallel.grid: must be auto or COLUMNSxDATA such as 2x4"),
      (["--ranks", "0"], "--ranks must be from 1 to 1000000, not 0."),
      (["--ranks", "2", "--grid", "3x1"], "the grid 3x1 needs 3 ranks, not 2."),
      (["--grid", "2x2"], "the grid 2x2 needs 4 ranks, not 1."),
      (["plan", "--rates", "/nowhere/rates.json"], "/nowhere/rates.json: no such file."),
      (["plan", "--set", "parallel.grid=2x2"], "the grid 2x2 needs 4 ranks, not 1."),
    ])
  func refuses(arguments: [String], words: String) throws {
    let result = try ProgramUnderTest.run(arguments)
    #expect(result.exitCode == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("glocal-dist: ") && result.errors.contains(words))
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test(
    "an option that does not exist, or without its value",
    arguments: [
      ["--rank", "3"], ["run", "--bogus"], ["--ranks", "many"], ["--set"], ["glyphs", "extra"],
      ["doctor", "--ranks", "0"], ["search", "--trials", "many"],
    ])
  func refusesOptions(arguments: [String]) throws {
    let result = try ProgramUnderTest.run(arguments)
    #expect(result.exitCode == 64)
    #expect(result.output.isEmpty && result.errors.hasPrefix("Error: "))
  }

  @Test("file and line of a configuration file are named")
  func namesFileAndLine() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("seed: 3\nmethod: glokal\n".utf8).write(to: file)
    let result = try ProgramUnderTest.run(["--config", file.path])
    #expect(result.exitCode == 64)
    #expect(result.errors.hasPrefix("glocal-dist: \(file.path):2: method: must be one of "))
  }

  @Test(
    "every command helps, with an example",
    arguments: [
      ["--help"], ["run", "--help"], ["resume", "--help"], ["plan", "--help"],
      ["verify", "--help"], ["replay", "--help"], ["report", "--help"], ["export", "--help"],
      ["presets", "--help"], ["doctor", "--help"], ["help", "run"],
    ])
  func helps(arguments: [String]) throws {
    let result = try ProgramUnderTest.run(arguments)
    #expect(result.exitCode == 0 && result.errors.isEmpty)
    #expect(result.output.contains("EXAMPLES:\n  glocal-dist "))
  }

  @Test(
    "the version comes with those of the libraries, as doctor has them",
    arguments: [
      ["--version"], ["run", "--version"], ["plan", "--version"], ["doctor", "--version"],
      ["export", "--version"], ["search", "glyphs", "--version"],
    ])
  func versions(arguments: [String]) throws {
    let result = try ProgramUnderTest.run(arguments)
    #expect(result.exitCode == 0 && result.errors.isEmpty)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("glocal-dist \(programVersion), compiled for ") == true)
    let doctor = try ProgramUnderTest.run(["doctor"]).output
    for name in ["MPI launcher", "MPI library", "BLAS", "oneDNN"] {
      let line = try #require(lines.first { $0.hasPrefix("\(name) ") }, "\(lines)")
      let value = line.dropFirst(name.count + 1)
      #expect(!value.isEmpty && doctor.contains(value), "\(line)")
    }
  }

  @Test("-o is --output")
  func shortOutput() throws {
    for command in ["run", "search", "compare", "verify"] {
      let result = try ProgramUnderTest.run([command, "-o", "/nowhere/deep/run", "--set", "sede=1"])
      #expect(result.exitCode == 64 && result.errors.contains("Did you mean seed?"), "\(command)")
    }
    for command in [["export", "--schedule", "csv"], ["report"], ["replay"]] {
      let result = try ProgramUnderTest.run(command + ["/nowhere/run", "-o", "/nowhere/file"])
      #expect(result.exitCode == 64 && result.errors.contains("/nowhere/run"), "\(command)")
    }
  }

  /// What Slurm sets for the shell that runs a batch script.
  private static let batchShell = [
    "SLURM_JOB_ID": "1", "SLURM_NTASKS": "4", "SLURM_PROCID": "0", "SLURM_LOCALID": "0",
  ]

  @Test(
    "in a batch shell of Slurm all that needs no ranks runs",
    arguments: [["--help"], ["presets"], ["doctor"], ["--version"], ["run", "--help"]])
  func batchShell(arguments: [String]) throws {
    let result = try ProgramUnderTest.run(arguments, environment: Self.batchShell)
    #expect(result.exitCode == 0 && !result.output.isEmpty, "\(result.errors)")
  }

  @Test("in a batch shell of Slurm what trains wants to be told its ranks")
  func batchShellTrains() throws {
    for command in ["run", "search", "compare", "verify", "resume"] {
      let arguments = command == "resume" ? [command, "/nowhere"] : [command]
      let result = try ProgramUnderTest.run(arguments, environment: Self.batchShell)
      #expect(result.exitCode == 64)
      #expect(result.errors.contains("this is the batch shell of a Slurm job with 4 tasks"))
      #expect(result.errors.filter { $0 == "\n" }.count == 1)
    }
    // Of tasks that cannot reach each other the first speaks.
    let task = Self.batchShell.merging(["SLURM_STEP_NUM_TASKS": "4"]) { $1 }
    let first = try ProgramUnderTest.run(["run"], environment: task)
    #expect(first.exitCode == 64 && first.errors.contains("`srun --mpi=pmix`"))
    for arguments in [["run"], ["presets"], ["--help"], ["--bogus"], ["doctor"]] {
      let other = try ProgramUnderTest.run(
        arguments, environment: task.merging(["SLURM_PROCID": "1"]) { $1 })
      #expect(other.output.isEmpty && other.errors.isEmpty, "\(arguments) \(other.errors)")
    }
  }

  @Test("presets are listed and printed")
  func presets() throws {
    let list = try ProgramUnderTest.run(["presets"])
    #expect(list.exitCode == 0)
    #expect(list.output.split(separator: "\n").count == Preset.all.count)
    let one = try ProgramUnderTest.run(["presets", "lenet-kmnist"])
    #expect(one.exitCode == 0 && one.output == Preset.lenetKMNIST.yaml)
  }

  @Test("doctor examines this machine")
  func doctor() throws {
    let result = try ProgramUnderTest.run(["doctor", "--ranks", "2", "--data", "/nowhere"])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("BLAS kernels") && result.output.contains("oneDNN"))
    #expect(result.output.contains("the data folder /nowhere does not exist."))
  }

  @Test(
    "better kernels are taken once, and the user's choice stays",
    .enabled(
      if: ProcessorFixture.canChooseKernels, "needs AVX-512 and OpenBLAS with DYNAMIC_ARCH"))
  func kernels() throws {
    let chosen = try ProgramUnderTest.run(["doctor"], environment: ["OPENBLAS_CORETYPE": ""])
    #expect(!chosen.output.contains("without this processor's AVX-512"))
    let kept = try ProgramUnderTest.run(
      ["doctor"], environment: ["OPENBLAS_CORETYPE": "Haswell"])
    #expect(kept.output.contains("Haswell (chosen by OPENBLAS_CORETYPE)"))
    #expect(kept.output.contains("unset OPENBLAS_CORETYPE"))
  }

  @Test("without mpirun, --ranks says what to install")
  func withoutLauncher() throws {
    let result = try ProgramUnderTest.run(["--ranks", "2"], environment: ["PATH": "/nowhere"])
    #expect(result.exitCode == 64)
    #expect(result.errors.contains("mpirun cannot be started (No such file or directory)"))
    #expect(result.errors.contains("openmpi-bin"))
  }

  @Test(
    "under mpirun root alone speaks",
    arguments: [
      (["--set", "sede=1"], 64, "Did you mean seed?"), (["--bogus"], 64, "Unknown option"),
      (["--ranks", "2"], 64, "--ranks 2, but the launcher started 3 ranks."),
      (["--config", "/nowhere"], 64, "no such file"),
    ] as [([String], Int32, String)])
  func rootAloneFails(arguments: [String], code: Int32, words: String) throws {
    let result = try ProgramUnderTest.run(arguments, ranks: 3)
    #expect(result.exitCode == code)
    #expect(result.errors.components(separatedBy: words).count == 2)
    #expect(!result.errors.contains("rank 1") && !result.errors.contains("rank 2"))
    // Ranks that agree need not wait for each other; mpirun itself takes a second.
    #expect(result.seconds <= 20)
  }

  @Test(
    "under mpirun texts are printed once")
  func rootAlonePrints() throws {
    let list = try ProgramUnderTest.run(["presets"], ranks: 3)
    #expect(list.exitCode == 0)
    #expect(list.output.components(separatedBy: "lenet-kmnist").count == 2)
    let doctor = try ProgramUnderTest.run(["doctor"], ranks: 3)
    #expect(doctor.exitCode == 0)
    #expect(doctor.output.components(separatedBy: "by a launcher, 3 ranks").count == 2)
    let help = try ProgramUnderTest.run(["--help"], ranks: 3)
    #expect(help.exitCode == 0)
    #expect(help.output.components(separatedBy: "OVERVIEW").count == 2)
  }
}
