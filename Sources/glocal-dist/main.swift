import Experiments
import MessagePassing

// OpenBLAS has already chosen its kernels; before anything else, see whether it chose well.
ProgramStart.chooseKernels()

// Before the command line is read, so that what is wrong with it is said once, not once a rank.
withMessagePassing { runtime in
  try GlocalDist.run(on: runtime)
}
