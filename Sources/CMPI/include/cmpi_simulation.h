// What a simulated machine has in addition to a real one: time that advances on request, and memory
// that is not backed. Built only for `scripts/simulate` (GLOCAL_SIMULATION in Package.swift).
#ifndef CMPI_SIMULATION_H
#define CMPI_SIMULATION_H

#include <stddef.h>

/// Keeps this rank's core busy for some simulated seconds. Hosts have a speed of 10^9.
void cmpi_simulate_work(double seconds);
/// The simulated time in seconds.
double cmpi_simulated_seconds(void);
/// Addresses that are all backed by the same few pages: a write at one address shows up at others.
/// Messages between such addresses take their time but copy nothing. NULL if out of address space.
void *cmpi_simulated_memory(size_t bytes);
void cmpi_free_simulated_memory(void *memory);

#endif
