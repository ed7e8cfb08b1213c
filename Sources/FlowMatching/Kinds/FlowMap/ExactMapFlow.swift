/// The exact flow of data with its exact map, so that its points jump as those of a learned map do.
public struct ExactMapFlow: MapFlow, ForwardingField {
  public var field: any DivergenceField
  private var map: any TwoTimeMap

  /// The exact field with the map of its flow.
  init(_ field: any ExactField, _ map: any TwoTimeMap) {
    (self.field, self.map) = (field, map)
  }

  public mutating func meanVelocity(
    _ x: Batch, from t: Times, to r: Times, into velocity: inout Batch
  ) {
    map.meanVelocity(x, from: t, to: r, into: &velocity)
  }

  /// The determinant is that of differences.
  public mutating func carry(
    _ x: inout Batch, from t: Double, to r: Double, logDeterminant: inout [Double]
  ) {
    let d = dimension
    let columns = map.jacobian(x, from: t, to: r)
    for j in 0..<x.count {
      logDeterminant[j] = LearnedMap.logDeterminant(
        (0..<d * d).map { columns[$0 % d][$0 / d, j] }, d)
    }
    map.carry(&x, from: .shared(t), to: .shared(r))
  }
}

extension Experiment {
  /// The exact map of its flow to a data set: in closed form for a Gaussian, elsewhere by solves at a
  /// tolerance; nil where the exact field is not known.
  public func exactMap(to dataset: Dataset, tolerance: Double) -> (any TwoTimeMap)? {
    guard let field = exactField(to: dataset) else { return nil }
    if path == .affine, scheduler == .conditionalOT, source == Source.gaussian,
      let map = dataset.mixture.flatMap({ GaussianMap($0) })
    {
      return map
    }
    return SolvedMap(field, tolerance: tolerance)
  }

  /// The exact flow with that map.
  public func exactMapFlow(to dataset: Dataset, tolerance: Double = 1e-6) -> ExactMapFlow? {
    guard let field = exactField(to: dataset),
      let map = exactMap(to: dataset, tolerance: tolerance)
    else { return nil }
    return ExactMapFlow(field, map)
  }
}
