import Runs

// As in glocal-dist: OpenBLAS has already chosen its kernels, and may have to choose again.
ProgramStart.chooseKernels()
GlocalBench.main()
