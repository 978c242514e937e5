// From the first report of a silent rank to the end of the job.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "heart.h"

// The pause between two floods of the same report, and after the last one.
static const double flood_pause = 0.05;

const char *cmpi_heart_host(const cmpi_heart *heart, int32_t rank) {
  if (!heart->hosts) return "a host without a name";
  return heart->hosts + (size_t)heart->host_of_rank[rank] * CMPI_HOST_LENGTH;
}

void cmpi_heart_note_silent(cmpi_heart *heart, int32_t rank, float silence) {
  if (rank < 0 || rank >= heart->size) return;
  if (silence > heart->longest) heart->longest = silence;
  if (heart->silent[rank]) return;
  heart->silent[rank] = 1;
  heart->has_news = 1;
}

// Ranks that became silent with the first, such as the others of its host, are named with it.
static void add_own(cmpi_heart *heart) {
  for (int32_t n = 0; n < heart->count; n++) {
    const neighbour *it = &heart->neighbours[n];
    if (it->state == WATCHED && it->silence >= 0.8 * heart->limit)
      cmpi_heart_note_silent(heart, it->rank, (float)it->silence);
  }
}

void cmpi_heart_begin_ending(cmpi_heart *heart, double now) {
  heart->is_ending = 1;
  heart->ending_since = now;
  heart->next_flood = now;
  add_own(heart);
}

int32_t cmpi_heart_neighbours(int32_t rank, int32_t size, int32_t neighbours[CMPI_MOST_NEIGHBOURS]) {
  int32_t count = 0;
  for (int64_t step = 1; step < size; step *= 2) {
    const int32_t both[] = {(int32_t)((rank + step) % size), (int32_t)((rank + size - step) % size)};
    for (int side = 0; side < 2; side++) {
      int is_there = 0;
      for (int32_t n = 0; n < count; n++) is_there |= neighbours[n] == both[side];
      if (!is_there) neighbours[count++] = both[side];
    }
  }
  return count;
}

// A rank that only silent neighbours could hear counts as silent too.
static void add_cut_off(cmpi_heart *heart) {
  int32_t *queue = malloc((size_t)heart->size * sizeof *queue);
  uint8_t *is_reached = calloc((size_t)heart->size, 1);
  if (queue && is_reached) {
    int32_t first = 0, end = 0;
    is_reached[heart->rank] = 1;
    queue[end++] = heart->rank;
    while (first < end) {
      int32_t around[CMPI_MOST_NEIGHBOURS];
      int32_t count = cmpi_heart_neighbours(queue[first++], heart->size, around);
      for (int32_t n = 0; n < count; n++) {
        if (is_reached[around[n]] || heart->silent[around[n]]) continue;
        is_reached[around[n]] = 1;
        queue[end++] = around[n];
      }
    }
    for (int32_t rank = 0; rank < heart->size; rank++)
      if (!is_reached[rank]) heart->silent[rank] = 1;
  }
  free(queue);
  free(is_reached);
}

static void describe(cmpi_heart *heart) {
  char *text = heart->text;
  size_t room = sizeof heart->text;
  size_t used = (size_t)snprintf(
      text, room, "rank %d of %d on %s: no sign of life for %.0f s from", heart->rank,
      heart->size, cmpi_heart_host(heart, heart->rank), (double)heart->longest);
  const char *separator = " ";
  int unnamed = 0;
  for (int32_t rank = 0; rank < heart->size; rank++) {
    if (!heart->silent[rank]) continue;
    // Leaves room for the end of the sentence.
    if (used > room - 256 - CMPI_HOST_LENGTH) {
      unnamed++;
      continue;
    }
    used += (size_t)snprintf(
        text + used, room - used, "%srank %d on %s", separator, rank,
        cmpi_heart_host(heart, rank));
    separator = ", ";
  }
  if (unnamed > 0)
    used += (size_t)snprintf(text + used, room - used, " and %d more", unnamed);
  snprintf(text + used, room - used, " (stopped, or its host or network is gone)");
}

// The first live rank prints, and all others end when they hear of it. Ranks do not know which are
// live, so lower ranks wait for a shorter time.
static double patience(const cmpi_heart *heart) {
  double order = heart->rank == 0 ? 0 : 1 + floor(log2((double)heart->rank));
  return 0.5 + heart->pause + 0.3 * order;
}

cmpi_heart_news cmpi_heart_go_on_ending(cmpi_heart *heart, double now) {
  cmpi_heart_news news = CMPI_HEART_BEATS;
  add_own(heart);
  if (!heart->is_said && now - heart->ending_since >= patience(heart)) {
    add_cut_off(heart);
    describe(heart);
    heart->is_said = heart->has_news = 1;
    news = CMPI_HEART_SPEAKS;
  }
  if (heart->is_said && heart->said_at == 0) heart->said_at = now;
  // Repeated, as datagrams may get lost.
  if (heart->is_said && now >= heart->next_flood) heart->has_news = 1;
  if (heart->has_news && (now >= heart->next_flood || news == CMPI_HEART_SPEAKS)) {
    cmpi_heart_tell(heart, heart->is_said ? SAID : SILENT);
    heart->has_news = 0;
    heart->next_flood = now + flood_pause;
  }
  if (news == CMPI_HEART_BEATS && heart->is_said && now - heart->said_at >= 3 * flood_pause)
    return CMPI_HEART_ENDS;
  return news;
}
