// The heartbeat thread; see cmpi_watch.h. It calls no MPI until it ends the job.

#define _GNU_SOURCE
#include "cmpi_watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

enum word { ALIVE = 1, LEAVING = 2 };
enum state { NEVER_HEARD, WATCHED, LEFT };

typedef struct datagram {
  uint64_t token;
  int32_t rank;
  int32_t word;
} datagram;

typedef struct watched {
  cmpi_peer peer;
  enum state state;
  double silence;
} watched;

static struct {
  int socket;
  cmpi_peer self;
  int size;
  uint64_t token;
  double limit;
  int exit_code;
  watched *peers;
  int count;
  pthread_t thread;
  int is_running;
  // Written to when the thread is to end: it need not sleep out its pause.
  int wake[2];
  atomic_int is_stopping;
} watch = {.socket = -1};

// The routine that the main thread is inside of, and since when.
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

static void find_addresses(uint32_t *addresses) {
  struct ifaddrs *all = NULL;
  int count = 0;
  if (getifaddrs(&all) != 0) return;
  for (struct ifaddrs *a = all; a && count < CMPI_ADDRESSES; a = a->ifa_next) {
    if (!a->ifa_addr || a->ifa_addr->sa_family != AF_INET) continue;
    if (!(a->ifa_flags & IFF_UP) || (a->ifa_flags & IFF_LOOPBACK)) continue;
    addresses[count++] = ((struct sockaddr_in *)a->ifa_addr)->sin_addr.s_addr;
  }
  freeifaddrs(all);
}

int cmpi_watch_open(cmpi_peer *self) {
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
  socklen_t length = sizeof own;
  int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (s < 0) return errno;
  if (bind(s, (struct sockaddr *)&own, sizeof own) != 0 ||
      getsockname(s, (struct sockaddr *)&own, &length) != 0) {
    int reason = errno;
    close(s);
    return reason;
  }
  watch.socket = s;
  self->port = ntohs(own.sin_port);
  memset(self->addresses, 0, sizeof self->addresses);
  find_addresses(self->addresses);
  return 0;
}

static void tell_all(enum word word) {
  datagram message = {watch.token, watch.self.rank, word};
  for (int p = 0; p < watch.count; p++) {
    const cmpi_peer *peer = &watch.peers[p].peer;
    for (int a = 0; a < CMPI_ADDRESSES && peer->addresses[a]; a++) {
      struct sockaddr_in to = {
          .sin_family = AF_INET, .sin_port = htons((uint16_t)peer->port),
          .sin_addr.s_addr = peer->addresses[a]};
      // What does not go out now goes out with the next beat.
      (void)sendto(
          watch.socket, &message, sizeof message, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
    }
  }
}

static void hear_all(void) {
  datagram message;
  for (;;) {
    ssize_t length = recv(watch.socket, &message, sizeof message, 0);
    // An error other than "nothing there" is the echo of a datagram that a peer refused.
    if (length < 0 && errno != EAGAIN && errno != EWOULDBLOCK) continue;
    if (length < 0) return;
    if (length != sizeof message || message.token != watch.token) continue;
    for (int p = 0; p < watch.count; p++) {
      if (watch.peers[p].peer.rank != message.rank) continue;
      watch.peers[p].silence = 0;
      if (message.word == LEAVING) watch.peers[p].state = LEFT;
      else if (watch.peers[p].state == NEVER_HEARD) watch.peers[p].state = WATCHED;
    }
  }
}

// Those that fell silent with the first, such as the other ranks of its host, are named with it.
static _Noreturn void end_job(double longest) {
  char text[2048];
  size_t used = (size_t)snprintf(
      text, sizeof text, "glocal-dist: rank %d of %d on %s: no sign of life for %.0f s from",
      watch.self.rank, watch.size, watch.self.host, longest);
  const char *separator = " ";
  for (int p = 0; p < watch.count && used < sizeof text - 400; p++) {
    if (watch.peers[p].state != WATCHED || watch.peers[p].silence < 0.8 * watch.limit) continue;
    used += (size_t)snprintf(
        text + used, sizeof text - used, "%srank %d on %s", separator, watch.peers[p].peer.rank,
        watch.peers[p].peer.host);
    separator = ", ";
  }
  used += (size_t)snprintf(
      text + used, sizeof text - used, " (stopped, or its host or network is gone)");
  const char *name = atomic_load(&routine);
  if (name)
    used += (size_t)snprintf(
        text + used, sizeof text - used, "; it was waited for in %s for %.0f s", name,
        now() - atomic_load(&entered));
  used += (size_t)snprintf(text + used, sizeof text - used, "\n");
  (void)!write(STDERR_FILENO, text, used);
  cmpi_end_launcher_later();
  // Not MPI_Abort: the main thread is inside MPI. A launcher that is asked to abort also continues
  // the stopped rank first, and what was waited for may then come to pass while the job is ending.
  // That a rank left without MPI_Finalize is enough for mpirun and for `srun --kill-on-bad-exit`.
  _exit(watch.exit_code);
}

static void judge(void) {
  // Rank 0 hears all and can name all that are silent, so it speaks first; the others follow only
  // when it cannot.
  int rank = watch.self.rank;
  double patience = rank == 0 ? 0 : 1 + 0.1 * watch.limit + 0.2 * (rank < 25 ? rank : 25);
  double longest = 0;
  for (int p = 0; p < watch.count; p++)
    if (watch.peers[p].state == WATCHED && watch.peers[p].silence > longest)
      longest = watch.peers[p].silence;
  if (longest > watch.limit + patience) end_job(longest);
}

static void *beat(void *unused) {
  (void)unused;
  double pause = watch.limit / 20;
  if (pause > 1) pause = 1;
  while (!atomic_load(&watch.is_stopping)) {
    double start = now();
    tell_all(ALIVE);
    struct pollfd wake = {.fd = watch.wake[0], .events = POLLIN};
    poll(&wake, 1, (int)(pause * 1e3));
    hear_all();
    // A rank that was stopped itself (`scontrol suspend`, a closed laptop) was not listening: that
    // time is nobody's silence.
    double passed = now() - start;
    if (passed > 2 * pause) passed = 2 * pause;
    for (int p = 0; p < watch.count; p++) watch.peers[p].silence += passed;
    judge();
  }
  return NULL;
}

int cmpi_watch_start(
    const cmpi_peer *self, int size, uint64_t token, double limit, int exit_code,
    const cmpi_peer *peers, int count) {
  if (watch.is_running || watch.socket < 0) return EINVAL;
  watch.peers = calloc((size_t)count, sizeof *watch.peers);
  if (!watch.peers) return ENOMEM;
  for (int p = 0; p < count; p++) watch.peers[p].peer = peers[p];
  watch.self = *self;
  watch.size = size;
  watch.token = token;
  watch.limit = limit;
  watch.exit_code = exit_code;
  watch.count = count;
  if (pipe2(watch.wake, O_CLOEXEC) != 0) return errno;
  // Signals are the main thread's.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int code = pthread_create(&watch.thread, NULL, beat, NULL);
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
  // More than once, as datagrams may get lost; a peer that misses all hears of the end by MPI.
  for (int time = 0; time < 3; time++) tell_all(LEAVING);
}
