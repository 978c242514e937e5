import Hypergradients
import MessagePassing
import Runs

/// One of several groups of neighbouring ranks, all of one size, that train trials side by side.
final class TrialGroup {
  /// Which group, from 0; the job's first rank leads the first one.
  let index: Int
  /// How many groups there are.
  let count: Int
  /// The ranks of this group; the first of them leads it.
  let ranks: any Communicator
  private var grids: [GridChoice: ProcessGrid] = [:]
  /// The trial under way, so that going on with it costs nothing.
  var session: (trial: Int, training: any TrialTraining)?

  /// The MPI library, for summaries.
  let library: String

  /// Splits the ranks of a job; a collective.
  init(of world: any Communicator, count: Int, library: String) {
    precondition(world.size % count == 0, "\(count) groups of \(world.size) ranks")
    self.count = count
    self.library = library
    index = world.rank / (world.size / count)
    ranks = world.split(color: index, key: world.rank)
  }

  /// The rank of the job that leads a group.
  func leader(of group: Int) -> Int { group * ranks.size }

  /// The group's own grid for a kind of work; a collective of the group.
  ///
  /// - Throws: `RunError`, `GridError` where ranks would have nothing to do.
  func grid(for work: WindowWork) throws -> ProcessGrid {
    let choice = try GridChoice.choose(.auto, ranks: ranks.size, work: work)
    if let known = grids[choice] { return known }
    let grid = try ProcessGrid(world: ranks, columns: choice.columns, data: choice.data)
    grids[choice] = grid
    return grid
  }

  /// How many groups suit a number of trials best: as many as there are trials for, each of ranks that
  /// all have something to do.
  ///
  /// - Parameters:
  ///   - trials: what each of them is made of.
  ///   - ranks: of the whole job.
  static func bestCount(for trials: [WindowWork], ranks: Int) -> Int {
    let possible = divisors(of: ranks).filter { suits(trials, ranks: ranks / $0) }
    return possible.last { $0 <= trials.count } ?? possible.first ?? ranks
  }

  /// Whether groups of that many ranks have work for all of them in every trial.
  static func suits(_ trials: [WindowWork], ranks: Int) -> Bool {
    trials.allSatisfy { !GridChoice.possible(.auto, ranks: ranks, work: $0).isEmpty }
  }
}
