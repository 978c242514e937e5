// A program for tests: `mpirun -n N mpi-check CASE…` runs the cases one after another on N ranks;
// `mpi-check start-ranks N CASE` starts the ranks itself.

let cases: [String: (MessagePassingCase) throws -> Void] = [
  "collectives": checkCollectives,
  "chunks": checkChunks,
  "waiting": checkWaiting,
  "grid": checkGrid,
  "ordered-sum": checkOrderedSum,
  "ordered-allreduce": checkOrderedAllreduce,
  "runtime": checkRuntime,
  "one-throws": oneRankThrows,
  "all-throw": allRanksThrow,
  "one-traps": oneRankTraps,
  "one-waits": oneRankWaits,
  "one-stops": oneRankStops,
  "one-is-slow": oneRankIsSlow,
  "all-stop": allRanksStop,
  "spins": spins,
  "spins-nohup": spinsWithoutHangup,
  "mpi-error": oneRankMisusesMPI,
  "none-disagrees": noneDisagrees,
  "all-disagree": allFailAlike,
  "some-disagree": someFail,
  "agree-and-go-on": agreeAndGoOn,
  "exit-together": exitTogether,
]

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.count == 3, arguments[0] == "start-ranks", let ranks = Int(arguments[1]) {
  startRanks(ranks, arguments: [arguments[2]])
}
runCases(named: arguments.isEmpty ? [""] : arguments, among: cases)
