import FlowMatching

/// What a person chooses for one lane: the solver and how finely it steps.
public struct LaneSettings: Codable, Sendable, Hashable {
  /// The method, as its name in `ButcherTableau.all`.
  public var solverName: String
  /// Steps over [0, 1] of a fixed-step method, 1…256.
  public var steps: Int
  /// Relative and absolute tolerance of an adaptive method, as a power of ten, −9…−1.
  public var toleranceExponent: Int

  public init(_ solver: ButcherTableau, steps: Int = 20, toleranceExponent: Int = -3) {
    solverName = solver.name
    self.steps = steps
    self.toleranceExponent = toleranceExponent
  }

  /// The method itself.
  public var solver: ButcherTableau {
    ButcherTableau.all.first { $0.name == solverName } ?? .midpoint
  }

  /// Whether the method chooses its own steps.
  public var isAdaptive: Bool { solver.hasErrorEstimate }

  /// The tolerance 10^`toleranceExponent`.
  public var tolerance: Double {
    (0..<(-toleranceExponent)).reduce(1.0) { value, _ in value / 10 }
  }

  /// The power of ten nearest to a tolerance between 1e-9 and 1e-1.
  public static func exponent(of tolerance: Double) -> Int {
    var exponent = -1
    var power = 0.1
    while exponent > -9, tolerance < power / 3.1622776601683795 {
      exponent -= 1
      power /= 10
    }
    return exponent
  }

  /// How the integrator is to step.
  public var control: StepControl {
    isAdaptive
      ? .adaptive(relative: tolerance, absolute: tolerance) : .fixed(steps: steps)
  }

  /// The solver's short name, “Euler”.
  public var title: String { solver.title }

  /// “8 steps”, or “tol 1e-3”.
  public var detail: String {
    isAdaptive ? "tol 1e\(toleranceExponent)" : steps == 1 ? "1 step" : "\(steps) steps"
  }

  /// “Euler 64”, or “Dormand–Prince 1e-3”.
  public var short: String {
    isAdaptive ? "\(title) 1e\(toleranceExponent)" : "\(title) \(steps)"
  }

  /// The next or previous method of the catalogue.
  mutating func cycleSolver(by offset: Int) {
    let names = ButcherTableau.all.map(\.name)
    let index = names.firstIndex(of: solverName) ?? 0
    solverName = names[(index + offset + names.count) % names.count]
  }

  /// Doubles (`finer`) or halves the work: the next power of two of steps, or a decade of tolerance.
  mutating func refine(_ finer: Bool) {
    if isAdaptive {
      toleranceExponent = min(-1, max(-9, toleranceExponent + (finer ? -1 : 1)))
      return
    }
    var power = 1
    if finer {
      while power <= steps { power *= 2 }
    } else {
      while power * 2 < steps { power *= 2 }
    }
    steps = min(256, max(1, power))
  }
}
