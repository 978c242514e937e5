import Foundation
import MessagePassing
import Runs
import Tensors

extension MachineFacts {
  /// Gathers the facts from the machine, the libraries and the environment.
  ///
  /// - Parameters:
  ///   - ranks: the number of ranks on this host to give advice for; nil: as many as the launcher started.
  ///   - data: the folder with data sets, if any.
  package static func gathered(ranks: Int?, data: String?) -> MachineFacts {
    let environment = ProcessInfo.processInfo.environment
    let launched = LaunchEnvironment(environment)
    let launcher = ProgramStart.executable("mpirun", path: environment["PATH"] ?? "")
    let memory = HostMemory.ofThisHost
    return MachineFacts(
      processor: .ofThisMachine, cores: usableCores(), availableMemory: memory.available,
      totalMemory: memory.total, freeSharedMemory: freeBytes(of: "/dev/shm"),
      isRoot: geteuid() == 0, environment: environment,
      ranks: ranks ?? launched.localSize ?? launched.size ?? 1, launcher: launcher,
      launcherVersion: launcher.flatMap(firstLineOfVersion),
      products: Products(
        kernels: BLASLibrary.kernels, configuration: BLASLibrary.configuration,
        threads: BLASLibrary.threads),
      convolutions: Convolutions(
        version: ConvolutionLibrary.version, instructionSet: ConvolutionLibrary.instructionSet,
        bfloat16: ConvolutionLibrary.bfloat16, threads: ConvolutionLibrary.threads,
        kernels: .ofAllPresets),
      trials: KernelTrial.all(),
      buildLevel: BuildTarget.level, data: data.map(DataFolder.init))
  }

  private static func freeBytes(of folder: String) -> UInt64? {
    var information = statvfs()
    guard statvfs(folder, &information) == 0 else { return nil }
    return UInt64(information.f_bavail) * UInt64(information.f_frsize)
  }

  static func firstLineOfVersion(of program: String) -> String? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["--version"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let bytes = (try? output.fileHandleForReading.readToEnd()) ?? nil
    process.waitUntilExit()
    guard process.terminationStatus == 0, let bytes else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
  }
}
