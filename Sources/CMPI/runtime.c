// Initialisation, finalisation and names: everything except messages.

#define _GNU_SOURCE  // RTLD_DEFAULT
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmpi_watch.h"
#include "internal.h"

static char program_name[64] = "";

void cmpi_set_program_name(const char *name) {
  snprintf(program_name, sizeof program_name, "%s", name);
}

const char *cmpi_program_name(void) { return program_name; }

int cmpi_start(int *thread_level) {
  CMPI_TRY(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, thread_level));
  return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

int cmpi_finish(void) {
  cmpi_watch_stop();
  return MPI_Finalize();
}

int cmpi_was_started(void) {
  int started = 0;
  MPI_Initialized(&started);
  return started;
}

int cmpi_is_running(void) {
  int finished = 0;
  MPI_Finalized(&finished);
  return cmpi_was_started() && !finished;
}

void cmpi_abort(int exit_code) {
#ifdef GLOCAL_SIMULATION
  // All ranks are in this process, and SimGrid would not pass on the exit code.
  _exit(exit_code);
#endif
#if defined(OPEN_MPI) && OMPI_MAJOR_VERSION >= 4
  // What MPI_Abort calls after printing its banner; absent from static builds.
  int (*quiet_abort)(MPI_Comm, int) = (int (*)(MPI_Comm, int))dlsym(RTLD_DEFAULT, "ompi_mpi_abort");
  if (quiet_abort) quiet_abort(MPI_COMM_WORLD, exit_code);
#endif
  MPI_Abort(MPI_COMM_WORLD, exit_code);
}

static void copy_text(const char *from, char *text, int capacity) {
  if (capacity > 0) snprintf(text, (size_t)capacity, "%s", from);
}

void cmpi_error_text(int code, char *text, int capacity) {
  char buffer[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, buffer, &length);
  copy_text(buffer, text, capacity);
}

void cmpi_library_version(char *text, int capacity) {
  char buffer[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  int length = 0;
  MPI_Get_library_version(buffer, &length);
  copy_text(buffer, text, capacity);
}

void cmpi_standard_version(int *major, int *minor) { MPI_Get_version(major, minor); }

void cmpi_host_name(char *text, int capacity) {
  char buffer[MPI_MAX_PROCESSOR_NAME] = "";
  int length = 0;
  MPI_Get_processor_name(buffer, &length);
  copy_text(buffer, text, capacity);
}

const char *cmpi_thread_level_name(int level) {
  if (level == MPI_THREAD_SINGLE) return "single";
  if (level == MPI_THREAD_FUNNELED) return "funneled";
  if (level == MPI_THREAD_SERIALIZED) return "serialized";
  if (level == MPI_THREAD_MULTIPLE) return "multiple";
  return "unknown";
}

static int wrap(MPI_Comm handle, cmpi_communicator **communicator) {
  CMPI_TRY(MPI_Comm_set_errhandler(handle, MPI_ERRORS_RETURN));
  *communicator = malloc(sizeof **communicator);
  if (!*communicator) return MPI_ERR_NO_MEM;
  (*communicator)->handle = handle;
  return MPI_SUCCESS;
}

int cmpi_world(cmpi_communicator **world) { return wrap(MPI_COMM_WORLD, world); }

int cmpi_split(const cmpi_communicator *communicator, int color, int key, cmpi_communicator **part) {
  MPI_Comm handle = MPI_COMM_NULL;
  CMPI_TRY(MPI_Comm_split(communicator->handle, color, key, &handle));
  return wrap(handle, part);
}

int cmpi_split_by_host(const cmpi_communicator *communicator, cmpi_communicator **part) {
  MPI_Comm handle = MPI_COMM_NULL;
  CMPI_TRY(MPI_Comm_split_type(
      communicator->handle, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &handle));
  return wrap(handle, part);
}

int cmpi_rank(const cmpi_communicator *communicator, int *rank) {
  return MPI_Comm_rank(communicator->handle, rank);
}

int cmpi_size(const cmpi_communicator *communicator, int *size) {
  return MPI_Comm_size(communicator->handle, size);
}
