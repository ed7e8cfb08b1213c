extension Dataset {
  /// The points of a file as a target; no density is known.
  public init(name: String, points: Batch) {
    self.init(
      name: name, title: name, summary: "\(points.count) points of \(name)",
      distribution: PointCloud(points), entropyFloor: nil)
  }
}
