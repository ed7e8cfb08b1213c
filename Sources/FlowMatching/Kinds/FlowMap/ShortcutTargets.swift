/// The targets of shortcuts, each made of a jump's own halves.
extension FlowMapObjective {
  /// target = ½[ū(x, t, s) + ū(X_{t,s}, s, r)], s = (t + r)/2; the smallest halves are the velocity's.
  mutating func aimShortcut(_ weights: [Float]) {
    let (count, ends) = (jumps.count, jumps.ends)
    let smallest = 1 / Double(1 << (FlowMapObjective.levels - 1))
    func isSmallest(_ j: Int) -> Bool { ends[j] - jumps.start(j) < 1.5 * smallest }
    let middles = (0..<count).map { 0.5 * (jumps.start($0) + ends[$0]) }
    var half = jumps
    for j in 0..<count { half.ends[j] = isSmallest(j) ? half.start(j) : middles[j] }
    half.evaluate(&network, weights)
    let first = half.mean
    for i in 0..<half.dimension {
      for j in 0..<count {
        arrived.values[i * count + j] =
          jumps.inputs[i * count + j]
          + (middles[j] - jumps.start(j)) * first.values[i * count + j]
      }
    }
    half.take(
      arrived, from: middles, to: (0..<count).map { isSmallest($0) ? middles[$0] : ends[$0] })
    half.evaluate(&network, weights)
    let n = targets.count
    for i in 0..<half.dimension {
      for j in 0..<count {
        targets.values[i * n + j] =
          0.5 * (first.values[i * count + j] + half.mean.values[i * count + j])
      }
    }
  }
}
