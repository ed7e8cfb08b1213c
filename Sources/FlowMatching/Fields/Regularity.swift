/// How smooth a field is, how exact its values, and where its points lie: what a solver has to know of
/// it.
///
/// A field made of another declares the other's, in its own time.
public struct Regularity: Sendable {
  /// The times within (0, 1) at which u_t(x) has no derivative by t, or as good as none: solvers step
  /// to them, since over one a method of any order has no more than order 1 or 2.
  public var kinks: [Double]
  /// Whether values are computed in Float, whose rounding no error estimate can undercut.
  public var isRounded: Bool
  /// Whether ∂u/∂x is continuous; a network's of SELU or ReLU jumps, unseen between two evaluations.
  public var isSmooth: Bool
  /// The curved space to which solvers bring back every stage and step; nil for a flat one. A state may
  /// have further rows behind its coordinates.
  public var space: (any Space)?

  /// A smooth field in Double unless something else is said.
  public init(
    kinks: [Double] = [], isRounded: Bool = false, isSmooth: Bool = true,
    space: (any Space)? = nil
  ) {
    self.kinks = kinks
    self.isRounded = isRounded
    self.isSmooth = isSmooth
    self.space = space
  }

  /// The same in another time, into which `time` carries that of the field.
  func inTime(_ time: (Double) -> Double) -> Regularity {
    var regularity = self
    regularity.kinks = kinks.map(time)
    return regularity
  }

  /// The same with more kinks.
  func adding(_ more: [Double]) -> Regularity {
    var regularity = self
    regularity.kinks += more
    return regularity
  }
}
