/// An explicit Runge–Kutta method as its table of coefficients.
///
/// k_i = u(t + c_i h, x + h Σ_{j<i} a_ij k_j), x⁺ = x + h Σ b_i k_i; with an embedded method also
/// the error estimate e = h Σ (b_i − b̂_i) k_i.
public struct ButcherTableau: Sendable, Hashable, Identifiable, CustomStringConvertible {
  /// The name on the command line, "rk4".
  public let name: String
  /// The name on the screen, "RK4".
  public let title: String
  /// The order of convergence p: the error at a fixed time is O(hᵖ).
  public let order: Int
  /// Row `i` holds a_i0 … a_i,i−1; the first row is empty.
  public let a: [[Double]]
  /// The weights b_i of the stages.
  public let b: [Double]
  /// The times c_i of the stages, as fractions of the step.
  public let c: [Double]
  /// b − b̂, the weights of the error estimate; nil for a method without an embedded one.
  public let bError: [Double]?
  /// The weights of a second, coarser estimate ê of a method that has two: its error is then
  /// e²/√(e² + 0.01ê²), by each coordinate (Hairer, Nørsett and Wanner, II.10, eq. 10.17).
  public let bCoarseError: [Double]?
  /// Where the method was published.
  public let reference: String

  /// A method from its coefficients; `bError` are the differences b − b̂.
  public init(
    name: String, title: String, order: Int, a: [[Double]], b: [Double], c: [Double],
    bError: [Double]? = nil, bCoarseError: [Double]? = nil,
    reference: String
  ) {
    precondition(!b.isEmpty && a.count == b.count && c.count == b.count, "a row for every stage")
    precondition(a.indices.allSatisfy { a[$0].count == $0 }, "the method must be explicit")
    for weights in [bError, bCoarseError] {
      precondition(weights == nil || weights!.count == b.count, "a weight for every stage")
    }
    self.name = name
    self.title = title
    self.order = order
    self.a = a
    self.b = b
    self.c = c
    self.bError = bError
    self.bCoarseError = bCoarseError
    self.reference = reference
    isFirstSameAsLast = b.count > 1 && c.last == 1 && b.last == 0 && a.last! == b.dropLast()
  }

  public var id: String { name }
  public var description: String { title }

  /// The number of stages, the row count of the table.
  public var stages: Int { b.count }

  /// Whether the last stage is evaluated at the new point, so that it is the next step's first.
  public let isFirstSameAsLast: Bool

  /// Whether the method estimates its error, which adaptive step sizes need.
  public var hasErrorEstimate: Bool { bError != nil }

  /// How often the field is evaluated for a step, the reused last stage not counted.
  public var evaluationsPerStep: Int { isFirstSameAsLast ? stages - 1 : stages }

  /// The method of that name; throws `UnknownName`, which suggests the nearest.
  public static func named(_ name: String) throws(UnknownName) -> ButcherTableau {
    guard let tableau = all.first(where: { $0.name == name }) else {
      throw UnknownName(kind: "solver", name: name, among: all.map(\.name))
    }
    return tableau
  }
}
