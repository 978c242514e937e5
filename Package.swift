// swift-tools-version: 6.2
import PackageDescription

// A plain `swift build -c release` should already be fast, so the manifest names a processor.
// Clusters are mixed: GLOCAL_CPU selects another one ("native", "x86-64-v4", …), or none if empty.
// oneDNN and OpenBLAS choose their kernels at run time regardless.
//
// This is an unsafe flag. SwiftPM accepts it in a dependency if both the tools version above and
// the compiler are at least 6.2: with a lower tools version no package could depend on the
// libraries. See `scripts/lab/check-library`.
#if arch(x86_64)
  let defaultProcessor = "x86-64-v3"
#else
  let defaultProcessor = ""
#endif
let processor = Context.environment["GLOCAL_CPU"] ?? defaultProcessor

let swiftSettings: [SwiftSetting] =
  [.treatAllWarnings(as: .error)]
  + (processor.isEmpty ? [] : [.unsafeFlags(["-Xcc", "-march=\(processor)"])])

// `scripts/simulate` runs on simulated ranks (SimGrid): it sets GLOCAL_SIMULATION, which adds the
// folders and files named after the simulation to the build. No other build refers to SimGrid.
let simulates = Context.environment["GLOCAL_SIMULATION"] == "1"

// `scripts/docs` writes the documentation of the libraries: it sets GLOCAL_DOCS. No other build
// needs the plugin.
let documents = Context.environment["GLOCAL_DOCS"] == "1"
let documentation = Package.Dependency.package(
  url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0")

/// The modules in which training spends its time.
let computing: Set = [
  "Tensors", "MessagePassing", "Differentiation", "DynamicModes", "Networks", "ONNX",
  "Datasets", "Hypergradients", "Learning",
]

// For development, GLOCAL_QUICK=1 compiles all other modules without optimisation: a third of the
// build time. Simulated ranks do not compute, so there it applies to all modules.
let quickSettings: [SwiftSetting] =
  Context.environment["GLOCAL_QUICK"] == "1" ? [.unsafeFlags(["-Onone"])] : []

// Most tests only call and compare: the time is spent in the modules and programs that they use.
// Without optimisation they compile in less than half the time. These two contain loops of their
// own.
let looping: Set = ["TensorsTests", "DifferentiationTests"]
let testSettings: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

/// A Swift module of this package; see the floors in CONTRIBUTING.md and `scripts/check-layers`.
func module(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude,
    swiftSettings: swiftSettings + (computing.contains(name) && !simulates ? [] : quickSettings))
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, swiftSettings: swiftSettings + quickSettings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, resources: resources,
    swiftSettings: swiftSettings + (looping.contains(name) ? quickSettings : testSettings))
}

/// The library that `smpirun` loads once per rank.
let simulation = (
  product: Product.library(
    name: "glocal-simulation", type: .dynamic, targets: ["glocal-simulation"]),
  target: module("glocal-simulation", ["Runs", "Settings", "MessagePassing"])
)

let package = Package(
  name: "glocal-dist",
  products: [
    .executable(name: "glocal-dist", targets: ["glocal-dist"]),
    .executable(name: "glocal-bench", targets: ["glocal-bench"]),
    .library(name: "Differentiation", targets: ["Differentiation", "Tensors"]),
    .library(name: "DynamicModes", targets: ["DynamicModes"]),
    .library(name: "Hypergradients", targets: ["Hypergradients", "MessagePassing"]),
    .library(name: "Learning", targets: ["Learning", "Networks", "Datasets"]),
  ] + (simulates ? [simulation.product] : []),
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ] + (documents ? [documentation] : []),
  targets: [
    // Floor 0: the C libraries.
    .systemLibrary(name: "COpenMPI", pkgConfig: "ompi-c"),
    .systemLibrary(name: "CSimGrid"),
    .target(
      name: "CMPI", dependencies: [simulates ? "CSimGrid" : "COpenMPI"],
      exclude: simulates ? [] : ["simulation.c"],
      cSettings: simulates ? [.define("GLOCAL_SIMULATION")] : []),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas"),
    .systemLibrary(name: "CLAPACKE", pkgConfig: "lapacke"),
    .systemLibrary(name: "COneDNN"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
    .systemLibrary(name: "CMatIO", pkgConfig: "matio"),
    // Floor 1
    module("Tensors", ["COpenBLAS", "COneDNN"]),
    module(
      "MessagePassing", ["CMPI"], exclude: [simulates ? "VectorMemory.swift" : "Simulation"]),
    module("Storage", ["CZlib"]),
    module("Presentation", []),
    // Floor 2
    module("Differentiation", ["Tensors"]),
    module("DynamicModes", ["COpenBLAS", "CLAPACKE"]),
    // Floor 3
    module("Networks", ["Differentiation", "Tensors"]),
    module(
      "ONNX",
      ["Differentiation", "Tensors", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["Format/onnx.proto"]),
    module("Datasets", ["Tensors", "Storage", "CZlib", "CMatIO"]),
    // Floor 4
    module(
      "Hypergradients", ["Differentiation", "DynamicModes", "Tensors", "MessagePassing"]),
    module(
      "Learning",
      [
        "Hypergradients", "Networks", "ONNX", "Datasets", "Differentiation", "Tensors",
        "MessagePassing",
      ]),
    // Floor 5
    module(
      "Settings",
      [
        "Storage", "Presentation", "Learning", "Hypergradients", "Networks", "ONNX", "Datasets",
        "DynamicModes",
        "Tensors", "MessagePassing", .product(name: "Yams", package: "Yams"),
      ]),
    module(
      "Runs",
      [
        "Settings", "Storage", "Presentation", "Learning", "Hypergradients", "Networks", "ONNX",
        "Datasets", "Differentiation", "DynamicModes", "Tensors", "MessagePassing",
      ], exclude: simulates ? [] : ["Simulation"]),
    // Floor 6
    module(
      "Trials",
      [
        "Runs", "Settings", "Storage", "Presentation", "Learning", "Hypergradients", "Networks",
        "Datasets", "DynamicModes", "Tensors", "MessagePassing",
      ]),
    module(
      "Verifying",
      [
        "Runs", "Settings", "Storage", "Presentation", "Learning", "Hypergradients", "Networks",
        "Datasets", "DynamicModes", "Tensors", "MessagePassing",
      ]),
    module(
      "Analysis",
      [
        "Runs", "Settings", "Storage", "Presentation", "Learning", "Hypergradients", "Networks",
        "ONNX", "Datasets", "DynamicModes", "Tensors", "MessagePassing",
      ]),
    // Floor 7
    program(
      "glocal-dist",
      [
        "Trials", "Verifying", "Analysis", "Runs", "Settings", "Storage", "Presentation",
        "MessagePassing", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    program(
      "glocal-bench",
      [
        "Runs", "Settings", "Storage", "Presentation", "Learning", "Hypergradients", "Networks",
        "Datasets", "Differentiation", "DynamicModes", "Tensors", "MessagePassing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // Programs that the tests start under mpirun: collectives never run inside a `@Test`.
    program("mpi-check", ["MessagePassing"]),
    tests("TensorsTests", ["Tensors"]),
    .target(
      name: "MultiRankTesting", path: "Tests/MultiRankTesting", swiftSettings: swiftSettings),
    tests(
      "MessagePassingTests", ["MessagePassing", "MultiRankTesting", "mpi-check", "CMPI"]),
    tests(
      "DifferentiationTests", ["Differentiation", "Tensors"], resources: [.copy("Resources")]),
    tests("DynamicModesTests", ["DynamicModes", "TestSupport"], resources: [.copy("Resources")]),
    tests(
      "NetworksTests", ["Networks", "Differentiation", "Tensors"],
      resources: [.copy("Resources")]),
    tests("ONNXTests", ["ONNX", "Differentiation", "Tensors"], resources: [.copy("Resources")]),
    tests(
      "DatasetsTests", ["Datasets", "Tensors", "CMatIO", "TestSupport"],
      resources: [.copy("Resources")]),
    tests(
      "HypergradientsTests",
      ["Hypergradients", "Differentiation", "Tensors", "MessagePassing"]),
    tests(
      "LearningTests",
      [
        "Learning", "Hypergradients", "Networks", "ONNX", "Datasets", "Differentiation", "Tensors",
        "MessagePassing", "TestSupport",
      ], resources: [.copy("Resources")]),
    // Shared by several of the test targets below.
    .target(
      name: "TestSupport",
      dependencies: [
        "Trials", "Runs", "Settings", "Storage", "Presentation", "Networks", "MultiRankTesting",
      ], path: "Tests/TestSupport", resources: [.copy("Resources")],
      swiftSettings: swiftSettings + quickSettings),
    tests("StorageTests", ["Storage", "TestSupport"], resources: [.copy("Resources")]),
    tests("PresentationTests", ["Presentation", "TestSupport"]),
    tests("SettingsTests", ["Settings", "TestSupport"]),
    tests("RunsTests", ["Runs", "TestSupport"]),
    tests("TrialsTests", ["Trials", "TestSupport"]),
    tests("VerifyingTests", ["Verifying", "TestSupport"]),
    tests("AnalysisTests", ["Analysis", "TestSupport"]),
    // The programs, as started by users.
    tests(
      "ProgramTests", ["Analysis", "TestSupport", "glocal-dist", "glocal-bench"],
      resources: [.copy("Resources")]),
  ] + (simulates ? [simulation.target] : []),
  swiftLanguageModes: [.v6]
)
