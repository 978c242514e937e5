// Shared by the C files of this target only.
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

// Return the error of a call at once.
#define CMPI_TRY(call)                       \
  do {                                       \
    int cmpi_code_ = (call);                 \
    if (cmpi_code_ != MPI_SUCCESS) return cmpi_code_; \
  } while (0)

// Ends Open MPI's launcher of this rank if it is still there in ten seconds, by a process of its own.
void cmpi_end_launcher_later(void);

// Signals within so many milliseconds of the first are one request.
enum { CMPI_ONE_REQUEST_MILLISECONDS = 300 };
// Whether a request follows an earlier one. May be called from a handler, once a signal.
int cmpi_is_second_request(int number);
// Of a clock that only goes forward; never 0.
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
