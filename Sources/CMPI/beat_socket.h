// The socket of a heart: what may come in, and what did come that should not.
#ifndef CMPI_BEAT_SOCKET_H
#define CMPI_BEAT_SOCKET_H

#include <stdint.h>

/// A UDP socket that does not block, at one address of this host; or -1 with errno.
///
/// Where the kernel allows it, datagrams that do not begin with `tag` are dropped before they take room
/// in the socket's buffer. `port` is filled in.
int cmpi_beat_socket(uint32_t address, uint64_t tag, uint32_t *port);

/// Datagrams that the kernel dropped so far, by the tag or for want of room; 0 where it does not say.
uint32_t cmpi_beat_socket_drops(int socket);

#endif
