// A program for tests: `mpirun -n N mpi-check CASE` checks one thing on N ranks.

let cases: [String: (MessagePassingCase) throws -> Void] = [
  "collectives": checkCollectives,
  "chunks": checkChunks,
  "grid": checkGrid,
  "ordered-sum": checkOrderedSum,
  "ordered-allreduce": checkOrderedAllreduce,
  "runtime": checkRuntime,
  "one-throws": oneRankThrows,
  "all-throw": allRanksThrow,
  "one-traps": oneRankTraps,
  "one-waits": oneRankWaits,
  "mpi-error": oneRankMisusesMPI,
  "none-disagrees": noneDisagrees,
  "all-disagree": allFailAlike,
  "some-disagree": someFail,
  "exit-together": exitTogether,
]

runCase(named: CommandLine.arguments.dropFirst().first ?? "", among: cases)
