// What a simulated machine has that a real one has not: time that passes when it is told to, and
// memory that is not there. Built for `scripts/simulate` alone (GLOCAL_SIMULATION in Package.swift).
#ifndef CMPI_SIMULATION_H
#define CMPI_SIMULATION_H

#include <stddef.h>

/// Lets this rank's core be busy for so many simulated seconds. Hosts have a speed of 10^9.
void cmpi_simulate_work(double seconds);
/// The simulated time.
double cmpi_simulated_seconds(void);
/// Addresses, all backed by the same few pages: what is written in one place shows in others. Messages
/// between such addresses take their time and move nothing. NULL without address space.
void *cmpi_simulated_memory(size_t bytes);
void cmpi_free_simulated_memory(void *memory);

#endif
