// One rank's part of the watchdog: it sends beats to its neighbours, receives theirs, and spreads
// the report when one becomes silent. It uses no MPI, no thread and no clock: the caller passes the
// time, so a test can drive a thousand ranks in one process.
//
// Every rank knows only a few others, its neighbours, whatever the job's size. A rank that misses a
// neighbour tells its own neighbours, which tell theirs, so all know within a moment. The list of
// silent ranks is collected on the way; then one of the live ranks names them, and all end.
#ifndef CMPI_HEARTBEAT_H
#define CMPI_HEARTBEAT_H

#include <stddef.h>
#include <stdint.h>

enum { CMPI_HOST_LENGTH = 64, CMPI_HEART_TEXT = 4096, CMPI_MOST_NEIGHBOURS = 64 };

/// The address of a rank's socket.
typedef struct cmpi_place {
  /// IPv4, in network byte order.
  uint32_t address;
  uint32_t port;
} cmpi_place;

typedef struct cmpi_heart cmpi_heart;

typedef enum cmpi_heart_news {
  /// Nothing to do.
  CMPI_HEART_BEATS = 0,
  /// The text is a warning; watching continues.
  CMPI_HEART_WARNS = 1,
  /// This rank is the one to name the silent ones: show the text. The end follows.
  CMPI_HEART_SPEAKS = 2,
  /// The job is over: this rank must end.
  CMPI_HEART_ENDS = 3,
} cmpi_heart_news;

/// The ranks that a rank sends beats to and watches: those 1, 2, 4, 8, … positions ahead in the
/// ring of all ranks, and as far behind. Returns their number; they are unordered.
///
/// With n ranks there are at most 2 log2 n. A report that every rank passes on reaches all in log2
/// n steps, and still reaches all live ranks if a whole host's ranks are lost, whether hosts hold
/// consecutive or interleaved ranks.
int32_t cmpi_heart_neighbours(int32_t rank, int32_t size, int32_t neighbours[CMPI_MOST_NEIGHBOURS]);

/// Creates a rank of a job of `size`; NULL if out of memory. `key` is the job's secret; a neighbour
/// that has been heard may be silent for `limit` seconds.
cmpi_heart *cmpi_heart_make(int32_t rank, int32_t size, const uint64_t key[2], double limit);
void cmpi_heart_free(cmpi_heart *heart);

/// Sets the hosts' names, CMPI_HOST_LENGTH bytes each, zero-terminated, and the host index of every
/// rank. Returns 0, or errno.
int cmpi_heart_name_hosts(
    cmpi_heart *heart, const char *names, int32_t hosts, const int32_t *host_of_rank);

/// Opens the socket at this address of this host only; sets its port. Returns 0, or errno.
int cmpi_heart_open(cmpi_heart *heart, uint32_t address, uint32_t *port);

/// Adds a neighbour's address. Returns 0, or errno.
int cmpi_heart_add_neighbour(cmpi_heart *heart, int32_t rank, cmpi_place place);

/// Does what is due at this time, in seconds of any monotonic clock: receives, sends beats, judges.
/// Call it whenever the socket is readable, and not later than `cmpi_heart_due`.
cmpi_heart_news cmpi_heart_turn(cmpi_heart *heart, double now);
double cmpi_heart_due(const cmpi_heart *heart);
int cmpi_heart_socket(const cmpi_heart *heart);

/// The text to show after news, without the program's name and the newline.
const char *cmpi_heart_text(const cmpi_heart *heart);

/// Tells the neighbours that this rank leaves: from now on its silence means nothing.
void cmpi_heart_leave(cmpi_heart *heart);

/// SipHash-2-4 of the key and the message, which signs datagrams.
uint64_t cmpi_heart_hash(const uint64_t key[2], const void *message, size_t length);

#endif
