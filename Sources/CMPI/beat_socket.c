#define _GNU_SOURCE
#include "beat_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// From <linux/sock_diag.h> and <asm/socket.h>, which not every C library exposes.
#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif
enum { MEMINFO_DROPS = 8, MEMINFO_COUNT = 9 };

// Thousands of beats: more than arrive while the machine is briefly busy with something else.
static const int buffer_bytes = 1 << 20;

// The kernel runs this filter on every datagram before queueing it: it is dropped unless the first
// eight bytes after the UDP header are the tag. Loads read bytes in network order.
static void let_in_only(int socket, uint64_t tag) {
  uint32_t halves[2];
  memcpy(halves, &tag, sizeof halves);
  struct sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 8),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(halves[0]), 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(halves[1]), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  struct sock_fprog program = {sizeof steps / sizeof *steps, steps};
  // Without the filter the reader checks the tag, as it does anyway.
  (void)setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int cmpi_beat_socket(uint32_t address, uint64_t tag, uint32_t *port) {
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = address};
  socklen_t length = sizeof own;
  int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (s < 0) return -1;
  // The system may grant less.
  (void)setsockopt(s, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
  let_in_only(s, tag);
  if (bind(s, (struct sockaddr *)&own, sizeof own) != 0 ||
      getsockname(s, (struct sockaddr *)&own, &length) != 0) {
    int reason = errno;
    close(s);
    errno = reason;
    return -1;
  }
  *port = ntohs(own.sin_port);
  return s;
}

uint32_t cmpi_beat_socket_drops(int socket) {
  uint32_t info[MEMINFO_COUNT] = {0};
  socklen_t length = sizeof info;
  if (getsockopt(socket, SOL_SOCKET, SO_MEMINFO, info, &length) != 0) return 0;
  return info[MEMINFO_DROPS];
}
