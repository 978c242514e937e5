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
