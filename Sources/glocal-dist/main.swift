import Experiments
import MessagePassing

// OpenBLAS has already chosen its kernels; before anything else, see whether it chose well.
ProgramStart.chooseKernels()

// A batch system may ask to stop while MPI still starts; a rank that dies then takes the job with it.
if LaunchEnvironment.ofThisProcess.isLaunched { StopSignal.watch() }

// Before the command line is read, so that what is wrong with it is said once, not once a rank.
withMessagePassing { runtime in
  try GlocalDist.run(on: runtime)
}
