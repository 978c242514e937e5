import MultiRankTesting

/// The built `glocal-dist`, started as a user starts it.
package enum ProgramUnderTest {
  /// Runs the program, on as many ranks of mpirun's as said, or without a launcher.
  package static func run(
    _ arguments: [String], ranks: Int? = nil, environment: [String: String] = [:],
    input: String? = nil
  ) throws -> MultiRankRun {
    try MultiRankRun.run(
      "glocal-dist", arguments, ranks: ranks,
      environment: ["GLOCAL_DATA": ""].merging(environment) { $1 }, input: input)
  }
}
