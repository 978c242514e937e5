// Placeholder until the first file of MessagePassing lands.
