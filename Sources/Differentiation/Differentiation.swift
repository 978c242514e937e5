// Placeholder until the first file of Differentiation lands.
