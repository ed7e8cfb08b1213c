/// How smooth a field is, and how exact its values: what a solver has to know of it.
///
/// A field made of another declares the other's, in its own time.
public struct Regularity: Sendable, Hashable {
  /// The times within (0, 1) at which u_t(x) has no derivative by t, or as good as none: solvers step
  /// to them, since over one a method of any order has no more than order 1 or 2.
  public var kinks: [Double]
  /// Whether values are computed in Float, whose rounding no error estimate can undercut.
  public var isRounded: Bool
  /// Whether ∂u/∂x is continuous; a network's of SELU or ReLU jumps, unseen between two evaluations.
  public var isSmooth: Bool

  /// A smooth field in Double unless something else is said.
  public init(kinks: [Double] = [], isRounded: Bool = false, isSmooth: Bool = true) {
    self.kinks = kinks
    self.isRounded = isRounded
    self.isSmooth = isSmooth
  }

  /// The same in another time, into which `time` carries that of the field.
  func inTime(_ time: (Double) -> Double) -> Regularity {
    Regularity(kinks: kinks.map(time), isRounded: isRounded, isSmooth: isSmooth)
  }

  /// The same with more kinks.
  func adding(_ more: [Double]) -> Regularity {
    Regularity(kinks: kinks + more, isRounded: isRounded, isSmooth: isSmooth)
  }
}
