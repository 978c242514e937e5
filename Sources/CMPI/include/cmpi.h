// This package's view of MPI. This header does not include <mpi.h>: Swift cannot import MPI's
// macros, and no other code may depend on the MPI implementation. The shim maps types and
// operations and splits messages that exceed MPI 3's `int` counts; everything else is Swift.
//
// Unless stated otherwise, every function returns an MPI error code (0 is success). Counts are in
// elements.
#ifndef CMPI_H
#define CMPI_H

#include <stddef.h>

typedef struct cmpi_communicator cmpi_communicator;

/// 64 bits on every supported platform, and `Int` in Swift.
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

/// A block of elements sent to, or received from, one rank.
typedef struct cmpi_block {
  void *start;
  cmpi_count count;
  int peer;
} cmpi_block;

// Initialisation and finalisation.

/// MPI_Init_thread with MPI_THREAD_FUNNELED; errors on the world communicator are returned.
int cmpi_start(int *thread_level);
int cmpi_finish(void);
/// 1 between start and finish, otherwise 0.
int cmpi_is_running(void);
/// 1 once cmpi_start has been called, permanently.
int cmpi_was_started(void);
/// Ends all ranks with this exit code, without the library's banner if possible.
void cmpi_abort(int exit_code);
/// Text of an error code; always terminated.
void cmpi_error_text(int code, char *text, int capacity);
void cmpi_library_version(char *text, int capacity);
void cmpi_standard_version(int *major, int *minor);
void cmpi_host_name(char *text, int capacity);
/// Name of a level returned by cmpi_start.
const char *cmpi_thread_level_name(int level);

// The program's name, with which lines on stderr begin.

/// Copies up to 63 bytes of the name.
void cmpi_set_program_name(const char *name);
/// Empty until it is set.
const char *cmpi_program_name(void);

// Signals.

/// From now on the signal is recorded; a second one, other than SIGUSR1, ends the process with 128
/// + its number. SIGHUP and SIGINT stay ignored if they were. Returns 0, or -1 with `errno`.
int cmpi_note_signal(int number);
/// Undoes `cmpi_note_signal`.
int cmpi_forget_signal(int number);
/// The number of the last recorded signal, or 0.
int cmpi_noted_signal(void);
/// From now on writing to a pipe without a reader is an ordinary error, and does not end the
/// process.
int cmpi_outlive_readers(void);

// Starting ranks.

/// The outcome of a job that this process has started.
typedef struct cmpi_job {
  /// The launcher's exit code; 128 + n if signal n ended it.
  int exit_code;
  /// The last signal that asked this process to stop, or 0.
  int request;
  /// 1 if a second signal ended the job.
  int was_ended;
  /// Why the ranks' output could not be forwarded (`errno`), or 0.
  int output_error;
} cmpi_job;

/// Starts the launcher `words[0]`, searched for in PATH, with its NULL-terminated arguments, and
/// waits until it has ended. Stop signals are forwarded to its ranks as SIGUSR1. Returns 0, or the
/// `errno` if it could not be started.
int cmpi_run_job(char *const *words, cmpi_job *job);

// Communicators. They live until the program ends.

int cmpi_world(cmpi_communicator **world);
int cmpi_split(const cmpi_communicator *communicator, int color, int key, cmpi_communicator **part);
/// Splits by host: the ranks that share this rank's memory.
int cmpi_split_by_host(const cmpi_communicator *communicator, cmpi_communicator **part);
int cmpi_rank(const cmpi_communicator *communicator, int *rank);
int cmpi_size(const cmpi_communicator *communicator, int *size);

// Messages.

/// Sets the largest number of elements per MPI call (2^28 by default; tests use a few).
void cmpi_set_largest_count(cmpi_count count);

int cmpi_barrier(const cmpi_communicator *communicator);
int cmpi_broadcast(
    const cmpi_communicator *communicator, cmpi_type type, void *values, cmpi_count count, int root);
/// In place: the root's values are overwritten by the result, the others' do not change.
int cmpi_reduce(
    const cmpi_communicator *communicator, cmpi_type type, cmpi_operation operation, void *values,
    cmpi_count count, int root);
/// Reduces `values` into `result` on every rank; in place if `values` is NULL.
int cmpi_allreduce(
    const cmpi_communicator *communicator, cmpi_type type, cmpi_operation operation,
    const void *values, void *result, cmpi_count count);
/// Concatenates counts[r] elements of each rank r on the root; every rank knows all counts.
int cmpi_gather(
    const cmpi_communicator *communicator, cmpi_type type, const void *values,
    const cmpi_count *counts, void *result, int root);
/// In place: on entry each rank's own block must be in its place in `values`, on return all blocks
/// are.
int cmpi_allgather(
    const cmpi_communicator *communicator, cmpi_type type, void *values, const cmpi_count *counts);
int cmpi_send(
    const cmpi_communicator *communicator, cmpi_type type, const void *values, cmpi_count count,
    int destination);
int cmpi_receive(
    const cmpi_communicator *communicator, cmpi_type type, void *values, cmpi_count count,
    int source);
/// The rank whose message to this one is pending, or -1; does not block.
int cmpi_waiting_sender(const cmpi_communicator *communicator, int *source);
/// Sends and receives all blocks at once; blocks between the same two ranks match in order.
int cmpi_exchange(
    const cmpi_communicator *communicator, cmpi_type type, const cmpi_block *sends,
    cmpi_count send_count, const cmpi_block *receives, cmpi_count receive_count);

#include "cmpi_watch.h"

#endif
