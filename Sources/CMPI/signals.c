// Signals that ask for something and end nothing: a handler may set a flag and little else.

#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stddef.h>

#include "cmpi.h"

static volatile sig_atomic_t noted = 0;

static void note(int number) { noted = number; }

int cmpi_note_signal(int number) {
  struct sigaction action = {0};
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  // Reads and writes under way go on.
  action.sa_flags = SA_RESTART;
  if (sigaction(number, &action, NULL) != 0) return -1;
  // Whoever started this process may have passed on a mask.
  sigset_t unblocked;
  sigemptyset(&unblocked);
  sigaddset(&unblocked, number);
  return sigprocmask(SIG_UNBLOCK, &unblocked, NULL);
}

int cmpi_noted_signal(void) { return noted; }
