import Foundation
import MessagePassing
import Tensors

extension MachineFacts {
  /// Asks the machine, the libraries and the environment.
  ///
  /// - Parameters:
  ///   - ranks: the ranks on this host to give advice for; nil: as many as the launcher started.
  ///   - data: the folder with data sets, if any.
  public static func gathered(ranks: Int?, data: String?) -> MachineFacts {
    let environment = ProcessInfo.processInfo.environment
    let launched = LaunchEnvironment(environment)
    let launcher = ProgramStart.executable("mpirun", path: environment["PATH"] ?? "")
    let memory = memoryInformation(text(of: "/proc/meminfo") ?? "")
    return MachineFacts(
      processor: .ofThisMachine, cores: usableCores(), availableMemory: memory["MemAvailable"],
      totalMemory: memory["MemTotal"], freeSharedMemory: freeBytes(of: "/dev/shm"),
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

  /// Bytes of memory in all; nil where Linux does not say.
  static func totalMemory() -> UInt64? {
    memoryInformation(text(of: "/proc/meminfo") ?? "")["MemTotal"]
  }

  /// The bytes in `/proc/meminfo`, by name.
  static func memoryInformation(_ text: String) -> [String: UInt64] {
    var values: [String: UInt64] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == ":" }
      guard words.count >= 2, let kibibytes = UInt64(words[1]) else { continue }
      values[String(words[0])] = kibibytes * 1024
    }
    return values
  }

  private static func freeBytes(of folder: String) -> UInt64? {
    var information = statvfs()
    guard statvfs(folder, &information) == 0 else { return nil }
    return UInt64(information.f_bavail) * UInt64(information.f_frsize)
  }

  private static func text(of path: String) -> String? {
    // Files in /proc and /sys say that their size is 0: read to the end.
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    return (try? file.readToEnd()).map { String(decoding: $0, as: UTF8.self) }
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
