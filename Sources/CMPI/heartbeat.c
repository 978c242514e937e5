// The main loop of a heart; see cmpi_heartbeat.h.

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "beat_socket.h"
#include "heart.h"
#include "siphash.h"

// From here on foreign datagrams might crowd out beats in transit: a minimum rate, and a minimum
// total, since an occasional stray datagram means nothing.
static const double garbage_rate = 100;
static const uint32_t garbage_least = 20;

cmpi_heart *cmpi_heart_make(int32_t rank, int32_t size, const uint64_t key[2], double limit) {
  cmpi_heart *heart = calloc(1, sizeof *heart);
  if (!heart) return NULL;
  heart->rank = rank;
  heart->size = size;
  memcpy(heart->key, key, sizeof heart->key);
  // Visible to anyone who sees the job's traffic; the key is not.
  heart->tag = cmpi_siphash(key, "tag", 3);
  heart->limit = limit;
  heart->pause = limit < 20 ? limit / 20 : 1;
  heart->socket = -1;
  heart->last_beat = -1;
  heart->silent = calloc((size_t)size, 1);
  if (!heart->silent) {
    free(heart);
    return NULL;
  }
  return heart;
}

void cmpi_heart_free(cmpi_heart *heart) {
  if (!heart) return;
  if (heart->socket >= 0) close(heart->socket);
  free(heart->neighbours);
  free(heart->hosts);
  free(heart->host_of_rank);
  free(heart->silent);
  free(heart);
}

int cmpi_heart_name_hosts(
    cmpi_heart *heart, const char *names, int32_t hosts, const int32_t *host_of_rank) {
  size_t bytes = (size_t)hosts * CMPI_HOST_LENGTH;
  size_t indices = (size_t)heart->size * sizeof *host_of_rank;
  heart->hosts = malloc(bytes);
  heart->host_of_rank = malloc(indices);
  if (!heart->hosts || !heart->host_of_rank) {
    free(heart->hosts);
    heart->hosts = NULL;
    return ENOMEM;
  }
  memcpy(heart->hosts, names, bytes);
  memcpy(heart->host_of_rank, host_of_rank, indices);
  return 0;
}

int cmpi_heart_open(cmpi_heart *heart, uint32_t address, uint32_t *port) {
  heart->socket = cmpi_beat_socket(address, heart->tag, port);
  return heart->socket < 0 ? errno : 0;
}

int cmpi_heart_add_neighbour(cmpi_heart *heart, int32_t rank, cmpi_place place) {
  neighbour *all =
      realloc(heart->neighbours, ((size_t)heart->count + 1) * sizeof *heart->neighbours);
  if (!all) return ENOMEM;
  heart->neighbours = all;
  heart->neighbours[heart->count++] = (neighbour){.rank = rank, .place = place};
  return 0;
}

// Whether so many foreign datagrams arrived that silence proves nothing.
static int is_flooded(cmpi_heart *heart, double passed) {
  uint32_t drops = cmpi_beat_socket_drops(heart->socket);
  uint32_t count = heart->garbage + (drops - heart->drops);
  heart->garbage = 0;
  heart->drops = drops;
  // A rank that was stopped finds its buffer full of valid beats, and the rest of them dropped.
  if (passed <= 0 || passed > 2 * heart->pause) return 0;
  if (count < garbage_least || count < garbage_rate * passed) return 0;
  if (heart->has_warned) return 1;
  heart->has_warned = 1;
  struct sockaddr_in own = {0};
  socklen_t length = sizeof own;
  char address[INET_ADDRSTRLEN] = "?";
  (void)getsockname(heart->socket, (struct sockaddr *)&own, &length);
  (void)inet_ntop(AF_INET, &own.sin_addr, address, sizeof address);
  snprintf(
      heart->text, sizeof heart->text,
      "rank %d of %d on %s: datagrams that are not this job's pour into UDP port %d of %s (%.0f a "
      "second); while they do, this rank takes nobody's silence for death. Find out who sends them",
      heart->rank, heart->size, cmpi_heart_host(heart, heart->rank), ntohs(own.sin_port), address,
      count / passed);
  return 1;
}

// One line for the job: rank 0 has neighbours on other hosts, if there are any.
static int is_behind_firewall(cmpi_heart *heart, double now) {
  double wait = heart->limit > 10 ? heart->limit : 10;
  if (heart->rank != 0 || heart->has_warned_of_firewall || now - heart->begun < wait) return 0;
  heart->has_warned_of_firewall = 1;
  for (int32_t n = 0; n < heart->count; n++) {
    const neighbour *it = &heart->neighbours[n];
    if (it->state != NEVER_HEARD) continue;
    snprintf(
        heart->text, sizeof heart->text,
        "rank 0 of %d on %s has heard no heartbeat from rank %d on %s: UDP between the hosts is "
        "blocked, or they talk by another network. Ranks that fall silent may go unnoticed; see "
        "docs/cluster.md",
        heart->size, cmpi_heart_host(heart, 0), it->rank, cmpi_heart_host(heart, it->rank));
    return 1;
  }
  return 0;
}

static cmpi_heart_news beat(cmpi_heart *heart, double now) {
  if (heart->last_beat < 0) heart->begun = heart->last_beat = now;
  double passed = now - heart->last_beat;
  heart->last_beat = now;
  heart->next_beat = now + heart->pause;
  cmpi_heart_tell(heart, ALIVE);
  int had_warned = heart->has_warned;
  if (is_flooded(heart, passed))
    return had_warned ? CMPI_HEART_BEATS : CMPI_HEART_WARNS;
  // If this rank was itself stopped (`scontrol suspend`, a closed laptop), it was not listening:
  // that time does not count as silence.
  if (passed > 2 * heart->pause) passed = 2 * heart->pause;
  int is_missing = 0;
  for (int32_t n = 0; n < heart->count; n++) {
    neighbour *it = &heart->neighbours[n];
    it->silence += passed;
    if (it->state == WATCHED && it->silence > heart->limit) is_missing = 1;
  }
  if (is_missing && !heart->is_ending) cmpi_heart_begin_ending(heart, now);
  return is_behind_firewall(heart, now) ? CMPI_HEART_WARNS : CMPI_HEART_BEATS;
}

cmpi_heart_news cmpi_heart_turn(cmpi_heart *heart, double now) {
  cmpi_heart_news news = CMPI_HEART_BEATS;
  heart->last_turn = now;
  cmpi_heart_hear(heart);
  if (heart->has_news && !heart->is_ending) cmpi_heart_begin_ending(heart, now);
  if (now >= heart->next_beat || heart->last_beat < 0) news = beat(heart, now);
  if (heart->is_ending && news == CMPI_HEART_BEATS) news = cmpi_heart_go_on_ending(heart, now);
  return news;
}

double cmpi_heart_due(const cmpi_heart *heart) {
  // The end takes only a moment.
  double soon = heart->last_turn + 0.02;
  return heart->is_ending && soon < heart->next_beat ? soon : heart->next_beat;
}

int cmpi_heart_socket(const cmpi_heart *heart) { return heart->socket; }

const char *cmpi_heart_text(const cmpi_heart *heart) { return heart->text; }

void cmpi_heart_leave(cmpi_heart *heart) {
  // Repeated, as datagrams may get lost; a rank that misses all of them learns of the end by MPI.
  for (int time = 0; time < 3; time++) cmpi_heart_tell(heart, LEAVING);
}

uint64_t cmpi_heart_hash(const uint64_t key[2], const void *message, size_t length) {
  return cmpi_siphash(key, message, length);
}
