/// Draws of X_t on a path, with t spread evenly: draw j of n lies in the j-th of n equal intervals.
struct PathDraws: Sendable {
  let times: [Double]
  let sample: PathSample

  /// `count` draws of independent pairs.
  init(
    from source: any Distribution, to target: any Distribution, along path: any ProbabilityPath,
    count: Int, random: Random
  ) {
    precondition(source.dimension == target.dimension, "both ends need the same dimension")
    precondition(count > 0, "an average needs a draw")
    var (first, second) = (random.stream("source"), random.stream("target"))
    var (clock, noise) = (random.stream("time"), random.stream("path"))
    var times = [Double](repeating: 0, count: count)
    clock.fillUniforms(&times)
    for j in 0..<count { times[j] = (Double(j) + times[j]) / Double(count) }
    var sample = PathSample(dimension: source.dimension, count: count)
    path.sample(
      from: source.sample(count: count, using: &first),
      to: target.sample(count: count, using: &second), at: times, using: &noise, into: &sample)
    self.times = times
    self.sample = sample
  }
}
