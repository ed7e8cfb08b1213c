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
  /// The residual is to be no larger, or for a negative control larger.
  public let bound: Double
  /// The bound for a given field, which may compute in Float32; nil where the identity is about
  /// exact fields only.
  public let fieldBound: Double?
  /// Whether this is a negative control.
  public let isControl: Bool
  /// The coefficients of the formula's terms, all of them in one place.
  let coefficients: [Double]
  private let measure: @Sendable (TheorySetting, [Double]) -> Double

  /// A check; `measure` gives the residual for a setting and the coefficients.
  init(
    _ number: Int, _ name: String, _ equation: String, bound: Double, fieldBound: Double? = nil,
    isControl: Bool = false, coefficients: [Double],
    measure: @escaping @Sendable (TheorySetting, [Double]) -> Double
  ) {
    self.number = number
    self.name = name
    self.equation = equation
    self.bound = bound
    self.fieldBound = fieldBound
    self.isControl = isControl
    self.coefficients = coefficients
    self.measure = measure
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
    setting.isExact || fieldBound != nil
  }

  /// The residual and what it means; the same for the same setting, another for another seed.
  public func verdict(in setting: TheorySetting) -> TheoryVerdict {
    verdict(in: setting, coefficients: coefficients)
  }

  /// The verdict had the formula other coefficients, by which tests see that each of them matters.
  func verdict(in setting: TheorySetting, coefficients: [Double]) -> TheoryVerdict {
    let bound = setting.isExact ? bound : fieldBound ?? bound
    let residual = measure(setting, coefficients)
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
