// One rank's part in the watch: it beats to its neighbours, hears their beats, and spreads the word
// when one falls silent. No MPI, no thread, no clock of its own: whoever drives it says what time it is,
// so that a test can drive a thousand ranks in one process.
//
// Every rank knows a few others only, its neighbours, whatever the job's size. The one who misses a
// neighbour tells its own neighbours, they tell theirs, and in a moment all know. Who the silent ones
// are is collected on the way; then one of the living names them, and all end.
#ifndef CMPI_HEARTBEAT_H
#define CMPI_HEARTBEAT_H

#include <stddef.h>
#include <stdint.h>

enum { CMPI_HOST_LENGTH = 64, CMPI_HEART_TEXT = 4096, CMPI_MOST_NEIGHBOURS = 64 };

/// Where a rank's socket is.
typedef struct cmpi_place {
  /// IPv4, as the network orders bytes.
  uint32_t address;
  uint32_t port;
} cmpi_place;

typedef struct cmpi_heart cmpi_heart;

typedef enum cmpi_heart_news {
  /// Nothing to do.
  CMPI_HEART_BEATS = 0,
  /// There is a warning in the text; the watch goes on.
  CMPI_HEART_WARNS = 1,
  /// This rank is the one that names the silent ones: the text is to be shown. The end follows.
  CMPI_HEART_SPEAKS = 2,
  /// The job is over: this rank is to end.
  CMPI_HEART_ENDS = 3,
} cmpi_heart_news;

/// Whom a rank beats to and watches: those 1, 2, 4, 8, … further on in the ring of all ranks, and those
/// as far back. Returns how many; they are in no order.
///
/// With n ranks these are at most 2 log2 n. A word that every rank passes on reaches all in log2 n steps,
/// and it still reaches all that live when a whole host's ranks are gone, whether hosts hold ranks in a
/// row or every so many.
int32_t cmpi_heart_neighbours(int32_t rank, int32_t size, int32_t neighbours[CMPI_MOST_NEIGHBOURS]);

/// A rank of a job of `size`; NULL without memory. `key` is the job's own secret; a neighbour once heard
/// may be silent for `limit` seconds.
cmpi_heart *cmpi_heart_make(int32_t rank, int32_t size, const uint64_t key[2], double limit);
void cmpi_heart_free(cmpi_heart *heart);

/// The hosts' names, CMPI_HOST_LENGTH bytes each, ended by 0; and for every rank of the job which of them
/// is its own. 0, or errno.
int cmpi_heart_name_hosts(
    cmpi_heart *heart, const char *names, int32_t hosts, const int32_t *host_of_rank);

/// Opens the socket at this address of this host, and no other; fills in its port. 0, or errno.
int cmpi_heart_open(cmpi_heart *heart, uint32_t address, uint32_t *port);

/// Where one of the neighbours is. 0, or errno.
int cmpi_heart_add_neighbour(cmpi_heart *heart, int32_t rank, cmpi_place place);

/// Does what is due at this time, in seconds of any clock that never goes back: hears what has come,
/// beats, judges. To be called whenever the socket can be read, and not later than `cmpi_heart_due`.
cmpi_heart_news cmpi_heart_turn(cmpi_heart *heart, double now);
double cmpi_heart_due(const cmpi_heart *heart);
int cmpi_heart_socket(const cmpi_heart *heart);

/// What there is to say after news, without the name of the program and the end of a line.
const char *cmpi_heart_text(const cmpi_heart *heart);

/// Says goodbye to the neighbours: from now on this rank's silence means nothing.
void cmpi_heart_leave(cmpi_heart *heart);

/// SipHash-2-4 of the key and the message: what a datagram is signed with.
uint64_t cmpi_heart_hash(const uint64_t key[2], const void *message, size_t length);

#endif
