/// dx/ds = h_j u(t_j + s h_j, x): a field in which every particle's step has length 1.
struct ScaledField: VelocityField {
  var base: any VelocityField
  /// Where the steps begin, by the particles' places in the batch.
  var starts: [Double] = []
  /// How long they are, with their signs.
  var steps: [Double] = []
  /// The times that they are to meet to the bit; nil for those that need not.
  var stops: [Double?] = []
  private var times = Times.each([])

  init(_ base: any VelocityField) { self.base = base }

  var dimension: Int { base.dimension }

  /// Room for `count` particles.
  mutating func fit(_ count: Int) {
    if starts.count == count { return }
    starts = [Double](repeating: 0, count: count)
    steps = starts
    stops = [Double?](repeating: nil, count: count)
  }

  mutating func evaluate(_ x: Batch, at s: Times, into velocity: inout Batch) {
    setTimes(s)
    base.evaluate(x, at: times, into: &velocity)
    scale(&velocity)
  }

  /// Fills the times in place: taking the array out keeps it from being shared.
  private mutating func setTimes(_ s: Times) {
    guard case .each(var each) = times else { return }
    times = .shared(0)
    if each.count != starts.count { each = starts }
    for k in starts.indices { each[k] = starts[k] + s[k] * steps[k] }
    times = .each(each)
  }

  /// Turns velocities by t into velocities by s = (t − t_j)/h_j.
  func scale(_ velocity: inout Batch) {
    for i in 0..<velocity.dimension {
      for k in steps.indices { velocity.values[i * steps.count + k] *= steps[k] }
    }
  }

  /// The way back.
  func unscale(_ velocity: inout Batch) {
    for i in 0..<velocity.dimension {
      for k in steps.indices { velocity.values[i * steps.count + k] /= steps[k] }
    }
  }
}

extension Batch {
  /// The points of these indices, in their order.
  public func choosing(_ indices: [Int]) -> Batch {
    var chosen = Batch(dimension: dimension, count: indices.count)
    for i in 0..<dimension {
      for (k, j) in indices.enumerated() { chosen.values[i * indices.count + k] = self[i, j] }
    }
    return chosen
  }
}
