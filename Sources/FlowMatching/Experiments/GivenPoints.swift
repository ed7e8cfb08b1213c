extension Experiment {
  /// Starts from noise, and couples independently, where a data set does not bring the points or the
  /// pairs that were given with another.
  public mutating func forgetGiven(missingIn dataset: Dataset) {
    take(snapshots: dataset)
    if coupling == .reflow, dataset.pairs == nil { coupling = .independent }
    if coupling == .pairs, dataset.rowPairs == nil, dataset.snapshots == nil {
      coupling = .independent
    }
    if source == Source.points, dataset.sourcePoints == nil {
      source = Source.usual(on: curvedSpace)
    }
  }
}
