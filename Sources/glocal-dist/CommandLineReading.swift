import Analysis
import ArgumentParser
import Foundation
import MessagePassing
import Presentation
import Runs
import Settings

extension GlocalDist {
  /// Parses the command line and executes it on all ranks.
  static func run(on runtime: MessagePassingRuntime) throws {
    do {
      runtime.world.allOrNone {
        try CommandName.check(Array(CommandLine.arguments.dropFirst()))
      }
      var command = try parseAsRoot()
      guard let ranked = command as? any RankCommand else {
        // ArgumentParser's own commands, which end by throwing the requested text.
        try command.run()
        return
      }
      if let training = ranked as? any TrainingCommand {
        training.prepare(on: runtime)
      } else {
        // Nothing has to be saved: signals have their default actions.
        StopSignal.unwatch()
        guard runtime.obstacle == nil || runtime.speaks else { return }
      }
      try ranked.run(on: runtime)
    } catch  where isAboutCommandLine(error) {
      try end(with: error, on: runtime)
    }
  }

  /// Whether ArgumentParser threw it: a usage error, or a request for help.
  private static func isAboutCommandLine(_ error: any Error) -> Bool {
    error is ValidationError || error is CleanExit || exitCode(for: error) != .failure
  }

  /// Ends all ranks with ArgumentParser's message; they have all read the same command line.
  ///
  /// - Throws: `OutputError` if a requested text cannot be written.
  private static func end(with error: any Error, on runtime: MessagePassingRuntime) throws -> Never
  {
    let code = exitCode(for: error)
    if runtime.speaks {
      let message = fullMessage(for: error)
      if code == .success {
        // ArgumentParser supports only a one-line version, given before it is requested.
        try StandardOutput.print(message == programVersion ? VersionReport.text() : message)
      } else {
        try? FileHandle.standardError.write(contentsOf: Data("\(message)\n".utf8))
      }
    }
    runtime.world.endJob(code: code.rawValue, message: nil)
  }
}

/// The names of commands, and synonyms for them.
enum CommandName {
  /// Rejects a first word that is neither a command nor a preset but close to a command.
  ///
  /// ArgumentParser would take it for a preset, and complain about the word after it.
  ///
  /// - Throws: `RunError` naming the command that was probably meant.
  static func check(_ arguments: [String]) throws(RunError) {
    guard let word = arguments.first, !word.hasPrefix("-"), !all.contains(word),
      !Preset.all.contains(where: { $0.name == word })
    else { return }
    let sentence = "\(word) is neither a command nor a preset."
    if let meant = synonyms[word.lowercased()] ?? nearest(word) {
      throw RunError("\(sentence) Did you mean \(meant)?")
    }
    // A single word is taken for a preset, and the error lists the presets.
    if let next = arguments.dropFirst().first, !next.hasPrefix("-") {
      throw RunError("\(sentence) The commands are \(all.joined(separator: ", ")).")
    }
  }

  /// The nearest command, unless a preset is equally near.
  private static func nearest(_ word: String) -> String? {
    let near = NearestName.of(word, among: all + Preset.all.map(\.name))
    return near.flatMap { all.contains($0) ? $0 : nil }
  }

  private static var all: [String] {
    GlocalDist.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
  }

  private static let synonyms = [
    "train": "run", "fit": "run", "start": "run", "launch": "run", "continue": "resume",
    "restart": "resume", "sweep": "search", "tune": "search", "benchmark": "compare",
    "diff": "compare", "check": "doctor", "info": "doctor", "list": "presets",
    "estimate": "plan", "validate": "verify", "plot": "report", "show": "report",
    "schedule": "export", "version": "--version",
  ]
}
