#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a step of a jump sampler turns rates into probabilities.
public enum TokenRule: String, Codable, Hashable, Sendable, CaseIterable {
  /// Those by which κ goes from its value at the step's start to that at its end: with the true x₁ the
  /// step is exact, however long.
  case exact
  /// 1 − exp(−h·rate) with the rate at the start, and all letters from the posterior in the last step
  /// (Lipman et al., 2024, sec. 6.2, as in flow_matching).
  case rate
}

/// How often letters are thrown back to the source, to be drawn again.
///
/// Thrown back at the rate b, and drawn from the posterior at b·κ/(1 − κ) more, letters keep p_t. From
/// masks a constant b is the stochasticity η of Campbell et al. (2024), b = cκ̇/κ the corrector of
/// Gat et al. (2024) as flow_matching has it.
public enum TokenNoise: Codable, Hashable, Sendable {
  /// Never.
  case none
  /// At the rate η ≥ 0.
  case constant(Double)
  /// At the rate cκ̇/κ, c ≥ 0: it is infinite at κ = 0, where the letters are the source's anyway.
  case corrector(Double)

  /// The rate at a time; 0 at κ = 0.
  func rate(_ t: Double, _ schedule: TokenSchedule) -> Double {
    switch self {
    case .none: return 0
    case .constant(let eta): return eta
    case .corrector(let c):
      let kappa = schedule.kappa(t)
      return kappa > 0 ? c * schedule.slope(t) / kappa : 0
    }
  }

  /// The probability of a throw from `t` to `end`, had nothing else been.
  func probability(from t: Double, to end: Double, _ schedule: TokenSchedule) -> Double {
    switch self {
    case .none: return 0
    case .constant(let eta): return -expm1(-eta * (end - t))
    case .corrector(let c):
      if c == 0 { return 0 }
      return 1 - pow(schedule.kappa(t) / schedule.kappa(end), c)
    }
  }
}

/// What one step of a jump sampler does with a letter, the same for all letters.
struct TokenStep: Sendable, Hashable {
  /// With the exact rule probabilities, else the step's length times rates: of a draw from the
  /// posterior, and of one from the source.
  let draw, back: Double
  let rule: TokenRule
  let path: TokenPath
  let space: TokenSpace

  /// The step from `t` to `end`.
  init(
    from t: Double, to end: Double, rule: TokenRule, noise: TokenNoise, path: TokenPath,
    space: TokenSpace
  ) {
    let schedule = path.schedule
    self.path = path
    self.space = space
    if rule == .rate && end < 1 {
      self.rule = .rate
      let (h, kappa) = (end - t, schedule.kappa(t))
      back = h * noise.rate(t, schedule)
      draw = h * schedule.rate(t) + back * kappa / (1 - kappa)
    } else {
      self.rule = .exact
      // κ′ = u + (1 − ρ − u)κ and 1 − κ′ = ρ + (1 − ρ − u)(1 − κ): no throw can be more than 1 − κ′.
      let (complement, rest) = (schedule.complement(t), schedule.complement(end))
      back = min(noise.probability(from: t, to: end, schedule), rest)
      draw = (complement - rest + back * (1 - complement)) / complement
    }
  }

  /// The new letter where x₁ is drawn as `target`, from a uniform variate.
  func letter(from x: UInt16, target: UInt16, _ u: Double) -> UInt16 {
    switch rule {
    case .exact:
      if u < draw { return target }
      if u < draw + back { return sourceLetter((u - draw) / back, but: nil) }
      return x
    case .rate:
      let own = path.sourceProbability(x, space)
      let (toTarget, toSource) = (target == x ? 0 : draw, back * (1 - own))
      let total = toTarget + toSource
      let jump = -expm1(-total)
      if u >= jump { return x }
      let place = u / jump * total
      return place < toTarget
        ? target : sourceLetter((place - toTarget) / toSource, but: x)
    }
  }

  /// A letter of the source from a uniform variate, any but one.
  private func sourceLetter(_ u: Double, but x: UInt16?) -> UInt16 {
    if path.source == .mask { return space.mask }
    guard let x else { return UInt16(min(Int(u * Double(space.letters)), space.letters - 1)) }
    let letter = UInt16(min(Int(u * Double(space.letters - 1)), space.letters - 2))
    return letter < x ? letter : letter + 1
  }

  /// The probabilities of all states of a position after the step, from the posterior of its letter.
  func distribution(from x: UInt16, _ p: ArraySlice<Double>) -> [Double] {
    let states = path.states(space)
    var result = [Double](repeating: 0, count: states)
    let own = path.sourceProbability(x, space)
    for (letter, share) in zip(UInt16(0)..., p) where share > 0 {
      let toTarget = rule == .exact ? draw : letter == x ? 0 : draw
      let toSource = rule == .exact ? back : back * (1 - own)
      let total = toTarget + toSource
      let scale = rule == .exact ? 1 : total > 0 ? -expm1(-total) / total : 0
      result[Int(letter)] += share * scale * toTarget
      result[Int(x)] += share * (1 - scale * total)
      for state in 0..<UInt16(states) where rule == .exact || state != x {
        let weight = path.sourceProbability(state, space) / (rule == .exact ? 1 : 1 - own)
        if weight > 0 { result[Int(state)] += share * scale * toSource * weight }
      }
    }
    return result
  }
}
