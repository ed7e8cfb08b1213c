/// An identity of the theory, as something that a computer can see to hold or fail.
///
/// A negative control is a statement that is false: it passes when its residual exceeds its bound.
public struct TheoryCheck: Sendable {
  /// The number of the identity; several checks may share one.
  public let number: Int
  /// What it states, in words.
  public let name: String
  /// What it states, as a formula.
  public let equation: String
  /// The bound of what is no mean of random draws.
  private let fixedBound: Double?
  /// What rounding adds to the residual on an exact field for every unit that the data reach beyond the
  /// noise, as measured on clouds of mean 10³ and 10⁶.
  private let rounding: Double
  /// The bound for a given field, which may compute in Float32; nil where the identity is about
  /// exact fields only.
  public let fieldBound: Double?
  /// Whether this is a negative control.
  public let isControl: Bool
  /// Whether it is about how far conditional velocities are from their mean: one point has no such.
  let needsSpread: Bool
  /// The coefficients of the formula's terms, all of them in one place.
  let coefficients: [Double]
  private let measure: @Sendable (TheorySetting, [Double]) -> Measurement

  /// A residual, the number of its random draws, and by how much it may be off where the means at hand
  /// did not resolve it.
  struct Measurement {
    var residual: Double
    var draws = Double.infinity
    var uncertainty = 0.0
  }

  /// A check; `measure` gives the residual for a setting and the coefficients.
  init(
    _ number: Int, _ name: String, _ equation: String, bound: Double, rounding: Double = 0,
    fieldBound: Double? = nil, isControl: Bool = false, needsSpread: Bool = false,
    coefficients: [Double],
    measure: @escaping @Sendable (TheorySetting, [Double]) -> Double
  ) {
    self.init(
      number, name, equation, bound: bound, rounding: rounding, fieldBound: fieldBound,
      isControl: isControl, needsSpread: needsSpread, coefficients: coefficients,
      measurement: { Measurement(residual: measure($0, $1)) })
  }

  /// A check whose measurement knows how well it is resolved: its uncertainty widens the bound.
  init(
    _ number: Int, _ name: String, _ equation: String, bound: Double, rounding: Double = 0,
    fieldBound: Double? = nil, isControl: Bool = false, needsSpread: Bool = false,
    coefficients: [Double],
    measurement: @escaping @Sendable (TheorySetting, [Double]) -> Measurement
  ) {
    self.number = number
    self.name = name
    self.equation = equation
    fixedBound = bound
    self.rounding = rounding
    self.fieldBound = fieldBound
    self.isControl = isControl
    self.needsSpread = needsSpread
    self.coefficients = coefficients
    measure = measurement
  }

  /// A check by random draws of a quantity whose mean is 0, `draws`; its residual is that of the sample
  /// in standard errors, its bound that of `FalseAlarms` for all such checks together.
  init(
    _ number: Int, _ name: String, _ equation: String, needsSpread: Bool = false,
    coefficients: [Double],
    draws: @escaping @Sendable (TheorySetting, [Double]) -> [Double]
  ) {
    self.number = number
    self.name = name
    self.equation = equation
    fixedBound = nil
    rounding = 0
    fieldBound = nil
    isControl = false
    self.needsSpread = needsSpread
    self.coefficients = coefficients
    measure = { setting, coefficients in
      let values = draws(setting, coefficients)
      let estimate = Estimate(of: values)
      return Measurement(
        residual: abs(estimate.mean) / estimate.standardError, draws: Double(values.count))
    }
  }

  /// Whether its residual is one of random draws, in standard errors.
  var isRandom: Bool { fixedBound == nil }

  /// The residual is to be no larger, or for a negative control larger; for a check by random draws the
  /// bound of many.
  public var bound: Double { bound(draws: .infinity) }

  private func bound(draws: Double) -> Double {
    fixedBound ?? FalseAlarms.bound(checks: TheoryCheck.all.count(where: \.isRandom), draws: draws)
  }

  /// Every check, by its number.
  public static let all: [TheoryCheck] = [
    continuity, logDensity, conversions, posteriors, probabilityFlow, gradients, gradientNoise,
    lossDifference, bregmanGradients, absoluteLoss, reversedDivergence, energyBalance,
    energyOrder, gaussianGap, unitMass, changeOfVariables, volumeChange, trace, traceVariance,
    reversal, implicitInverse, gaussianFlow, optimalMap, rotatedScore, addedScore,
  ]

  /// Whether the check says something about the setting's field.
  public func applies(to setting: TheorySetting) -> Bool {
    (setting.isExact || fieldBound != nil) && !(needsSpread && setting.isOnePoint)
  }

  /// The residual and what it means; the same for the same setting, another for another seed.
  public func verdict(in setting: TheorySetting) -> TheoryVerdict {
    verdict(in: setting, coefficients: coefficients)
  }

  /// The verdict had the formula other coefficients, by which tests see that each of them matters.
  func verdict(in setting: TheorySetting, coefficients: [Double]) -> TheoryVerdict {
    let measured = measure(setting, coefficients)
    let residual = measured.residual
    let exactBound = bound(draws: measured.draws) + rounding * (setting.reach - 1)
    let bound = (setting.isExact ? exactBound : fieldBound ?? exactBound) + measured.uncertainty
    return TheoryVerdict(
      number: number, name: name, residual: residual, bound: bound, control: isControl,
      passes: isControl ? residual > bound : residual <= bound)
  }
}

/// What a check found.
public struct TheoryVerdict: Sendable, Hashable, Codable {
  /// The number of the identity.
  public let number: Int
  /// What it states, in words.
  public let name: String
  /// How far the two sides are apart; relative, absolute or in standard errors, as the check says.
  public let residual: Double
  /// The residual is to be no larger, or for a negative control larger.
  public let bound: Double
  /// Whether it is a negative control.
  public let control: Bool
  /// Whether the check passes; never where the residual is NaN.
  public let passes: Bool
}
