import Networks
import Tensors
import TestSupport
import Testing

@testable import Runs
@testable import Settings

/// Where a network's products land, on whatever processor (or `DNNL_MAX_CPU_ISA`) this is.
@Suite("Kernels of the presets") struct KernelSurveyTests {
  @Test(
    "no operation of a preset's network is served by a plain loop",
    arguments: Preset.all.map(\.name))
  func presets(name: String) throws {
    let preset = try #require(Preset.all.first { $0.name == name })
    let network = try preset.configuration.expectedModel()
    let kernels = network.kernels(shard: preset.configuration.parallel.shard, compute: .full)
    guard preset.configuration.network.takesImages else {
      #expect(kernels.isEmpty)
      return
    }
    // The first convolution has a value and a gradient of its weights, the others three products.
    #expect(kernels.count >= 5)
    #expect(kernels.filter(\.isReference) == [])
    #expect(KernelSurvey(network, preset.configuration).warning == nil)
  }

  @Test("a plain loop is named with its remedy, and counted", arguments: ["ref:any", "gemm:ref"])
  func plainLoop(name: String) {
    let survey = KernelSurvey([
      KernelName(operation: "forward of one", implementation: "jit:avx2"),
      KernelName(operation: "forward of two", implementation: name),
      KernelName(operation: "weight gradient of two", implementation: name),
    ])
    #expect(survey.slow.map(\.operation) == ["forward of two", "weight gradient of two"])
    #expect(survey.warning?.sentence.contains("forward of two and 1 more") == true)
    #expect(survey.warning?.sentence.contains("slower") == true)
    #expect(survey.warning?.remedy.contains("newer oneDNN") == true)
  }

  @Test("in double precision there is nothing of oneDNN's")
  func double() throws {
    var configuration = Preset.glyphs.configuration
    configuration.precision = .double
    let survey = KernelSurvey(try configuration.expectedModel(), configuration)
    #expect(survey.implementations == [] && survey.warning == nil)
  }

  @Test("the kernels of this processor are right")
  func trials() {
    let trials = KernelTrial.all()
    #expect(trials.count == 4)
    for trial in trials { #expect(trial.isRight && trial.gigaflops > 0, "\(trial)") }
  }
}
