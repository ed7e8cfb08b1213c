import FlowMatching
import Foundation

/// How well log p of all points is known.
struct Accuracy {
  /// What the errors are to be below, in nats; nil where the method has no estimate.
  let bound: Double?
  /// The greatest estimated error in nats; nil where a point has none, or none is to be had.
  private(set) var worst: Double?
  /// How many points are not known to be within the bound.
  private(set) var above = 0
  private var total = 0

  /// Of no points yet.
  init(_ method: LikelihoodMethod) {
    if case .within(let bound) = method { (self.bound, worst) = (bound, 0) } else { bound = nil }
  }

  /// Takes in the points of a chunk; what is known in closed form has no error to estimate.
  mutating func note(_ known: LikelihoodValues) {
    guard let bound, let more = known.count(above: bound) else { return }
    note(above: more, of: known.values.count, worst: known.worstError)
  }

  /// The same by the numbers.
  mutating func note(above more: Int, of count: Int, worst other: Double?) {
    above += more
    total += count
    worst = worst.flatMap { worst in other.map { max(worst, $0) } }
  }

  /// A line for people, if there is something to say.
  var text: String {
    guard total > 0, let bound else { return "" }
    let worst = worst.map { "\(Accuracy.short($0)) at most" } ?? "unknown of some"
    return "its error   \(worst), estimated; the bound is \(Accuracy.short(bound)) nats a point\n"
  }

  /// What is wrong, in one line; nil where every point is within the bound.
  func complaint(_ activation: Activation) -> String? {
    guard above > 0, let bound else { return nil }
    let worst = worst.map { "the worst by \(Accuracy.short($0))" } ?? "some not known at all"
    let reason =
      activation.hasContinuousDerivative
      ? "" : ": \(activation.title)'s derivative jumps at 0, and the divergence with it"
    return "flowscope: log p of \(above) of \(total) points is not known to "
      + "\(Accuracy.short(bound)) nats, \(worst)\(reason)"
  }

  /// Two digits: "0.001", "3.2e-05".
  static func short(_ value: Double) -> String { String(format: "%.2g", value) }
}
