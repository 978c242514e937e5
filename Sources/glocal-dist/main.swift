import Experiments

// OpenBLAS has already chosen its kernels; before anything else, see whether it chose well.
ProgramStart.chooseKernels()

do {
  var command = try GlocalDist.parseAsRoot()
  try command.run()
} catch {
  Ending.exit(with: error)
}
