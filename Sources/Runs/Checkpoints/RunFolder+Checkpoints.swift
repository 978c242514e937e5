extension RunFolder {
  /// Where the checkpoints are.
  package var checkpoints: CheckpointFolder {
    CheckpointFolder(path: path.hasSuffix("/") ? "\(path)checkpoints" : "\(path)/checkpoints")
  }
}
