// SipHash-2-4: a keyed hash of short messages. Aumasson and Bernstein, "SipHash: a fast short-input
// PRF", 2012.
#ifndef CMPI_SIPHASH_H
#define CMPI_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t cmpi_siphash(const uint64_t key[2], const void *message, size_t length);

#endif
