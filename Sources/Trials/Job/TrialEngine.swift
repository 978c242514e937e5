import Hypergradients
import MessagePassing
import Runs

/// Trains all trials of a plan on the ranks of a job, in groups of ranks side by side.
///
/// Round by round: in each, trials go up to their next rung, as long as there are any. What a trial
/// comes to does not depend on the groups: sums are reproducible, the mode is chosen once, and a trial
/// goes on from its checkpoint, on whatever group, with the same bits.
final class TrialEngine {
  /// Why the engine has stopped.
  enum Ending {
    case finished
    /// By a signal; what was done is on the disk.
    case stopped
  }

  private let world: any Communicator
  private let channel: any Communicator
  private let trials: [Trial]
  private let data: TrialData
  /// On the root.
  private let dispatcher: TrialDispatcher?
  private let library: String
  private var groups: [Int: TrialGroup] = [:]
  private let clock = ContinuousClock()

  /// An engine; all ranks call it together.
  ///
  /// - Parameters:
  ///   - channel: a communicator of all ranks, for the engine alone.
  ///   - dispatcher: on the root.
  init(
    on world: any Communicator, channel: any Communicator, _ trials: [Trial], data: TrialData,
    library: String, dispatcher: TrialDispatcher?
  ) {
    self.world = world
    self.channel = channel
    self.trials = trials
    self.data = data
    self.library = library
    self.dispatcher = dispatcher
  }

  /// Trains to the end; a collective.
  ///
  /// - Throws: what happens to one rank alone, such as a full disk.
  func run() throws -> Ending {
    while true {
      let count = Int(world.broadcast(Int64(try dispatcher?.beginRound() ?? 0)))
      if count == 0 { return .finished }
      // Only the groups of a round keep trials in memory.
      for group in groups.values where group.count != count { group.session = nil }
      let group = groups[count] ?? TrialGroup(of: world, count: count, library: library)
      groups[count] = group
      if try work(in: group) == .stopped { return .stopped }
    }
  }

  /// Does what the root says until a round is over.
  private func work(in group: TrialGroup) throws -> Ending {
    let isLeader = group.ranks.isRoot
    let stop = StopAgreement(group.ranks) { [dispatcher, channel] in
      if let dispatcher { return dispatcher.shouldStop }
      // While a trial is under way the root has but one thing to say.
      return StopSignal.received != nil || (isLeader && channel.waitingSender() != nil)
    }
    while true {
      let order = try nextOrder(of: group)
      switch order {
      case .roundOver: return .finished
      case .stop: return .stopped
      case .train(let trial, let target, let isKept, let state):
        let start = clock.now
        var report = try train(
          trial, to: target, keeping: isKept, from: state, in: group, stop)
        report.seconds = (clock.now - start).inSeconds
        if let dispatcher {
          dispatcher.take(report, from: 0)
        } else if isLeader {
          channel.send(bytes: report.parcel.bytes, to: 0)
        }
      }
    }
  }

  /// The order that the group's leader has got; the others need not know a trial's state.
  private func nextOrder(of group: TrialGroup) throws -> TrialOrder {
    var order: TrialOrder?
    if let dispatcher {
      order = try dispatcher.ownOrder()
    } else if group.ranks.isRoot {
      order = TrialOrder(TrialParcel(bytes: channel.receiveBytes(from: 0)))
    }
    let header = group.ranks.broadcast(
      order.map { TrialParcel(header: $0.parcel.header).bytes } ?? [])
    return order ?? TrialOrder(TrialParcel(bytes: header))
  }

  private func train(
    _ trial: Int, to target: Int, keeping isKept: Bool, from state: [UInt8],
    in group: TrialGroup, _ stop: StopAgreement
  ) throws -> TrialReport {
    do {
      if let session = group.session, isKept, session.trial == trial {
        return try session.training.train(to: target)
      }
      group.session = nil
      let training = try session(trials[trial], from: state, in: group) { [dispatcher] point in
        dispatcher?.serve()
        dispatcher?.pass(point)
        return stop.shouldStop(at: point)
      }
      training.willAttempt = { [dispatcher] window in
        dispatcher?.watch.begin(trial: trial, window: window)
      }
      group.session = (trial, training)
      return try training.train(to: target)
    } catch is TuningInterruption {
      // On the way back to where its checkpoint was made: nothing new has happened.
      group.session = nil
      var report = TrialReport(window: -1)
      report.isInterrupted = true
      return report
    }
  }

  private func session(
    _ trial: Trial, from state: [UInt8], in group: TrialGroup,
    shouldStop: @escaping StopQuestion
  ) throws -> any TrialTraining {
    let network = try data.network(of: trial.configuration)
    let data = try data.data(of: trial.configuration)
    switch trial.configuration.precision {
    case .float:
      return try TrialSession<Float>(
        trial, data: data, network: network, group: group, state: state,
        shouldStop: shouldStop)
    case .double:
      return try TrialSession<Double>(
        trial, data: data, network: network, group: group, state: state,
        shouldStop: shouldStop)
    }
  }
}
