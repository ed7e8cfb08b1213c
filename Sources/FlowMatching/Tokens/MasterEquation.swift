#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rates of a jump process on a small space, and what they do to probabilities.
///
/// Q(x, y) for x and y that differ in one letter is r·p_{1|t}(y^i|x) + b·p₀(y^i), with
/// r = κ̇/(1 − κ) + bκ/(1 − κ); dp/dt = Qᵀp (Campbell et al., 2024, eq. 3).
struct MasterEquation: Sendable {
  let states: TokenStates
  let noise: TokenNoise
  /// What the formula's parts are multiplied by: κ̇/(1 − κ), p_{1|t}, Q's diagonal.
  let coefficients: [Double]
  private var posterior: any TokenPosterior
  private let all: TokenSequences
  private var p: TokenProbabilities

  init(
    _ data: any TokenDistribution, along path: TokenPath, noise: TokenNoise = .none,
    coefficients: [Double] = [1, 1, 1]
  ) {
    states = TokenStates(data.space, along: path)
    self.noise = noise
    self.coefficients = coefficients
    posterior = data.posterior(along: path)
    all = states.all
    p = TokenProbabilities(space: data.space, count: states.count)
  }

  /// Where a state jumps and how fast; its own entry, the last, is minus the rate of leaving, computed
  /// from what the letter that stands there has of the posterior and the source.
  mutating func rows(at t: Double) -> [[(state: Int, rate: Double)]] {
    let (path, space) = (states.path, states.space)
    let schedule = path.schedule
    posterior.evaluate(all, at: .shared(t), into: &p)
    let back = noise.rate(t, schedule)
    let draw =
      coefficients[0] * schedule.rate(t) + back * schedule.kappa(t) / schedule.complement(t)
    var rows: [[(state: Int, rate: Double)]] = []
    for state in 0..<states.count {
      var row: [(state: Int, rate: Double)] = []
      var leaving = 0.0
      for i in 0..<space.length {
        let own = states.letter(i, state)
        let stride = states.stride(i)
        for letter in 0..<UInt16(states.base) where letter != own {
          let share = letter < space.mask ? coefficients[1] * p[Int(letter), i, state] : 0
          let rate = draw * share + back * path.sourceProbability(letter, space)
          if rate > 0 { row.append((state + (Int(letter) - Int(own)) * stride, rate)) }
        }
        let kept = own < space.mask ? p[Int(own), i, state] : 0
        leaving += draw * (1 - kept) + back * (1 - path.sourceProbability(own, space))
      }
      row.append((state, -coefficients[2] * leaving))
      rows.append(row)
    }
    return rows
  }

  /// The largest |Σ_y Q(x, y)| relative to the largest rate, at a time.
  mutating func rowResidual(at t: Double) -> Double {
    var (worst, largest) = (0.0, 0.0)
    for row in rows(at: t) {
      worst = worse(worst, abs(row.reduce(0) { $0 + $1.rate }))
      largest = row.reduce(largest) { worse($0, abs($1.rate)) }
    }
    return worst / largest
  }

  /// p at `end` from p at `start` by the classic Runge–Kutta method.
  mutating func solve(_ p: [Double], from start: Double, to end: Double, steps: Int) -> [Double] {
    var p = p
    let h = (end - start) / Double(steps)
    func slope(_ rows: [[(state: Int, rate: Double)]], _ p: [Double]) -> [Double] {
      var slope = [Double](repeating: 0, count: p.count)
      for (state, row) in rows.enumerated() {
        for (target, rate) in row { slope[target] += rate * p[state] }
      }
      return slope
    }
    func moved(_ p: [Double], _ slope: [Double], _ h: Double) -> [Double] {
      zip(p, slope).map { $0 + h * $1 }
    }
    var first = rows(at: start)
    for k in 0..<steps {
      let t = start + h * Double(k)
      let (middle, last) = (rows(at: t + 0.5 * h), rows(at: t + h))
      let k1 = slope(first, p)
      let k2 = slope(middle, moved(p, k1, 0.5 * h))
      let k3 = slope(middle, moved(p, k2, 0.5 * h))
      let k4 = slope(last, moved(p, k3, h))
      for x in p.indices { p[x] += h / 6 * (k1[x] + 2 * k2[x] + 2 * k3[x] + k4[x]) }
      first = last
    }
    return p
  }

  /// The exact probabilities of the states after all steps of a sampler, redraws not included.
  static func outcome(
    of plan: TokenPlan, _ data: any TokenDistribution, along path: TokenPath
  ) -> [Double] {
    precondition(plan.complaint(along: path) == nil && plan.temperature == 1, "another plan")
    let states = TokenStates(data.space, along: path)
    let all = states.all
    var posterior = data.posterior(along: path)
    var p = TokenProbabilities(space: data.space, count: states.count)
    var mass = states.marginal(of: data, at: plan.times[0])
    for (t, end) in zip(plan.times, plan.times.dropFirst()) {
      let step = TokenStep(
        from: t, to: end, rule: plan.rule, noise: plan.noise, path: path, space: data.space)
      posterior.evaluate(all, at: .shared(t), into: &p)
      var next = [Double](repeating: 0, count: states.count)
      for state in 0..<states.count where mass[state] > 0 {
        // The positions jump independently of each other.
        var parts = [(state: 0, share: mass[state])]
        for i in 0..<data.space.length {
          let letters = step.distribution(from: states.letter(i, state), p.letters(i, state))
          let stride = states.stride(i)
          parts = parts.flatMap { part in
            letters.enumerated().filter { $1 > 0 }.map { letter, share in
              (state: part.state + letter * stride, share: part.share * share)
            }
          }
        }
        for part in parts { next[part.state] += part.share }
      }
      mass = next
    }
    return mass
  }
}
