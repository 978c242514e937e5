// The heartbeat thread; see cmpi_watch.h. It calls no MPI and ends the job without it.

#define _GNU_SOURCE
#include "cmpi_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <math.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

static struct {
  cmpi_heart *heart;
  int exit_code;
  pthread_t thread;
  int is_running;
  // A pipe that wakes the thread when it is to end, so that it need not sleep out its pause.
  int wake[2];
  atomic_int is_stopping;
} watch;

// The MPI routine that the main thread is in, and since when.
static _Atomic(const char *) routine = NULL;
static _Atomic double entered = 0;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void cmpi_enter(const char *name) {
  atomic_store_explicit(&entered, now(), memory_order_relaxed);
  atomic_store_explicit(&routine, name, memory_order_release);
}

void cmpi_leave(const int *unused) {
  (void)unused;
  atomic_store_explicit(&routine, NULL, memory_order_release);
}

int cmpi_interfaces(cmpi_interface *interfaces, int capacity) {
  struct ifaddrs *all = NULL;
  int count = 0;
  if (getifaddrs(&all) != 0) return 0;
  for (struct ifaddrs *a = all; a && count < capacity; a = a->ifa_next) {
    if (!a->ifa_addr || !a->ifa_netmask || a->ifa_addr->sa_family != AF_INET) continue;
    if (!(a->ifa_flags & IFF_UP) || (a->ifa_flags & IFF_LOOPBACK)) continue;
    cmpi_interface *it = &interfaces[count++];
    memset(it, 0, sizeof *it);
    snprintf(it->name, sizeof it->name, "%s", a->ifa_name);
    it->address = ((struct sockaddr_in *)a->ifa_addr)->sin_addr.s_addr;
    it->mask = ((struct sockaddr_in *)a->ifa_netmask)->sin_addr.s_addr;
  }
  freeifaddrs(all);
  return count;
}

static void say(int is_last) {
  char line[CMPI_HEART_TEXT + 256];
  const char *program = cmpi_program_name();
  int used = snprintf(
      line, sizeof line - 1, "%s%s%s", program, *program ? ": " : "", cmpi_heart_text(watch.heart));
  const char *name = atomic_load(&routine);
  if (is_last && name)
    used += snprintf(
        line + used, sizeof line - 1 - (size_t)used, "; it was waited for in %s for %.0f s", name,
        now() - atomic_load(&entered));
  line[used++] = '\n';
  (void)!write(STDERR_FILENO, line, (size_t)used);
}

static _Noreturn void end_job(void) {
  cmpi_end_launcher_later();
  // Not MPI_Abort: the main thread is inside MPI. A launcher asked to abort also continues the
  // stopped rank first, and the awaited message might then arrive while the job is ending. For
  // mpirun and for `srun --kill-on-bad-exit` it is enough that a rank left without MPI_Finalize.
  _exit(watch.exit_code);
}

static void *drive(void *unused) {
  (void)unused;
  while (!atomic_load(&watch.is_stopping)) {
    switch (cmpi_heart_turn(watch.heart, now())) {
      case CMPI_HEART_BEATS: break;
      case CMPI_HEART_WARNS: say(0); break;
      case CMPI_HEART_SPEAKS: say(1); break;
      case CMPI_HEART_ENDS: end_job();
    }
    double wait = ceil(1e3 * (cmpi_heart_due(watch.heart) - now()));
    struct pollfd files[] = {
        {.fd = watch.wake[0], .events = POLLIN},
        {.fd = cmpi_heart_socket(watch.heart), .events = POLLIN}};
    poll(files, 2, wait > 0 ? (int)wait : 0);
  }
  return NULL;
}

int cmpi_watch_start(cmpi_heart *heart, int exit_code) {
  if (watch.is_running) return EBUSY;
  if (pipe2(watch.wake, O_CLOEXEC) != 0) return errno;
  watch.heart = heart;
  watch.exit_code = exit_code;
  atomic_store(&watch.is_stopping, 0);
  // Signals are handled by the main thread.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int code = pthread_create(&watch.thread, NULL, drive, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  watch.is_running = code == 0;
  return code;
}

void cmpi_watch_stop(void) {
  if (!watch.is_running) return;
  atomic_store(&watch.is_stopping, 1);
  (void)!write(watch.wake[1], "", 1);
  pthread_join(watch.thread, NULL);
  watch.is_running = 0;
  cmpi_heart_leave(watch.heart);
}
