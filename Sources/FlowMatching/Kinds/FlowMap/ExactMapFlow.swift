/// The exact flow of data with its exact map, so that its points jump as those of a learned map do.
public struct ExactMapFlow: MapFlow, ForwardingField {
  public var field: any DivergenceField
  private var map: any TwoTimeMap
  private let tolerance: Double

  /// The exact field with the map of its flow, and the tolerance of what is solved for.
  init(_ field: any ExactField, _ map: any TwoTimeMap, tolerance: Double) {
    (self.field, self.map, self.tolerance) = (field, map, tolerance)
  }

  public mutating func meanVelocity(
    _ x: Batch, from t: Times, to r: Times, into velocity: inout Batch
  ) {
    map.meanVelocity(x, from: t, to: r, into: &velocity)
  }

  /// The determinant is that of the flow, ∫∇·u dt along the way.
  public mutating func carry(
    _ x: inout Batch, from t: Double, to r: Double, logDeterminant: inout [Double]
  ) {
    let state = DensityFlow.state(x, logDensity: [Double](repeating: 0, count: x.count))
    var solve = ParticleIntegrator(
      DensityFlow(field), .dop853, relative: tolerance, absolute: tolerance, from: state, start: t,
      end: r)
    solve.finish()
    let ends = solve.ends
    for j in 0..<x.count { logDeterminant[j] = -ends[dimension, j] }
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
    return ExactMapFlow(field, map, tolerance: tolerance)
  }
}
