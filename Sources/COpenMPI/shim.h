// Flags only (pkg-config ompi-c): the Swift code sees MPI through CMPI alone.
