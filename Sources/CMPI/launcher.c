// A launcher that waits for an unreachable daemon would outlive its job by many minutes.

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "internal.h"

// Whether a process is one of Open MPI's own; Slurm's daemons are never touched. Makes only calls
// that are allowed after a fork of a multithreaded process.
static int is_open_mpi(pid_t process) {
  static const char *const names[] = {"mpirun\n", "mpiexec\n", "orterun\n", "orted\n"};
  char path[32] = "/proc/", digits[12], name[32];
  int length = 0, end = 6;
  for (pid_t rest = process; rest > 0; rest /= 10) digits[length++] = (char)('0' + rest % 10);
  while (length > 0) path[end++] = digits[--length];
  memcpy(path + end, "/comm", 6);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, name, sizeof name - 1);
  close(file);
  if (count <= 0) return 0;
  name[count] = 0;
  for (size_t n = 0; n < sizeof names / sizeof *names; n++)
    if (strcmp(name, names[n]) == 0) return 1;
  return 0;
}

void cmpi_end_launcher_later(void) {
  pid_t launcher = getppid();
  if (!is_open_mpi(launcher) || fork() != 0) return;
  // In a separate session, since the launcher is about to kill this rank's process group.
  setsid();
  for (int file = 0; file < 256; file++) close(file);
  sleep(10);
  // Not SIGTERM: in the middle of an abort, mpirun 4.1 responds to it with a segmentation fault.
  if (is_open_mpi(launcher)) kill(launcher, SIGKILL);
  _exit(0);
}
