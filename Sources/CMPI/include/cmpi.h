// MPI as this package sees it. This header does not include <mpi.h>: Swift cannot import MPI's macros,
// and no other code may depend on whose MPI it is. The shim maps types and operations and splits what
// exceeds MPI 3's `int` counts; everything else is Swift.
//
// Every function returns an MPI error code (0 is success) unless it says otherwise. Counts are in
// elements.
#ifndef CMPI_H
#define CMPI_H

#include <stddef.h>

typedef struct cmpi_communicator cmpi_communicator;

/// 64 bits on every platform we build for, and `Int` in Swift.
typedef ptrdiff_t cmpi_count;

typedef enum cmpi_type {
  CMPI_FLOAT = 0,
  CMPI_DOUBLE = 1,
  CMPI_INT32 = 2,
  CMPI_INT64 = 3,
  CMPI_UINT8 = 4,
} cmpi_type;

typedef enum cmpi_operation {
  CMPI_SUM = 0,
  CMPI_MAXIMUM = 1,
  CMPI_MINIMUM = 2,
} cmpi_operation;

/// A run of elements to be sent to, or received from, one rank.
typedef struct cmpi_block {
  void *start;
  cmpi_count count;
  int peer;
} cmpi_block;

// Starting and stopping.

/// MPI_Init_thread with MPI_THREAD_FUNNELED; errors on the world return instead of ending the process.
int cmpi_start(int *thread_level);
int cmpi_finish(void);
/// 1 between start and finish, else 0.
int cmpi_is_running(void);
/// 1 once cmpi_start was called, for good.
int cmpi_was_started(void);
/// Ends all ranks with this exit code, without the library's own banner where that is possible.
void cmpi_abort(int exit_code);
/// Text of an error code; always terminated.
void cmpi_error_text(int code, char *text, int capacity);
void cmpi_library_version(char *text, int capacity);
void cmpi_standard_version(int *major, int *minor);
void cmpi_host_name(char *text, int capacity);
/// Name of a level returned by cmpi_start.
const char *cmpi_thread_level_name(int level);

// The name of the program, which lines on stderr begin with.

/// Copied, at most 63 bytes of it.
void cmpi_set_program_name(const char *name);
/// Empty until it is set.
const char *cmpi_program_name(void);

// Signals.

/// From now on the signal is noted; a second one, other than SIGUSR1, ends the process with 128 + its
/// number. SIGHUP and SIGINT that are ignored stay so. Returns 0, or -1 with `errno`.
int cmpi_note_signal(int number);
/// Undoes `cmpi_note_signal`.
int cmpi_forget_signal(int number);
/// The number of the last signal noted, or 0.
int cmpi_noted_signal(void);
/// From now on writing to a pipe that nobody reads is an error like others, and does not end the
/// process.
int cmpi_outlive_readers(void);

// Starting ranks.

/// How a job has gone that this process has started.
typedef struct cmpi_job {
  /// The launcher's; 128 + n where signal n ended it.
  int exit_code;
  /// The last signal that asked this process to stop, or 0.
  int request;
  /// 1 where a second one ended the job.
  int was_ended;
  /// Why the ranks' output could not be passed on (`errno`), or 0.
  int output_error;
} cmpi_job;

/// Starts the launcher `words[0]`, looked for in PATH, with its arguments, the last of them NULL, and
/// stays until it has ended. Signals that ask to stop reach its ranks as SIGUSR1. Returns 0, or the
/// `errno` with which it could not be started.
int cmpi_run_job(char *const *words, cmpi_job *job);

// Communicators. They live until the program ends.

int cmpi_world(cmpi_communicator **world);
int cmpi_split(const cmpi_communicator *communicator, int color, int key, cmpi_communicator **part);
/// The ranks that share this rank's memory.
int cmpi_split_by_host(const cmpi_communicator *communicator, cmpi_communicator **part);
int cmpi_rank(const cmpi_communicator *communicator, int *rank);
int cmpi_size(const cmpi_communicator *communicator, int *size);

// Messages.

/// Largest number of elements in one MPI call (2^28 unless set; tests set it to a few).
void cmpi_set_largest_count(cmpi_count count);

int cmpi_barrier(const cmpi_communicator *communicator);
int cmpi_broadcast(
    const cmpi_communicator *communicator, cmpi_type type, void *values, cmpi_count count, int root);
/// In place: the root's values become the result, the others' are left alone.
int cmpi_reduce(
    const cmpi_communicator *communicator, cmpi_type type, cmpi_operation operation, void *values,
    cmpi_count count, int root);
/// `values` into `result` on every rank; `values` NULL: in place.
int cmpi_allreduce(
    const cmpi_communicator *communicator, cmpi_type type, cmpi_operation operation,
    const void *values, void *result, cmpi_count count);
/// Concatenates counts[r] elements of each rank r on the root; every rank knows all counts.
int cmpi_gather(
    const cmpi_communicator *communicator, cmpi_type type, const void *values,
    const cmpi_count *counts, void *result, int root);
/// In place: on entry each rank's own block is at its place in `values`, on return all blocks are.
int cmpi_allgather(
    const cmpi_communicator *communicator, cmpi_type type, void *values, const cmpi_count *counts);
int cmpi_send(
    const cmpi_communicator *communicator, cmpi_type type, const void *values, cmpi_count count,
    int destination);
int cmpi_receive(
    const cmpi_communicator *communicator, cmpi_type type, void *values, cmpi_count count,
    int source);
/// The rank whose message to this one waits to be received, or -1; does not wait.
int cmpi_waiting_sender(const cmpi_communicator *communicator, int *source);
/// Sends and receives all blocks at once; blocks between the same two ranks match in order.
int cmpi_exchange(
    const cmpi_communicator *communicator, cmpi_type type, const cmpi_block *sends,
    cmpi_count send_count, const cmpi_block *receives, cmpi_count receive_count);

#include "cmpi_watch.h"

#endif
