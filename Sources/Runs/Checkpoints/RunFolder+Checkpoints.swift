extension RunFolder {
  /// The folder with the checkpoints.
  package var checkpoints: CheckpointFolder {
    CheckpointFolder(path: path.hasSuffix("/") ? "\(path)checkpoints" : "\(path)/checkpoints")
  }
}
