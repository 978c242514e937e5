import Glibc
import Hypergradients
import Runs
import Settings
import Storage

// How trials of a population take over others.
//
// What is decided is on the disk before anything is replaced, and no trial trains before all of it is:
// a start that finds a generation half done does it again, from the same files.
extension TrialStore {
  /// Lets the worst trials take over the best after a window, unless that has been done.
  ///
  /// - Returns: the generation; nil where there is none, or some trial is still on its way.
  /// - Throws: `FileError`, and `RunError` when a checkpoint cannot be taken over.
  func renew(after window: Int) throws -> Generation? {
    guard plan.isPopulation, !generations.contains(where: { $0.window == window }),
      plan.trials.indices.allSatisfy({ records[$0].failure != nil || records[$0].window >= window })
    else { return nil }
    var generation = Generation(window: window, isApplied: false, heirs: [])
    for bracket in plan.brackets {
      let pairs = Population.pairs(
        of: bracket.trials,
        badness: { trial in
          guard records[trial].failure == nil else { return nil }
          return records[trial].scores[window]?.badness(plan.criterion) ?? .infinity
        }, draws: { draws(of: $0, window) })
      generation.heirs += try pairs.map { try heir($0, window) }
    }
    generation.heirs.sort { $0.trial < $1.trial }
    generations.append(generation)
    note(generation)
    try PopulationFile.write(generations, to: folder.path)
    try apply(generation)
    for heir in generation.heirs {
      let scores = records[heir.source].scores.filter { $0.key <= window }
      records[heir.trial] = TrialRecord(window: window, scores: scores, seconds: heir.seconds)
    }
    return generation
  }

  /// The generations in which a trial took another one over, the latest last.
  func takeovers(by trial: Int) -> [Takeover] { takeovers[trial] ?? [] }

  /// What a trial took over.
  struct Takeover {
    /// After which window.
    let window: Int
    let heir: Generation.Heir
  }

  private func note(_ generation: Generation) {
    for heir in generation.heirs {
      takeovers[heir.trial, default: []].append(Takeover(window: generation.window, heir: heir))
    }
  }

  /// Reads the generations of an earlier start, and does the last one again if it was cut short.
  func readGenerations() throws {
    guard plan.isPopulation else { return }
    generations = try PopulationFile.read(in: folder.path, plan)
    for generation in generations { note(generation) }
    guard let last = generations.last, !last.isApplied else { return }
    try log.write("the generation after window \(last.window) was cut short and is done again")
    try apply(last)
  }

  /// Refuses windows that only a generation which is not there can lie before.
  func checkGenerations() throws {
    guard plan.isPopulation, let rungs = plan.brackets.first?.rungs.dropLast(),
      generations.count < rungs.count
    else { return }
    let rung = rungs[generations.count]
    guard let trial = records.indices.first(where: { records[$0].window > rung }) else { return }
    throw RecordError(
      PopulationFile.path(in: folder.path),
      "does not tell of the generation after window \(rung), but trial \(plan.trials[trial].number) "
        + "has come to window \(records[trial].window). Take a copy of it that is newer, or search "
        + "anew in another folder.")
  }

  /// Refuses a trial that would have to go back to before it took over another one.
  func checkLineage(of trial: Int, window: Int) throws {
    guard let last = takeovers(by: trial).last, window < last.window else { return }
    let place = place(of: trial)
    throw RunError(
      "Trial \(plan.trials[trial].number) took over trial "
        + "\(plan.trials[last.heir.source].number) after window \(last.window), and there is no "
        + "checkpoint since then in \(place.checkpoints.path) that can be used. Bring one back from a "
        + "copy, or search anew in another folder.")
  }

  private func draws(of trial: Int, _ window: Int) -> PopulationDraws {
    PopulationDraws(
      seed: plan.trials[trial].configuration.seed, window: window,
      number: plan.trials[trial].number)
  }

  private func heir(_ pair: Population.Pair, _ window: Int) throws -> Generation.Heir {
    let (before, after) = try hyperparameters(
      of: checkpoint(of: pair.source, for: pair.heir, window), for: pair.heir, window)
    return Generation.Heir(
      trial: pair.heir, source: pair.source, trained: records[pair.heir].window,
      seconds: records[pair.heir].seconds, before: Self.values(before),
      after: Self.values(after))
  }

  private static func values(_ hyperparameters: Hyperparameters) -> [Generation.Value] {
    hyperparameters.optimizer.map { Generation.Value(name: $0.columnName, value: $0.value) }
  }

  /// What a checkpoint would go on with, and what an heir goes on with instead.
  private func hyperparameters(
    of file: CheckpointFile, for trial: Int, _ window: Int
  ) throws -> (before: Hyperparameters, after: Hyperparameters) {
    let before = try file.hyperparameters(like: fit(trial).hyperparameters)
    var after = before
    after.perturb(
      loss: plan.trials[trial].configuration.lossPerturbation,
      isUp: draws(of: trial, window).directions(count: after.count))
    return (before, after)
  }

  /// The checkpoint that an heir takes over.
  private func checkpoint(
    of source: Int, for heir: Int, _ window: Int
  ) throws -> CheckpointFile {
    let place = place(of: source)
    do {
      let file = try place.checkpoints.checkpoint(window: window)
      try Self.check(file, fit(source), in: place)
      return file
    } catch let damage as CheckpointDamage {
      throw RunError(
        "Trial \(plan.trials[heir].number) is to take over trial \(plan.trials[source].number) after "
          + "window \(window), but \(damage) Bring it back from a copy, or search anew in another "
          + "folder.")
    }
  }

  /// Replaces what heirs have by what they take over; the same again when it is done again.
  private func apply(_ generation: Generation) throws {
    for heir in generation.heirs { try replace(heir, after: generation.window) }
    guard let index = generations.firstIndex(where: { $0.window == generation.window }) else {
      return
    }
    generations[index].isApplied = true
    try PopulationFile.write(generations, to: folder.path)
  }

  private func replace(_ heir: Generation.Heir, after window: Int) throws {
    let (place, source) = (place(of: heir.trial), place(of: heir.source))
    let configuration = plan.trials[heir.trial].configuration
    let file = try checkpoint(of: heir.source, for: heir.trial, window)
    let (_, after) = try hyperparameters(of: file, for: heir.trial, window)
    try Self.make(place.path)
    if !RunFolder.holdsRun(place.path) {
      try place.writeConfiguration(configuration.yaml(comments: false))
    }
    let lines = try WindowLines(of: source.path(of: .windows), throughWindow: window)
    let history = try InputFile(path: source.path(of: .windows)).bytes(at: 0..<lines.bytes)
    try AtomicFile.write(to: place.path(of: .windows)) { piece throws(FileError) in
      try history.forEachPiece(piece)
    }
    try place.checkpoints.make()
    try file.write(
      for: CheckpointHeir(
        configuration: configuration, hyperparameters: after, elapsed: heir.seconds),
      to: place.checkpoints.file(window: window))
    place.checkpoints.keepOnly(window: window)
    for name in [TrialFolder.failureName, RunFolder.File.summary.rawValue] {
      let path = "\(place.path)/\(name)"
      if unlink(path) != 0, errno != ENOENT {
        throw FileError(path: path, action: .write, code: errno)
      }
    }
  }
}

extension Configuration {
  /// Parameters of a weight network have a scale of their own; all others are logarithms of weights, or
  /// close to them.
  fileprivate var lossPerturbation: LossPerturbation {
    reweighting.function == .network ? .scaled : .shifted
  }
}
