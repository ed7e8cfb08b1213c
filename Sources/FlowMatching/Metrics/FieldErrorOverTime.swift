/// E|v_θ − u*|² of a field against the exact one, by time: where along the way a network errs.
public struct FieldErrorOverTime: Sendable, Hashable {
  /// The middle of each bin of [0, 1], rising.
  public let times: [Double]
  /// The mean over the draws in each bin and over the dimensions.
  public let errors: [Estimate]
  /// The mean over all draws and dimensions: the excess loss.
  public let total: Estimate

  /// The error on `count` draws of X_t between independent ends, t spread evenly over `bins` ≥ 1
  /// bins, in each of which there are two draws at least; the mean over `dimension` dimensions, those of
  /// a curved space where the points have more coordinates.
  public init(
    of field: inout some VelocityField, exact: inout some VelocityField,
    from source: any Distribution, to target: any Distribution, along path: any ProbabilityPath,
    bins: Int = 20, count: Int = 10_000, dimension: Int? = nil, random: Random
  ) {
    precondition(bins > 0 && count >= 2 * bins, "every bin needs two draws")
    let draws = PathDraws(
      from: source, to: target, along: path, count: count,
      random: random.stream("field error over time"))
    var (found, wanted) = (draws.sample.x, draws.sample.x)
    field.evaluate(draws.sample.x, at: .each(draws.times), into: &found)
    exact.evaluate(draws.sample.x, at: .each(draws.times), into: &wanted)
    var values = [Double](repeating: 0, count: count)
    for i in 0..<found.dimension {
      for j in 0..<count {
        let difference = found.values[i * count + j] - wanted.values[i * count + j]
        values[j] += difference * difference / Double(dimension ?? found.dimension)
      }
    }
    times = (0..<bins).map { (Double($0) + 0.5) / Double(bins) }
    // Draw j's time lies in [j/n, (j + 1)/n]: bins are ranges of draws.
    errors = (0..<bins).map { bin in
      Estimate(alongTime: Array(values[bin * count / bins..<(bin + 1) * count / bins]))
    }
    total = Estimate(alongTime: values)
  }
}
