import FlowMatching

/// A field given by a formula for one point; counts how many points it was asked for.
struct FormulaField: VelocityField {
  let dimension: Int
  let formula: @Sendable (_ x: [Double], _ t: Double) -> [Double]
  private(set) var evaluations = 0
  private(set) var calls = 0

  init(dimension: Int, _ formula: @escaping @Sendable ([Double], Double) -> [Double]) {
    self.dimension = dimension
    self.formula = formula
  }

  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    calls += 1
    evaluations += x.count
    for j in 0..<x.count {
      for (i, value) in formula(x.point(j), t[j]).enumerated() { velocity[i, j] = value }
    }
  }
}

/// A field with its exact solution.
struct KnownProblem: Sendable {
  let name: String
  let start: [Double]
  let end: Double
  let field: FormulaField
  let solution: @Sendable (_ t: Double) -> [Double]

  static let all: [KnownProblem] = [rotation, logistic, gaussian]

  /// The same over longer ways or from larger values, for methods of high order.
  static let long: [KnownProblem] = [
    rotation.until(6), logistic.until(6), gaussian.until(2).scaled(1000),
  ]

  private func until(_ end: Double) -> KnownProblem {
    KnownProblem(name: name, start: start, end: end, field: field, solution: solution)
  }

  /// Of a linear problem: a multiple of its solution.
  private func scaled(_ factor: Double) -> KnownProblem {
    let solution = solution
    return KnownProblem(
      name: name, start: start.map { factor * $0 }, end: end, field: field,
      solution: { t in solution(t).map { factor * $0 } })
  }

  /// A quarter turn and more: x′ = (−y, x).
  static let rotation = KnownProblem(
    name: "rotation", start: [1, 0.5], end: 2,
    field: FormulaField(dimension: 2) { x, _ in [-x[1], x[0]] },
    solution: { t in
      [cosine(t) - 0.5 * sine(t), sine(t) + 0.5 * cosine(t)]
    })

  /// Non-linear: y′ = y(1 − y).
  static let logistic = KnownProblem(
    name: "logistic", start: [0.1], end: 3,
    field: FormulaField(dimension: 1) { x, _ in [x[0] * (1 - x[0])] },
    solution: { t in [0.1 / (0.1 + 0.9 * exponential(-t))] })

  /// Depends on the time: y′ = −2ty.
  static let gaussian = KnownProblem(
    name: "y′ = −2ty", start: [1.5], end: 1.5,
    field: FormulaField(dimension: 1) { x, t in [-2 * t * x[0]] },
    solution: { t in [1.5 * exponential(-t * t)] })

  /// The distance from the exact solution at the end, with fixed steps.
  func error(_ tableau: ButcherTableau, steps: Int) -> Double {
    var field: any VelocityField = field
    let knot = Integrator.solve(
      &field, tableau, control: .fixed(steps: steps), from: Batch(points: [start]), end: end)
    return distance(knot.x.point(0), solution(end))
  }
}

/// The Euclidean distance.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}
