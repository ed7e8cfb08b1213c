/// Which jumps a map learns by.
enum JumpRule: Sendable, Hashable {
  /// From the lesser to the greater of two draws of the density.
  case between
  /// From a draw to 1.
  case toEnd
  /// Of length 2^(−k), k = 0 … `levels` − 1, from a multiple of it.
  case dyadic(levels: Int)
}

/// Where jumps end; their own random stream leaves all others alone.
struct JumpTimes: Sendable {
  let rule: JumpRule
  /// The first points of a draw jump.
  let count: Int
  var random: Random
  private var others: [Double] = []

  init(rule: JumpRule, count: Int, random: Random) {
    self.rule = rule
    self.count = count
    self.random = random
  }

  /// Overwrites the ends of jumps, and the times where a rule places both.
  mutating func draw(_ density: TimeDensity, _ times: inout [Double], _ ends: inout [Double]) {
    if others.count != count { others = [Double](repeating: 0, count: count) }
    random.fillUniforms(&others)
    // Of dyadic jumps they choose a length, which has no place in t.
    if rule == .between { density.place(&others) }
    ends = times
    switch rule {
    case .between:
      for j in 0..<count {
        (times[j], ends[j]) = (min(times[j], others[j]), max(times[j], others[j]))
      }
    case .toEnd: for j in 0..<count { ends[j] = 1 }
    case .dyadic(let levels):
      for j in 0..<count {
        let count = Double(1 << min(levels - 1, Int(others[j] * Double(levels))))
        times[j] = (times[j] * count).rounded(.down) / count
        ends[j] = times[j] + 1 / count
      }
    }
  }
}
