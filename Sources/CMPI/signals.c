// Stop signals: the first only sets a flag, which is nearly all that a handler may do. The second
// ends the process wherever it is, even in a library that never returns.

#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

static volatile sig_atomic_t noted = 0;
// The time from which a second signal counts; 0 before the first.
static atomic_llong first = 0;

long long cmpi_milliseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1 + 1000LL * t.tv_sec + t.tv_nsec / 1000000;
}

int cmpi_is_second_request(int number) {
  // A batch system may repeat its notice; it never ends the process.
  if (number == SIGUSR1) return 0;
  long long now = cmpi_milliseconds(), before = 0;
  if (atomic_compare_exchange_strong(&first, &before, now)) return 0;
  return now - before >= CMPI_ONE_REQUEST_MILLISECONDS;
}

static void note(int number) {
  int reason = errno;
  noted = number;
  if (cmpi_is_second_request(number)) _exit(128 + number);
  errno = reason;
}

int cmpi_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static int handle(int number, void (*handler)(int)) {
  struct sigaction action = {0};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  // Reads and writes in progress are restarted.
  action.sa_flags = SA_RESTART;
  return sigaction(number, &action, NULL);
}

int cmpi_note_signal(int number) {
  // `nohup`, and the shell for a script's background job, want it to keep running.
  if ((number == SIGHUP || number == SIGINT) && cmpi_is_ignored(number)) return 0;
  if (handle(number, note) != 0) return -1;
  // The parent process may have passed on a signal mask.
  sigset_t unblocked;
  sigemptyset(&unblocked);
  sigaddset(&unblocked, number);
  return sigprocmask(SIG_UNBLOCK, &unblocked, NULL);
}

int cmpi_forget_signal(int number) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) != 0) return -1;
  return action.sa_handler == note ? handle(number, SIG_DFL) : 0;
}

int cmpi_noted_signal(void) { return noted; }

static void nothing(int number) { (void)number; }

// Not SIG_IGN, which programs started from here would inherit.
int cmpi_outlive_readers(void) { return cmpi_is_ignored(SIGPIPE) ? 0 : handle(SIGPIPE, nothing); }
