// Placeholder until the first file of DynamicModes lands.
