import MessagePassing
import Runs

// Before any file is opened that could take the place of a closed standard output.
ProgramStart.holdStandardFiles()

// OpenBLAS has already chosen its kernels; before anything else, see whether it chose well.
ProgramStart.chooseKernels()

// A batch system may ask to stop while MPI still starts; a rank that dies then takes the job with it.
if LaunchEnvironment.ofThisProcess.isLaunched { StopSignal.watch() }

// Before the command line is read, so that what is wrong with it is said once, not once a rank.
// What needs no ranks also runs where none can be had.
ProgramStart.withRanks(of: "glocal-dist", needsRanks: false) { runtime in
  try GlocalDist.run(on: runtime)
}
