import MessagePassing
import Runs

// Before any file is opened that could take the descriptor of a closed standard output.
ProgramStart.holdStandardFiles()

// OpenBLAS has already chosen its kernels; before anything else, check that choice.
ProgramStart.chooseKernels()

// A batch system may ask to stop while MPI is still starting; a rank that died then would end the
// job.
if LaunchEnvironment.ofThisProcess.isLaunched { StopSignal.watch() }

// Before the command line is parsed, so that its errors are reported once and not once per rank.
// Commands that need no ranks also work where none can be started.
ProgramStart.withRanks(of: "glocal-dist", needsRanks: false) { runtime in
  try GlocalDist.run(on: runtime)
}
