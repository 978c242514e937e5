// Heartbeats. If a rank was stopped, or its host or cable has failed, the others wait in a
// collective forever: Open MPI 4 does not detect it. So every rank has a thread that sends and
// receives heartbeats (UDP datagrams, no MPI). A rank that computes for an hour keeps beating.
#ifndef CMPI_WATCH_H
#define CMPI_WATCH_H

#include "cmpi_heartbeat.h"

enum { CMPI_INTERFACE_LENGTH = 16 };

/// An address of this host.
typedef struct cmpi_interface {
  char name[CMPI_INTERFACE_LENGTH];
  /// IPv4, in network byte order.
  uint32_t address;
  uint32_t mask;
} cmpi_interface;

/// Gets the addresses at which other hosts may reach this one, at most `capacity`; returns their
/// number.
int cmpi_interfaces(cmpi_interface *interfaces, int capacity);

/// Passes the heart, with its socket and neighbours, to a thread that drives it. Returns 0, or
/// errno.
///
/// When the job ends because ranks are silent, one line on stderr of the first live rank names
/// them, and every rank exits with `exit_code`.
int cmpi_watch_start(cmpi_heart *heart, int exit_code);

/// Tells the neighbours that this rank leaves, and ends the thread; does nothing if there is none.
void cmpi_watch_stop(void);

#endif
