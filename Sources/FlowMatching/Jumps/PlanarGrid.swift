#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A density in the plane that changes with time, p_t.
public protocol PlanarDensity: Sendable {
  /// log p_t of every point of a `2×n` batch.
  mutating func logDensity(_ points: Batch, at t: Double) -> [Double]
}

/// The density of an exact field of dimension 2.
public struct FieldDensity: PlanarDensity {
  private var field: any ExactField

  /// The density that the field moves.
  public init(_ field: any ExactField) {
    precondition(field.dimension == 2, "a density in the plane")
    self.field = field
  }

  public mutating func logDensity(_ points: Batch, at t: Double) -> [Double] {
    field.logDensity(points, at: .shared(t))
  }
}

/// A box of the plane that is cut into equal cells, on which probabilities are counted.
public struct PlanarGrid: Sendable, Hashable {
  /// The corner with the least coordinates.
  public let low: SIMD2<Double>
  /// The opposite corner.
  public let high: SIMD2<Double>
  /// Cells on a side.
  public let side: Int

  /// A grid of side² cells.
  public init(low: SIMD2<Double>, high: SIMD2<Double>, side: Int = 48) {
    precondition(side > 0 && low.x < high.x && low.y < high.y, "a box needs an inside")
    self.low = low
    self.high = high
    self.side = side
  }

  /// The smallest such box with all components of both ends and `deviations` standard deviations around
  /// them; for paths that are mixtures of their ends it holds all between.
  public init(
    covering ends: [GaussianMixture], deviations: Double = 4.5, side: Int = 48
  ) {
    var low = SIMD2(repeating: Double.infinity)
    var high = -low
    for mixture in ends {
      precondition(mixture.dimension == 2, "a mixture in the plane")
      for (mean, covariance) in zip(mixture.means, mixture.covariances) {
        for i in 0..<2 {
          let reach = deviations * covariance[3 * i].squareRoot()
          low[i] = min(low[i], mean[i] - reach)
          high[i] = max(high[i], mean[i] + reach)
        }
      }
    }
    self.init(low: low, high: high, side: side)
  }

  /// The smallest box with all points and the components of the mixtures, and a twentieth beyond.
  public init(
    covering points: Batch, and ends: [GaussianMixture], deviations: Double = 4.5, side: Int = 48
  ) {
    precondition(points.dimension == 2 && points.count > 1, "points of the plane")
    let box = PlanarGrid(covering: ends, deviations: deviations, side: side)
    var (low, high) = (box.low, box.high)
    for i in 0..<2 {
      let row = points.values[i * points.count..<(i + 1) * points.count]
      guard let least = row.min(), let most = row.max() else { continue }
      let margin = 0.05 * (most - least)
      low[i] = min(low[i], least - margin)
      high[i] = max(high[i], most + margin)
    }
    self.init(low: low, high: high, side: side)
  }

  /// The number of cells.
  public var count: Int { side * side }
  /// The sides of a cell.
  public var step: SIMD2<Double> { (high - low) / Double(side) }

  /// The cell of a point, row after row from `low`; the nearest one for a point outside, nil for one
  /// that is no longer finite.
  public func cell(_ x: Double, _ y: Double) -> Int? {
    guard x.isFinite && y.isFinite else { return nil }
    let place = (SIMD2(x, y) - low) / (high - low) * Double(side)
    let last = Double(side - 1)
    return Int(max(0, min(last, place.y))) * side + Int(max(0, min(last, place.x)))
  }

  /// The corner of a cell with the least coordinates.
  public func corner(_ cell: Int) -> SIMD2<Double> {
    low + step * SIMD2(Double(cell % side), Double(cell / side))
  }

  /// The probability of every cell at a time, the box having all: 3×3 Gauss–Legendre nodes a cell.
  public func probabilities(of density: inout some PlanarDensity, at t: Double) -> [Double] {
    var quadrature = CellQuadrature(self, at: t)
    while quadrature.probabilities == nil { _ = quadrature.advance(&density) }
    return quadrature.probabilities ?? []
  }

  /// The share of the points in every cell; points that are no longer finite are in none.
  public func shares(of points: Batch) -> [Double] {
    precondition(points.dimension == 2 && points.count > 0, "points of the plane")
    let n = points.count
    var shares = [Double](repeating: 0, count: count)
    for j in 0..<n {
      if let cell = cell(points.values[j], points.values[n + j]) { shares[cell] += 1 / Double(n) }
    }
    return shares
  }

  /// ½Σ|a − b|, the total variation of two lists of probabilities.
  public static func totalVariation(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "cells of one grid")
    return 0.5 * zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) }
  }
}

/// The probabilities of a grid's cells at a time, a node of every cell after another.
struct CellQuadrature: Sendable {
  /// The time.
  let t: Double
  /// The probabilities; nil until all nodes are done.
  private(set) var probabilities: [Double]?
  private let grid: PlanarGrid
  private var masses: [Double]
  private var node = 0
  private static let rule = GaussLegendre(3)

  init(_ grid: PlanarGrid, at t: Double) {
    (self.grid, self.t) = (grid, t)
    masses = [Double](repeating: 0, count: grid.count)
  }

  /// The density at one node of every cell; returns at how many places.
  mutating func advance(_ density: inout some PlanarDensity) -> Int {
    guard probabilities == nil else { return 0 }
    let (rule, n) = (CellQuadrature.rule, grid.count)
    let (a, b) = (node / 3, node % 3)
    var points = Batch(dimension: 2, count: n)
    let shift = grid.step * SIMD2(rule.nodes[a], rule.nodes[b])
    for cell in 0..<n {
      let point = grid.corner(cell) + shift
      points.values[cell] = point.x
      points.values[n + cell] = point.y
    }
    let weight = rule.weights[a] * rule.weights[b] * grid.step.x * grid.step.y
    let logs = density.logDensity(points, at: t)
    for cell in 0..<n { masses[cell] += weight * exp(logs[cell]) }
    node += 1
    if node == 9 {
      let total = masses.reduce(0, +)
      probabilities = masses.map { $0 / total }
    }
    return n
  }
}
