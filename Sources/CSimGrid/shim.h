// Linked when ranks are simulated: the Swift code sees MPI through CMPI alone.
