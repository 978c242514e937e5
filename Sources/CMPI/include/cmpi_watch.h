// Signs of life. A rank that was stopped, or whose host or cable is gone, leaves the others waiting in
// a collective for good: Open MPI 4 does not notice. So every rank has a thread that sends and counts
// heartbeats (UDP datagrams, no MPI). A rank that computes for an hour beats all the time.
#ifndef CMPI_WATCH_H
#define CMPI_WATCH_H

#include <stdint.h>

enum { CMPI_ADDRESSES = 8, CMPI_HOST_LENGTH = 64 };

/// A rank that heartbeats go to and are expected from.
typedef struct cmpi_peer {
  int32_t rank;
  uint32_t port;
  /// IPv4, as the network orders bytes; the rest is 0.
  uint32_t addresses[CMPI_ADDRESSES];
  char host[CMPI_HOST_LENGTH];
} cmpi_peer;

/// Opens this rank's socket and fills in where it can be reached from other hosts; 0, or errno.
int cmpi_watch_open(cmpi_peer *self);

/// Starts the thread; copies `peers`. 0, or an errno.
///
/// When a peer that was heard before stays silent for `limit` seconds, one line on stderr names it and
/// the job ends with `exit_code`. A peer never heard (a firewall) is not watched. `token` is the job's
/// own number. Ranks other than 0 wait a little longer: rank 0 sees most.
int cmpi_watch_start(
    const cmpi_peer *self, int size, uint64_t token, double limit, int exit_code,
    const cmpi_peer *peers, int count);

/// Says goodbye to the peers and ends the thread; does nothing when there is none.
void cmpi_watch_stop(void);

#endif
