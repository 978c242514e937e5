// Signs of life. A rank that was stopped, or whose host or cable is gone, leaves the others waiting in
// a collective for good: Open MPI 4 does not notice. So every rank has a thread that sends and hears
// heartbeats (UDP datagrams, no MPI). A rank that computes for an hour beats all the time.
#ifndef CMPI_WATCH_H
#define CMPI_WATCH_H

#include "cmpi_heartbeat.h"

enum { CMPI_INTERFACE_LENGTH = 16 };

/// An address of this host.
typedef struct cmpi_interface {
  char name[CMPI_INTERFACE_LENGTH];
  /// IPv4, as the network orders bytes.
  uint32_t address;
  uint32_t mask;
} cmpi_interface;

/// Addresses at which other hosts may reach this one, at most `capacity`; returns how many.
int cmpi_interfaces(cmpi_interface *interfaces, int capacity);

/// Hands the heart, with its socket and neighbours, to a thread that drives it. 0, or an errno.
///
/// When the job is over because ranks fell silent, one line on stderr of the first rank that lives names
/// them, and every rank ends with `exit_code`.
int cmpi_watch_start(cmpi_heart *heart, int exit_code);

/// Says goodbye to the neighbours and ends the thread; does nothing when there is none.
void cmpi_watch_stop(void);

#endif
