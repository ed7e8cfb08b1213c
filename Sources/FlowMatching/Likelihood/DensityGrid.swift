#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A resumable computation of a model's density p₁ at the cells of a grid in the plane, and of ∫p₁.
///
/// The flow is invertible, so ∫p₁ over the plane is 1 for every field: what is missing from 1 is mass
/// outside the grid, the grid's own coarseness, or an error of the solver. Work is cut as in
/// `Integrator`.
public struct DensityGrid: Sendable {
  /// What the grid covers.
  public let xRange, yRange: ClosedRange<Double>
  /// The number of cells in each direction.
  public let columns, rows: Int
  private var likelihood: LogLikelihood

  /// A computation that has not begun; densities are those of the cells' centres.
  public init(
    _ field: any DivergenceField, source: any DensityDistribution, x xRange: ClosedRange<Double>,
    y yRange: ClosedRange<Double>, columns: Int, rows: Int, _ tableau: ButcherTableau = .rk4,
    control: StepControl = .fixed(steps: 20), divergence: DivergenceMethod = .exact,
    random: Random = Random(seed: 0)
  ) {
    precondition(field.dimension == 2, "a grid lies in the plane")
    precondition(columns > 0 && rows > 0, "a grid needs a cell")
    precondition(
      xRange.lowerBound < xRange.upperBound && yRange.lowerBound < yRange.upperBound,
      "a grid needs an area")
    self.xRange = xRange
    self.yRange = yRange
    self.columns = columns
    self.rows = rows
    let centres = DensityGrid.centres(xRange, yRange, columns: columns, rows: rows)
    likelihood = LogLikelihood(
      field, of: centres, source: source, tableau, control: control, divergence: divergence,
      random: random)
  }

  /// The same with steps for each cell of its own, by a tolerance.
  public init(
    _ field: any DivergenceField, source: any DensityDistribution, x xRange: ClosedRange<Double>,
    y yRange: ClosedRange<Double>, columns: Int, rows: Int,
    _ tableau: ButcherTableau = .dormandPrince,
    tolerance: Double
  ) {
    self.init(
      field, source: source, x: xRange, y: yRange, columns: columns, rows: rows, tableau,
      control: .adaptive(relative: tolerance, absolute: tolerance))
    let centres = DensityGrid.centres(xRange, yRange, columns: columns, rows: rows)
    likelihood = LogLikelihood(
      field, of: centres, source: source, tableau, tolerance: tolerance,
      evaluationLimit: DensityGrid.evaluationLimit)
  }

  /// The most evaluations for a cell: one far from all data may be as stiff as it likes.
  private static let evaluationLimit = 4000

  /// The cells' centres, row after row from the lowest y.
  private static func centres(
    _ xRange: ClosedRange<Double>, _ yRange: ClosedRange<Double>, columns: Int, rows: Int
  ) -> Batch {
    var centres = Batch(dimension: 2, count: columns * rows)
    let width = (xRange.upperBound - xRange.lowerBound) / Double(columns)
    let height = (yRange.upperBound - yRange.lowerBound) / Double(rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let j = row * columns + column
        centres[0, j] = xRange.lowerBound + width * (Double(column) + 0.5)
        centres[1, j] = yRange.lowerBound + height * (Double(row) + 0.5)
      }
    }
    return centres
  }

  /// Where the computation stands.
  public var status: Integrator.Status { likelihood.status }

  /// How far it has got, from 0 to 1.
  public var progress: Double { likelihood.progress }

  /// Works for about `budget` evaluations at points, at least one unit; returns how many it spent.
  public mutating func advance(budget: Int) -> Int { likelihood.advance(budget: budget) }

  /// Runs to the end or to a failure.
  public mutating func finish() { likelihood.finish() }

  /// log p₁ in nats of the cells, row after row from the lowest y; nil unless finished.
  public var logDensity: [Double]? { likelihood.values }

  /// ∫p₁ over the grid by the midpoint rule; nil unless finished, NaN where a cell was lost.
  public var integral: Double? {
    let area =
      (xRange.upperBound - xRange.lowerBound) * (yRange.upperBound - yRange.lowerBound)
      / Double(columns * rows)
    return logDensity.map { $0.reduce(0) { $0 + exp($1) } * area }
  }

  /// A bound on the mass outside the grid where the source is N(0, I); nil where none is known.
  ///
  /// The flow carries the disc |x₀| < r, of mass 1 − e^(−r²/2), into the grid if it carries one of its
  /// points there and no point of the disc to the grid's edge: r is the least |x₀| of the outermost
  /// cells. As exact as these cells are close to each other; 1 where the disc is not inside.
  public var outsideBound: Double? {
    guard likelihood.source is StandardNormal, let noise = likelihood.noise else { return nil }
    var (edge, inside) = (Double.infinity, Double.infinity)
    for row in 0..<rows {
      for column in 0..<columns {
        let j = row * columns + column
        let square = noise[0, j] * noise[0, j] + noise[1, j] * noise[1, j]
        if !square.isFinite { return nil }
        let isEdge = row == 0 || row == rows - 1 || column == 0 || column == columns - 1
        if isEdge { edge = min(edge, square) } else { inside = min(inside, square) }
      }
    }
    return inside < edge ? exp(-0.5 * edge) : 1
  }
}
