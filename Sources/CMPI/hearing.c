// Datagrams of a heart. Each is signed with the job's key and numbered by its sender, so nobody
// outside the job can forge, change or replay one.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "heart.h"
#include "siphash.h"

// With its header a datagram fits in an Ethernet frame.
enum { RANKS_IN_ONE = 256, MOST_IN_ONE_TURN = 4096 };

typedef struct datagram {
  // The job's tag, in the clear: the kernel filters by it.
  uint64_t tag;
  // Signature of everything below.
  uint64_t signature;
  uint64_t counter;
  int32_t from;
  int32_t word;
  float silence;
  int32_t count;
  int32_t ranks[RANKS_IN_ONE];
} datagram;

static size_t length_with(int32_t ranks) {
  return offsetof(datagram, ranks) + sizeof(int32_t) * (size_t)ranks;
}

static uint64_t sign(const cmpi_heart *heart, const datagram *message) {
  size_t start = offsetof(datagram, counter);
  return cmpi_siphash(
      heart->key, (const char *)message + start, length_with(message->count) - start);
}

static void send_to_all(cmpi_heart *heart, datagram *message) {
  message->tag = heart->tag;
  message->counter = ++heart->counter;
  message->from = heart->rank;
  message->signature = sign(heart, message);
  for (int32_t n = 0; n < heart->count; n++) {
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)heart->neighbours[n].place.port),
        .sin_addr.s_addr = heart->neighbours[n].place.address};
    // What cannot be sent now is sent with the next beat.
    (void)sendto(
        heart->socket, message, length_with(message->count), MSG_NOSIGNAL, (struct sockaddr *)&to,
        sizeof to);
  }
}

void cmpi_heart_tell(cmpi_heart *heart, word word) {
  datagram message = {.word = word, .silence = heart->longest};
  if (word == SILENT || word == SAID) {
    for (int32_t rank = 0; rank < heart->size; rank++) {
      if (!heart->silent[rank]) continue;
      if (message.count == RANKS_IN_ONE) {
        send_to_all(heart, &message);
        message.count = 0;
      }
      message.ranks[message.count++] = rank;
    }
  }
  send_to_all(heart, &message);
}

static neighbour *find(cmpi_heart *heart, int32_t rank) {
  for (int32_t n = 0; n < heart->count; n++)
    if (heart->neighbours[n].rank == rank) return &heart->neighbours[n];
  return NULL;
}

static int is_ours(const cmpi_heart *heart, const datagram *message, size_t length) {
  if (length < length_with(0) || message->tag != heart->tag) return 0;
  if (message->count < 0 || message->count > RANKS_IN_ONE) return 0;
  return length == length_with(message->count) && message->signature == sign(heart, message);
}

static void take(cmpi_heart *heart, const datagram *message) {
  neighbour *from = find(heart, message->from);
  if (!from) return;
  if (message->counter <= from->counter) {
    // The network may duplicate a datagram; a thousand copies are an attack.
    heart->garbage++;
    return;
  }
  from->counter = message->counter;
  from->silence = 0;
  if (message->word == LEAVING) from->state = LEFT;
  else if (from->state == NEVER_HEARD) from->state = WATCHED;
  if (message->word != SILENT && message->word != SAID) return;
  for (int32_t i = 0; i < message->count; i++)
    cmpi_heart_note_silent(heart, message->ranks[i], message->silence);
  if (message->word == SAID && !heart->is_said) heart->is_said = heart->has_news = 1;
}

void cmpi_heart_hear(cmpi_heart *heart) {
  datagram message;
  // Bounded: even if this socket is flooded, this rank must keep beating.
  for (int count = 0; count < MOST_IN_ONE_TURN; count++) {
    ssize_t length = recv(heart->socket, &message, sizeof message, MSG_TRUNC);
    if (length < 0 && (errno == EINTR || errno == ECONNREFUSED)) continue;
    if (length < 0) return;
    if (is_ours(heart, &message, (size_t)length)) take(heart, &message);
    else heart->garbage++;
  }
}
