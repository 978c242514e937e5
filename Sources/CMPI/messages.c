// Message passing. Each function splits its work into MPI calls of at most `largest` elements,
// because MPI 3 counts with `int`; every rank knows the same counts, so all split identically.

#include <stdlib.h>

#include "internal.h"

// User messages and those inside collectives must never match each other.
enum { TAG_USER = 1, TAG_EXCHANGE = 2 };

static cmpi_count largest = (cmpi_count)1 << 28;

void cmpi_set_largest_count(cmpi_count count) { largest = count < 1 ? 1 : count; }

static MPI_Datatype datatype(cmpi_type type) {
  switch (type) {
    case CMPI_FLOAT: return MPI_FLOAT;
    case CMPI_DOUBLE: return MPI_DOUBLE;
    case CMPI_INT32: return MPI_INT32_T;
    case CMPI_INT64: return MPI_INT64_T;
    case CMPI_UINT8: return MPI_UINT8_T;
  }
  return MPI_DATATYPE_NULL;
}

static size_t width(cmpi_type type) {
  switch (type) {
    case CMPI_FLOAT: case CMPI_INT32: return 4;
    case CMPI_DOUBLE: case CMPI_INT64: return 8;
    case CMPI_UINT8: return 1;
  }
  return 0;
}

static MPI_Op operator_of(cmpi_operation operation) {
  switch (operation) {
    case CMPI_SUM: return MPI_SUM;
    case CMPI_MAXIMUM: return MPI_MAX;
    case CMPI_MINIMUM: return MPI_MIN;
  }
  return MPI_OP_NULL;
}

static int chunk(cmpi_count count, cmpi_count done) {
  return (int)(count - done < largest ? count - done : largest);
}

static void *at(const void *start, cmpi_type type, cmpi_count index) {
  return (char *)start + (size_t)index * width(type);
}

int cmpi_barrier(const cmpi_communicator *c) {
  CMPI_INSIDE("MPI_Barrier");
  return MPI_Barrier(c->handle);
}

int cmpi_broadcast(
    const cmpi_communicator *c, cmpi_type type, void *values, cmpi_count count, int root) {
  CMPI_INSIDE("MPI_Bcast");
  for (cmpi_count done = 0; done < count; done += largest)
    CMPI_TRY(MPI_Bcast(
        at(values, type, done), chunk(count, done), datatype(type), root, c->handle));
  return MPI_SUCCESS;
}

int cmpi_reduce(
    const cmpi_communicator *c, cmpi_type type, cmpi_operation operation, void *values,
    cmpi_count count, int root) {
  CMPI_INSIDE("MPI_Reduce");
  int rank = 0;
  CMPI_TRY(MPI_Comm_rank(c->handle, &rank));
  for (cmpi_count done = 0; done < count; done += largest) {
    void *part = at(values, type, done);
    CMPI_TRY(MPI_Reduce(
        rank == root ? MPI_IN_PLACE : part, rank == root ? part : NULL, chunk(count, done),
        datatype(type), operator_of(operation), root, c->handle));
  }
  return MPI_SUCCESS;
}

int cmpi_allreduce(
    const cmpi_communicator *c, cmpi_type type, cmpi_operation operation, const void *values,
    void *result, cmpi_count count) {
  CMPI_INSIDE("MPI_Allreduce");
  for (cmpi_count done = 0; done < count; done += largest)
    CMPI_TRY(MPI_Allreduce(
        values ? at(values, type, done) : MPI_IN_PLACE, at(result, type, done), chunk(count, done),
        datatype(type), operator_of(operation), c->handle));
  return MPI_SUCCESS;
}

// Counts and displacements as MPI expects them; 2 * size ints for the caller to free, or NULL if
// out of memory.
static int *int_layout(const cmpi_count *counts, int size) {
  int *layout = malloc(sizeof(int) * 2 * (size_t)size);
  if (!layout) return NULL;
  int offset = 0;
  for (int r = 0; r < size; r++) {
    layout[r] = (int)counts[r];
    layout[size + r] = offset;
    offset += layout[r];
  }
  return layout;
}

static cmpi_count total(const cmpi_count *counts, int size) {
  cmpi_count sum = 0;
  for (int r = 0; r < size; r++) sum += counts[r];
  return sum;
}

// Point to point, for totals beyond the range of `int` displacements.
static int gather_large(
    const cmpi_communicator *c, cmpi_type type, const void *values, const cmpi_count *counts,
    void *result, int root, int rank, int size) {
  cmpi_block own = {(void *)values, counts[rank], root};
  if (rank != root) return cmpi_exchange(c, type, &own, 1, NULL, 0);
  cmpi_block *blocks = malloc(sizeof(cmpi_block) * (size_t)size);
  if (!blocks) return MPI_ERR_NO_MEM;
  cmpi_count offset = 0;
  for (int r = 0; r < size; r++) {
    blocks[r] = (cmpi_block){at(result, type, offset), counts[r], r};
    offset += counts[r];
  }
  int code = cmpi_exchange(c, type, &own, 1, blocks, size);
  free(blocks);
  return code;
}

int cmpi_gather(
    const cmpi_communicator *c, cmpi_type type, const void *values, const cmpi_count *counts,
    void *result, int root) {
  CMPI_INSIDE("MPI_Gatherv");
  int rank = 0, size = 0;
  CMPI_TRY(MPI_Comm_rank(c->handle, &rank));
  CMPI_TRY(MPI_Comm_size(c->handle, &size));
  if (total(counts, size) > largest)
    return gather_large(c, type, values, counts, result, root, rank, size);
  int *layout = int_layout(counts, size);
  if (!layout) return MPI_ERR_NO_MEM;
  int code = MPI_Gatherv(
      values, layout[rank], datatype(type), result, layout, layout + size, datatype(type), root,
      c->handle);
  free(layout);
  return code;
}

int cmpi_allgather(
    const cmpi_communicator *c, cmpi_type type, void *values, const cmpi_count *counts) {
  CMPI_INSIDE("MPI_Allgatherv");
  int size = 0;
  CMPI_TRY(MPI_Comm_size(c->handle, &size));
  if (total(counts, size) > largest) {
    cmpi_count offset = 0;
    for (int r = 0; r < size; offset += counts[r], r++)
      CMPI_TRY(cmpi_broadcast(c, type, at(values, type, offset), counts[r], r));
    return MPI_SUCCESS;
  }
  int *layout = int_layout(counts, size);
  if (!layout) return MPI_ERR_NO_MEM;
  int code = MPI_Allgatherv(
      MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, values, layout, layout + size, datatype(type), c->handle);
  free(layout);
  return code;
}

int cmpi_send(
    const cmpi_communicator *c, cmpi_type type, const void *values, cmpi_count count,
    int destination) {
  CMPI_INSIDE("MPI_Send");
  for (cmpi_count done = 0; done < count; done += largest)
    CMPI_TRY(MPI_Send(
        at(values, type, done), chunk(count, done), datatype(type), destination, TAG_USER,
        c->handle));
  return MPI_SUCCESS;
}

int cmpi_receive(
    const cmpi_communicator *c, cmpi_type type, void *values, cmpi_count count, int source) {
  CMPI_INSIDE("MPI_Recv");
  for (cmpi_count done = 0; done < count; done += largest)
    CMPI_TRY(MPI_Recv(
        at(values, type, done), chunk(count, done), datatype(type), source, TAG_USER, c->handle,
        MPI_STATUS_IGNORE));
  return MPI_SUCCESS;
}

int cmpi_waiting_sender(const cmpi_communicator *c, int *source) {
  CMPI_INSIDE("MPI_Iprobe");
  int found = 0;
  MPI_Status status;
  *source = -1;
  CMPI_TRY(MPI_Iprobe(MPI_ANY_SOURCE, TAG_USER, c->handle, &found, &status));
  if (found) *source = status.MPI_SOURCE;
  return MPI_SUCCESS;
}

// Requests are reused between calls, since an exchange is part of every training step. MPI is used
// from one thread only (MPI_THREAD_FUNNELED).
static MPI_Request *requests = NULL;
static cmpi_count request_capacity = 0;

static cmpi_count chunks(const cmpi_block *blocks, cmpi_count count) {
  cmpi_count sum = 0;
  for (cmpi_count b = 0; b < count; b++) sum += (blocks[b].count + largest - 1) / largest;
  return sum;
}

int cmpi_exchange(
    const cmpi_communicator *c, cmpi_type type, const cmpi_block *sends, cmpi_count send_count,
    const cmpi_block *receives, cmpi_count receive_count) {
  CMPI_INSIDE("MPI_Waitall");
  cmpi_count needed = chunks(sends, send_count) + chunks(receives, receive_count);
  if (needed > request_capacity) {
    MPI_Request *more = realloc(requests, sizeof(MPI_Request) * (size_t)needed);
    if (!more) return MPI_ERR_NO_MEM;
    requests = more;
    request_capacity = needed;
  }
  int posted = 0;
  for (cmpi_count b = 0; b < receive_count; b++)
    for (cmpi_count done = 0; done < receives[b].count; done += largest)
      CMPI_TRY(MPI_Irecv(
          at(receives[b].start, type, done), chunk(receives[b].count, done), datatype(type),
          receives[b].peer, TAG_EXCHANGE, c->handle, &requests[posted++]));
  for (cmpi_count b = 0; b < send_count; b++)
    for (cmpi_count done = 0; done < sends[b].count; done += largest)
      CMPI_TRY(MPI_Isend(
          at(sends[b].start, type, done), chunk(sends[b].count, done), datatype(type),
          sends[b].peer, TAG_EXCHANGE, c->handle, &requests[posted++]));
  return MPI_Waitall(posted, requests, MPI_STATUSES_IGNORE);
}
