#include "siphash.h"

#include <string.h>

static uint64_t turn(uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

static void mix(uint64_t v[4], int rounds) {
  for (int round = 0; round < rounds; round++) {
    v[0] += v[1];
    v[2] += v[3];
    v[1] = turn(v[1], 13) ^ v[0];
    v[3] = turn(v[3], 16) ^ v[2];
    v[0] = turn(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = turn(v[1], 17) ^ v[2];
    v[3] = turn(v[3], 21) ^ v[0];
    v[2] = turn(v[2], 32);
  }
}

static void absorb(uint64_t v[4], uint64_t word) {
  v[3] ^= word;
  mix(v, 2);
  v[0] ^= word;
}

uint64_t cmpi_siphash(const uint64_t key[2], const void *message, size_t length) {
  uint64_t v[4] = {
      key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
      key[1] ^ 0x7465646279746573};
  const unsigned char *bytes = message;
  for (size_t whole = length / 8; whole > 0; whole--, bytes += 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    absorb(v, word);
  }
  uint64_t last = (uint64_t)length << 56;
  for (size_t i = 0; i < length % 8; i++) last |= (uint64_t)bytes[i] << (8 * i);
  absorb(v, last);
  v[2] ^= 0xff;
  mix(v, 4);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}
