// The socket of a heart: which datagrams are accepted, and how many were dropped.
#ifndef CMPI_BEAT_SOCKET_H
#define CMPI_BEAT_SOCKET_H

#include <stdint.h>

/// A non-blocking UDP socket at one address of this host; or -1 with errno.
///
/// If the kernel allows it, datagrams that do not begin with `tag` are dropped before they take up
/// space in the socket's buffer. Sets `port`.
int cmpi_beat_socket(uint32_t address, uint64_t tag, uint32_t *port);

/// Datagrams that the kernel has dropped so far, by the tag or for lack of space; 0 if it does not
/// say.
uint32_t cmpi_beat_socket_drops(int socket);

#endif
