import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cells of nearly one size all over a surface, and which of them are near each other: by these points
/// are counted on the surface itself, in a time that hardly depends on how many there are.
///
/// Places are given by a chart, both coordinates in 0 ..< 1: turns of longitude and half turns from the
/// north pole, or turns of both angles.
public struct SurfaceGrid: Sendable {
  /// What is covered with cells.
  public enum Surface: Sendable {
    case sphere, torus
  }

  /// The cells of each row of the chart, and the first cell of each row.
  private let columns, starts: [Int]
  /// The neighbours of each cell with the weight of a count there, so that the mean of uniform points is
  /// 1.
  private var near = SparseSums()

  /// The number of cells.
  public var count: Int { starts[starts.count - 1] }

  /// Cells in so many rows; near is what is within some of the `radii`, in radians, each of which weighs
  /// the same.
  public init(_ surface: Surface, rows: Int, radii: [Double]) {
    precondition(rows > 3 && !radii.isEmpty, "a grid has rows and looks at some distance")
    columns = (0..<rows).map { row in
      let middle = Double.pi * (Double(row) + 0.5) / Double(rows)
      return surface == .sphere ? max(3, Int(2 * Double(rows) * sin(middle) + 0.5)) : rows
    }
    var starts = [0]
    for count in columns { starts.append(starts[starts.count - 1] + count) }
    self.starts = starts
    let side = (surface == .sphere ? Double.pi : 2 * .pi) / Double(rows)
    let reach = (radii.max() ?? 0) + side / 2
    for row in 0..<rows {
      for column in 0..<columns[row] {
        let middle = (Double(column) + 0.5) / Double(columns[row])
        add(
          surface == .sphere
            ? onSphere(row, middle, reach: reach) : onTorus(row, middle, reach: reach),
          radii: radii, side: side)
      }
    }
  }

  /// A cell near another one.
  private struct Neighbour {
    let cell: Int
    let distance: Double
  }

  private mutating func add(_ near: [Neighbour], radii: [Double], side: Double) {
    // A cell that a circle cuts counts in part.
    func part(_ radius: Double, _ distance: Double) -> Double {
      min(1, max(0, (radius + side / 2 - distance) / side))
    }
    let sums = radii.map { radius in near.reduce(0) { $0 + part(radius, $1.distance) } }
    let scale = Double(count) / Double(radii.count)
    var (cells, weights): ([Int], [Float]) = ([], [])
    for other in near {
      var weight = 0.0
      for (radius, sum) in zip(radii, sums) { weight += part(radius, other.distance) / sum }
      guard weight > 0 else { continue }
      cells.append(other.cell)
      weights.append(Float(weight * scale))
    }
    self.near.append(cells, weights: weights)
  }

  private func onSphere(_ row: Int, _ u: Double, reach: Double) -> [Neighbour] {
    let side = Double.pi / Double(columns.count)
    let span = Int(reach / side) + 1
    let down = side * (Double(row) + 0.5)
    var found: [Neighbour] = []
    for other in max(0, row - span)...min(columns.count - 1, row + span) {
      let below = side * (Double(other) + 0.5)
      let (level, across) = (cos(down) * cos(below), sin(down) * sin(below))
      let width = (cos(reach) - level) / across
      guard width < 1 else { continue }
      let half = width <= -1 ? 0.5 : acos(width) / (2 * .pi)
      for column in SurfaceGrid.range(u, half, columns[other]) {
        let place = (Double(column) + 0.5) / Double(columns[other])
        let cosine = level + across * cos(2 * .pi * (place - u))
        found.append(
          Neighbour(
            cell: starts[other] + SurfaceGrid.remainder(column, columns[other]),
            distance: acos(min(1, max(-1, cosine)))))
      }
    }
    return found
  }

  private func onTorus(_ row: Int, _ u: Double, reach: Double) -> [Neighbour] {
    let rows = columns.count
    let side = 2 * Double.pi / Double(rows)
    let span = Int(reach / side) + 1
    var found: [Neighbour] = []
    for other in row - span...row + span {
      let wrapped = SurfaceGrid.remainder(other, rows)
      for column in SurfaceGrid.range(u, reach / (2 * .pi), columns[wrapped]) {
        let across = (Double(column) + 0.5) / Double(columns[wrapped]) - u
        let along = Double(other - row) * side
        let distance = (4 * .pi * .pi * across * across + along * along).squareRoot()
        guard distance < reach else { continue }
        found.append(
          Neighbour(
            cell: starts[wrapped] + SurfaceGrid.remainder(column, columns[wrapped]),
            distance: distance))
      }
    }
    return found
  }

  /// The columns whose middles are at most so many turns from a place, none twice.
  private static func range(_ u: Double, _ half: Double, _ count: Int) -> Range<Int> {
    // Moved around once, so that what is cut off is cut towards 0.
    let first = Int((u - half + 1) * Double(count) - 0.5) + 1 - count
    let last = Int((u + half + 1) * Double(count) - 0.5) - count
    return first..<max(first, min(last + 1, first + count))
  }

  private static func remainder(_ k: Int, _ count: Int) -> Int { (k % count + count) % count }

  /// The cell of a place of the chart.
  public func cell(_ place: SIMD2<Double>) -> Int {
    let rows = columns.count
    let row = min(rows - 1, max(0, Int(place.y * Double(rows))))
    let column = Int(place.x * Double(columns[row]))
    return starts[row] + min(columns[row] - 1, max(0, column))
  }

  /// The cells of places of the chart; below 0 where one is not finite.
  public func cells(of places: [SIMD2<Double>]) -> [Int32] {
    places.map { $0.x.isFinite && $0.y.isFinite ? Int32(cell($0)) : -1 }
  }

  /// The density around every cell in units of uniform, of points at places of the chart; those that are
  /// not finite are left out.
  public func density(_ places: [SIMD2<Double>]) -> [Float] { density(cells: cells(of: places)) }

  /// The same of points in known cells, where those below 0 are none.
  public func density(cells: [Int32]) -> [Float] {
    var counts = [Float](repeating: 0, count: count)
    var known = 0
    for cell in cells where cell >= 0 {
      counts[Int(cell)] += 1
      known += 1
    }
    return near.sums(of: counts, scale: known > 0 ? 1 / Float(known) : 0)
  }
}
