// Placeholder until the first file of Hypergradients lands.
