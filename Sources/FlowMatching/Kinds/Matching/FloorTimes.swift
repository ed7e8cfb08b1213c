extension Experiment {
  /// The times over which the floor of its loss to a data set is taken, where over all of [0, 1] it would be
  /// infinite; nil for all of them.
  public func floorTimes(to dataset: Dataset) -> ClosedRange<Double>? {
    regression.floorCrop(hasDensity: !(dataset.distribution is PointCloud))
  }

  /// The same flow as plain matching of velocities: what its floor is of, whatever is trained.
  public var matchingVelocities: Experiment {
    var plain = self
    plain.prediction = .velocity
    plain.loss = .squared
    plain.timeDensity = .uniform
    plain.timeWeight = .uniform
    plain.classes = []
    return plain
  }
}
