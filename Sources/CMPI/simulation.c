// The simulated machine; see cmpi_simulation.h.

#include "cmpi_simulation.h"

#include "internal.h"

// The speed of a host in the platform file that scripts/simulate writes.
static const double speed = 1e9;

void cmpi_simulate_work(double seconds) { smpi_execute_flops(seconds * speed); }

double cmpi_simulated_seconds(void) { return MPI_Wtime(); }

void *cmpi_simulated_memory(size_t bytes) { return SMPI_SHARED_MALLOC(bytes); }

void cmpi_free_simulated_memory(void *memory) { SMPI_SHARED_FREE(memory); }
