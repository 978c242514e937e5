// Shared only by the C files of this target.
#ifndef CMPI_INTERNAL_H
#define CMPI_INTERNAL_H

#ifdef GLOCAL_SIMULATION
#include <smpi/mpi.h>
#else
#include <mpi.h>
#endif

#include "cmpi.h"

struct cmpi_communicator {
  MPI_Comm handle;
};

// Returns the error of a call immediately.
#define CMPI_TRY(call)                       \
  do {                                       \
    int cmpi_code_ = (call);                 \
    if (cmpi_code_ != MPI_SUCCESS) return cmpi_code_; \
  } while (0)

// Kills this rank's Open MPI launcher if it is still running in ten seconds, from a separate
// process.
void cmpi_end_launcher_later(void);

// Signals within this many milliseconds of the first count as one request.
enum { CMPI_ONE_REQUEST_MILLISECONDS = 300 };
// Whether this is a second request. May be called from a handler, once per signal.
int cmpi_is_second_request(int number);
// Milliseconds of a monotonic clock; never 0.
long long cmpi_milliseconds(void);
// Whether this process ignores a signal.
int cmpi_is_ignored(int number);

// Marks the main thread as being inside an MPI routine until the C function returns.
void cmpi_enter(const char *name);
void cmpi_leave(const int *unused);
#define CMPI_INSIDE(name)                                          \
  __attribute__((cleanup(cmpi_leave), unused)) int cmpi_mark_ = 0; \
  cmpi_enter(name)

#endif
