// Shared by the files of a heart: heartbeat.c (time), hearing.c (datagrams), verdict.c (the end).
#ifndef CMPI_HEART_H
#define CMPI_HEART_H

#include "cmpi_heartbeat.h"

typedef enum word {
  ALIVE = 1,
  LEAVING = 2,
  // These ranks are silent: pass it on.
  SILENT = 3,
  // The same, and the user has been told: end.
  SAID = 4,
} word;

typedef enum state { NEVER_HEARD, WATCHED, LEFT } state;

typedef struct neighbour {
  int32_t rank;
  cmpi_place place;
  state state;
  double silence;
  // Counter of the last accepted datagram: a lower one is a copy, or came late.
  uint64_t counter;
} neighbour;

struct cmpi_heart {
  int32_t rank;
  int32_t size;
  uint64_t key[2];
  uint64_t tag;
  double limit;
  int socket;
  neighbour *neighbours;
  int32_t count;
  char *hosts;
  int32_t *host_of_rank;
  // Counter of the last datagram sent.
  uint64_t counter;

  double pause;
  double begun;
  double last_turn;
  double last_beat;
  double next_beat;
  // Datagrams read since the last beat that are not this job's, and the kernel's drops at that
  // time.
  uint32_t garbage;
  uint32_t drops;
  int has_warned;
  int has_warned_of_firewall;

  // Set from the first report of a silent rank on.
  int is_ending;
  int has_news;
  int is_said;
  double ending_since;
  double said_at;
  double next_flood;
  // For every rank whether it is silent.
  uint8_t *silent;
  float longest;

  char text[CMPI_HEART_TEXT];
};

// hearing.c
void cmpi_heart_tell(cmpi_heart *heart, word word);
void cmpi_heart_hear(cmpi_heart *heart);

// verdict.c
void cmpi_heart_note_silent(cmpi_heart *heart, int32_t rank, float silence);
void cmpi_heart_begin_ending(cmpi_heart *heart, double now);
cmpi_heart_news cmpi_heart_go_on_ending(cmpi_heart *heart, double now);
const char *cmpi_heart_host(const cmpi_heart *heart, int32_t rank);

#endif
