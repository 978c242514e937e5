import Foundation
import TestSupport
import Testing

/// `scripts/check-layers` on small projects: a gate that lets everything through is no gate.
@Suite struct LayersGate {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let manifest = """
    let package = Package(targets: [
      .target(name: "CMPI", dependencies: ["COpenMPI"]),
      module("Tensors", ["COpenBLAS"]),
      module("DynamicModes", ["CLAPACKE"]),
      module("Datasets", ["Tensors", "CZlib"]),
      module("Networks", ["Tensors"]),
      program("glocal-dist", [.product(name: "ArgumentParser", package: "x")]),
    ])
    """

  private func check(_ sources: [String: String], manifest: String? = nil) throws -> Command {
    try (manifest ?? self.manifest).write(
      toFile: folder.path("Package.swift"), atomically: true, encoding: .utf8)
    for (path, text) in sources {
      let file = folder.path("Sources/\(path)")
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: file).deletingLastPathComponent(),
        withIntermediateDirectories: true)
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    return try Command.run("\(Command.project)/scripts/check-layers", folder.path)
  }

  @Test func acceptsThisProject() throws {
    let result = try Command.run("\(Command.project)/scripts/check-layers")
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func acceptsImportsThatGoDown() throws {
    let result = try check([
      "Networks/A.swift": "import Foundation\nimport Tensors\nimport struct Tensors.Shape\n",
      "Tensors/Deep/B.swift": "// import Networks\nlet s = \"import Networks\"\nimport COpenBLAS\n",
    ])
    #expect(result.status == 0, "\(result.output)")
  }

  @Test(
    arguments: [
      ("Tensors", "import Networks", "above it"),
      ("Networks", "import Datasets", "same floor"),
      ("Networks", "@testable import Datasets", "same floor"),
      ("Networks", "internal import enum Datasets.Order", "same floor"),
      ("Networks", "import CMPI", "only MessagePassing may"),
      ("DynamicModes", "import COneDNN", "only Tensors may"),
      ("Networks", "import COpenBLAS", "only DynamicModes and Tensors may"),
      ("Tensors", "import CZlib", "only Datasets and Storage may"),
      ("glocal-dist", "import Tensors", "Package.swift does not list"),
    ])
  func refusesWithThePlace(module: String, statement: String, reason: String) throws {
    let result = try check(["\(module)/Sub/File.swift": "import Foundation\n\(statement)\n"])
    #expect(result.status == 1)
    #expect(result.output.contains("Sources/\(module)/Sub/File.swift:2: "), "\(result.output)")
    #expect(result.output.contains(reason), "\(result.output)")
  }

  @Test("two folders of a module that need each other are named, with what they need")
  func refusesCircles() throws {
    let one = ["Tensors/A/One.swift": "struct One {}\n", "Tensors/B/Two.swift": "let x = One()\n"]
    #expect(try check(one).status == 0)
    let circle = one.merging([
      "Tensors/B/Two.swift": "struct Two { let one: One }\n",
      // A comment needs nothing; what a text interpolates does.
      "Tensors/A/Three.swift": "// Two\nlet text = \"\\(Two.self)\"\n",
    ]) { $1 }
    let result = try check(circle)
    #expect(result.status == 1)
    #expect(result.output.contains("Tensors/B/Two.swift:1: One is of Tensors/A"))
    #expect(result.output.contains("Tensors/A/Three.swift:1: Two is of Tensors/B"))
  }

  @Test(
    "what only floors 5 and above know is refused in texts below",
    arguments: [
      ("Datasets/A.swift", "let s = \"give --data DIR\"", "--data"),
      ("Datasets/A.swift", "let s = \"set GLOCAL_DATA\"", "GLOCAL_DATA"),
      ("Datasets/A.swift", "let s = \"or data.train-limit.\"", "data.train-limit"),
      ("Networks/A.swift", "let s = \"(window.length)\"", "window.length"),
      ("DynamicModes/A.swift", "let s = \"glocal-dist: x\"", "glocal-dist"),
      // Behind an interpolation, inside one, in a raw text and in one of several lines.
      ("Tensors/A.swift", "let s = \"\\(x.map { \"\\($0)\" }) parallel.sums\"", "parallel.sums"),
      ("Tensors/A.swift", "let s = \"\\(x ? \"inner.batch\" : \"\")\"", "inner.batch"),
      ("Tensors/A.swift", "let s = #\"a \"b\" --ranks\"#", "--ranks"),
      ("Tensors/A.swift", "let s = \"\"\"\n  --grid\n  \"\"\"", "--grid"),
      // Allowed elsewhere only.
      ("Tensors/A.swift", "let s = \"srun --mpi=pmix\"", "--mpi"),
      ("CMPI/a.c", "char quote = '\"'; char *s = \"glocal-dist: rank\";", "glocal-dist"),
    ])
  func refusesWordsFromAbove(file: String, line: String, word: String) throws {
    let result = try check([file: "\n\(line)\n"])
    #expect(result.status == 1)
    let place = line.contains("\"\"\"") ? 3 : 2
    #expect(result.output.contains("Sources/\(file):\(place): "), "\(result.output)")
    #expect(result.output.contains(", \(word), which only floors 5 and above"), "\(result.output)")
  }

  @Test func acceptsWhatIsNoWordFromAbove() throws {
    let result = try check([
      "Networks/A.swift": """
      // Give --data, or set data.partial; glocal-dist reads GLOCAL_DATA.
      /* --data */ let s = "\\(window.length) of \\(data.count) are -- less -- than metadata.x \\" -x"
      let text = "\\(f("a"))"  // "--data"
      """,
      "MessagePassing/A.swift": "let s = \"srun --mpi=pmix --ntasks=1\"\n",
      "Tensors/A.swift": "let s = \"GLOCAL_BLAS_KERNELS\"\n",
      "glocal-dist/A.swift": "let s = \"glocal-dist --data\"\n",
    ])
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func refusesAModuleWithoutAFloor() throws {
    let result = try check(["Attic/File.swift": "\n"])
    #expect(result.status == 1 && result.output.contains("Attic has no floor"))
  }

  @Test func refusesTheManifestsOwnFaults() throws {
    let up = manifest.replacing(
      "module(\"Tensors\", [", with: "module(\"Tensors\", [\"Networks\", ")
    let result = try check(["Tensors/A.swift": "\n"], manifest: up)
    #expect(result.status == 1)
    #expect(result.output.contains("Package.swift:3: Tensors (floor 1) imports Networks"))
  }
}
