/// A path through snapshots: between two of them in time another path, run through in that while.
struct SnapshotPath: ProbabilityPath {
  /// The snapshots' times, from 0 to 1.
  let times: [Double]
  /// The path from each to the next.
  let base: any ProbabilityPath

  /// Which snapshot is the last before `t`; the one before the last at most.
  func segment(at t: Double) -> Int {
    min(times.count - 2, max(0, (times.firstIndex { $0 > t } ?? times.count - 1) - 1))
  }

  func sample(
    from x0: Batch, to x1: Batch, at t: [Double], using random: inout Random,
    into sample: inout PathSample
  ) {
    var local = t
    var lengths = t
    for j in t.indices {
      let k = segment(at: t[j])
      lengths[j] = times[k + 1] - times[k]
      local[j] = min(1, max(0, (t[j] - times[k]) / lengths[j]))
    }
    base.sample(from: x0, to: x1, at: local, using: &random, into: &sample)
    let n = t.count
    for k in sample.velocity.values.indices { sample.velocity.values[k] /= lengths[k % n] }
  }
}
