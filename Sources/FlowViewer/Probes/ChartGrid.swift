import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Places all over the chart of a curved space at which something is sampled, whatever part of it is seen:
/// a body may turn without anything being sampled anew.
struct ChartGrid: Sendable, Hashable {
  /// Samples in a row, and rows of them.
  let columns, rows: Int
  private let isRound: Bool

  /// A grid of so many rows, twice as many columns where the chart is of a sphere.
  init(_ space: any PicturedSpace, rows: Int) {
    isRound = space.hasPoles
    self.rows = rows
    columns = isRound ? 2 * rows : rows
  }

  /// The number of samples.
  var count: Int { columns * rows }

  /// The samples, row after row, `c×n`.
  func points(on space: any PicturedSpace) -> Batch {
    Batch(
      points: (0..<count).map {
        space.point(
          u: (Double($0 % columns) + 0.5) / Double(columns),
          v: (Double($0 / columns) + 0.5) / Double(rows))
      })
  }

  /// The area that each sample of a row stands for.
  func area(ofRow row: Int, on space: any PicturedSpace) -> Double {
    let share =
      isRound
      ? (cos(.pi * Double(row) / Double(rows)) - cos(.pi * Double(row + 1) / Double(rows))) / 2
      : 1 / Double(rows)
    return space.area * share / Double(columns)
  }

  /// The value at a place of the chart, bilinear between samples; around in the first coordinate, and on
  /// a torus in the second.
  func value(_ values: [Float], _ place: SIMD2<Double>) -> Float {
    let x = place.x * Double(columns) - 0.5
    let y = place.y * Double(rows) - 0.5
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (fx, fy) = (Float(x - left), Float(y - top))
    func sample(_ column: Int, _ row: Int) -> Float {
      let row = isRound ? min(rows - 1, max(0, row)) : (row % rows + rows) % rows
      return values[row * columns + (column % columns + columns) % columns]
    }
    let (i, j) = (Int(left), Int(top))
    let upper = sample(i, j) * (1 - fx) + sample(i + 1, j) * fx
    let lower = sample(i, j + 1) * (1 - fx) + sample(i + 1, j + 1) * fx
    return upper * (1 - fy) + lower * fy
  }
}
