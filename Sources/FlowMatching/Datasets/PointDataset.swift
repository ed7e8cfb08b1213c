extension Dataset {
  /// The points of a file as a target, in the plane or on a space, which the file says by a notation; no
  /// density is known.
  public init(
    name: String, points: Batch, on space: (any Space)? = nil, _ notation: PointNotation? = nil
  ) {
    let flat = Dataset(
      name: name, title: name, summary: "\(points.count) points of \(name)",
      distribution: PointCloud(points), entropyFloor: nil)
    self = space.map { flat.within($0, notation) } ?? flat
  }
}
