/// The floor of the loss from so few draws that it can be told in every frame.
///
/// The loss of the exact field is the floor (Lipman et al., 2023, theorem 2): E|u_t(X_t|X₀, X₁) − u_t(X_t)|²
/// a dimension, over independent pairs at times one of which lies in each of n equal intervals. The same
/// random numbers give a floor that moves smoothly with the target.
public enum DrawnFloor {
  /// The floor of velocities with its standard error, over `times`, from `count` draws.
  public static func estimate(
    of field: any ExactField, from source: any Distribution, to target: any Distribution,
    along path: any ProbabilityPath, times: ClosedRange<Double> = 0...1, count: Int,
    using random: inout Random
  ) -> Estimate {
    precondition(count > 1, "a standard error needs two draws")
    var field = field
    let d = target.dimension
    let x0 = source.sample(count: count, using: &random)
    let x1 = target.sample(count: count, using: &random)
    let span = times.upperBound - times.lowerBound
    let t = (0..<count).map {
      times.lowerBound + span * (Double($0) + random.uniform()) / Double(count)
    }
    var sample = PathSample(dimension: d, count: count)
    path.sample(from: x0, to: x1, at: t, using: &random, into: &sample)
    var mean = sample.x
    field.evaluate(sample.x, at: .each(t), into: &mean)
    return Estimate(
      alongTime: (0..<count).map { j in
        var square = 0.0
        for i in 0..<d {
          let difference = sample.velocity[i, j] - mean[i, j]
          square += difference * difference
        }
        return square / Double(d)
      })
  }
}
