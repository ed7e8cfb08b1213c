/// A one-step method for dX = [u_t(X) + ½g²s_t(X)]dt + g(t) dW, and backwards in time for the drift
/// u − ½g²s.
///
/// The noise is additive, so that Itô's and Stratonovich's readings are one.
public protocol StochasticStepper: Sendable {
  /// The name on the command line.
  var name: String { get }
  /// The name on the screen.
  var title: String { get }
  /// The weak order: the error of means at a fixed time is O(hᵖ).
  var weakOrder: Int { get }
  /// Evaluations of the field per step.
  var evaluationsPerStep: Int { get }
  /// Where the method was published.
  var reference: String { get }

  /// Takes one step of size h, negative backwards, from `x` at time `t`, with increments ΔW ~ N(0, |h|I);
  /// all batches are `d×n`.
  mutating func step(
    _ field: inout any ScoreField, noise: NoiseSchedule, from x: Batch, at t: Double, by h: Double,
    increments: Batch, into next: inout Batch)
}

/// The stochastic methods.
public enum StochasticMethods {
  /// Every method, by rising order.
  public static let all: [any StochasticStepper] = [EulerMaruyama(), StochasticHeun()]

  /// The method of that name; throws `UnknownName`, which suggests the nearest.
  public static func named(_ name: String) throws(UnknownName) -> any StochasticStepper {
    guard let stepper = all.first(where: { $0.name == name }) else {
      throw UnknownName(kind: "stochastic solver", name: name, among: all.map(\.name))
    }
    return stepper
  }
}

/// The drift u + ½g²s, backwards u − ½g²s, with its scratch memory.
struct Drift: Sendable {
  private(set) var value = Batch(dimension: 1, count: 0)
  private var score = Batch(dimension: 1, count: 0)

  /// Fills `value` at the points; one evaluation of the field.
  mutating func evaluate(
    _ field: inout any ScoreField, _ x: Batch, at t: Double, noise: NoiseSchedule,
    isForward: Bool
  ) {
    if !value.hasShape(of: x) {
      value = Batch(dimension: x.dimension, count: x.count)
      score = value
    }
    let factor = (isForward ? 0.5 : -0.5) * noise(t) * noise(t)
    // Where there is no noise the score, which may be infinite, does not count.
    if factor == 0 {
      field.evaluate(x, at: .shared(t), into: &value)
      return
    }
    field.evaluate(x, at: .shared(t), into: &value, score: &score)
    for k in 0..<value.values.count { value.values[k] += factor * score.values[k] }
  }
}
