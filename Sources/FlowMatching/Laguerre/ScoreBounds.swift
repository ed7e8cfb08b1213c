/// Upper bounds of ⟨x, yᵢ⟩ + hᵢ over groups of cells that are near each other.
///
/// With any x_g, ⟨x, yᵢ⟩ + hᵢ = ⟨x, c⟩ + ⟨x − x_g, yᵢ − c⟩ + (⟨x_g, yᵢ − c⟩ + hᵢ), so that no score of a group is
/// above ⟨x, c⟩ + |x − x_g|R + m, where R is how far its points are from their middle c and m the greatest of the
/// last terms. It is tight where x_g is the place of the source from which the group's cells draw: of data that
/// are spread as N(0, I) is, c itself.
struct ScoreBounds: Sendable, Hashable {
  /// Blocks of eight cells in a group.
  private static let size = 2
  /// Bounds are exact but for rounding.
  private static let slack = 1e-9

  private let dimension, groupCount, blockCount: Int
  /// c of eight groups a block, a row for each coordinate; R, and the greatest last term.
  private var centres, places: [SIMD8<Double>]
  private var radii: [SIMD8<Double>]
  private var heights: [SIMD8<Double>]

  /// The bounds for `count` cells in blocks of eight; `update` completes them.
  init(_ blocks: [SIMD8<Double>], dimension: Int, count: Int) {
    self.dimension = dimension
    blockCount = (count + 7) / 8
    groupCount = (blockCount + ScoreBounds.size - 1) / ScoreBounds.size
    let rows = (groupCount + 7) / 8
    centres = [SIMD8<Double>](repeating: SIMD8(), count: dimension * rows)
    radii = [SIMD8<Double>](repeating: SIMD8(), count: rows)
    heights = [SIMD8<Double>](repeating: SIMD8(repeating: -.infinity), count: rows)
    places = centres
    for group in 0..<groupCount {
      let cells = 8 * ScoreBounds.size * group..<min(count, 8 * ScoreBounds.size * (group + 1))
      for k in 0..<dimension {
        let sum = cells.reduce(0) { $0 + blocks[k * blockCount + $1 / 8][$1 % 8] }
        centres[k * rows + group / 8][group % 8] = sum / Double(cells.count)
      }
      var most = 0.0
      for cell in cells {
        let square = (0..<dimension).reduce(0.0) { sum, k in
          let away =
            blocks[k * blockCount + cell / 8][cell % 8] - centres[k * rows + group / 8][group % 8]
          return sum + away * away
        }
        most = max(most, square)
      }
      radii[group / 8][group % 8] = most.squareRoot() * (1 + ScoreBounds.slack)
    }
    places = centres
  }

  /// The blocks of cells of a group.
  func blocks(of group: Int) -> Range<Int> {
    ScoreBounds.size * group..<min(blockCount, ScoreBounds.size * (group + 1))
  }

  /// Takes new hᵢ.
  mutating func update(_ blocks: [SIMD8<Double>], _ offsets: [SIMD8<Double>]) {
    let rows = radii.count
    for group in 0..<groupCount {
      var greatest = SIMD8<Double>(repeating: -.infinity)
      for block in self.blocks(of: group) {
        var sum = offsets[block]
        for k in 0..<dimension {
          let (centre, place) = (
            centres[k * rows + group / 8][group % 8], places[k * rows + group / 8][group % 8]
          )
          sum += place * (blocks[k * blockCount + block] - centre)
        }
        greatest = pointwiseMax(greatest, sum)
      }
      let most = greatest.max()
      heights[group / 8][group % 8] = most + ScoreBounds.slack * (1 + abs(most))
    }
  }

  /// The bounds of all groups at a point, eight together; the group with the greatest.
  func evaluate(at point: [Double], into room: inout [SIMD8<Double>]) -> Int {
    let rows = radii.count
    if room.count != rows { room = radii }
    var (best, first) = (-Double.infinity, 0)
    for row in 0..<rows {
      var (sum, square) = (heights[row], SIMD8<Double>())
      for k in 0..<dimension {
        let index = k * rows + row
        sum += point[k] * centres[index]
        let away = point[k] - places[index]
        square += away * away
      }
      let bound = sum + radii[row] * square.squareRoot()
      room[row] = bound
      let value = bound.max()
      if value > best {
        best = value
        for lane in 0..<8 where bound[lane] == value { first = 8 * row + lane }
      }
    }
    return first
  }
}

/// An order of points in which those that are near each other stand together.
enum SpatialOrder {
  /// The indices of `d×n` points, halved again and again along their longest side down to blocks of eight.
  static func of(_ points: Batch) -> [Int] {
    var order = Array(0..<points.count)
    sort(&order, 0..<points.count, points)
    return order
  }

  private static func sort(_ order: inout [Int], _ range: Range<Int>, _ points: Batch) {
    guard range.count > 8 else { return }
    var (axis, longest) = (0, -Double.infinity)
    for k in 0..<points.dimension {
      var (low, high) = (Double.infinity, -Double.infinity)
      for place in range {
        low = min(low, points[k, order[place]])
        high = max(high, points[k, order[place]])
      }
      if high - low > longest { (axis, longest) = (k, high - low) }
    }
    let sorted = order[range].sorted { (points[axis, $0], $0) < (points[axis, $1], $1) }
    order.replaceSubrange(range, with: sorted)
    // Whole blocks on the left, so that no block straddles two parts.
    let middle = range.lowerBound + (range.count / 2 + 7) / 8 * 8
    sort(&order, range.lowerBound..<middle, points)
    sort(&order, middle..<range.upperBound, points)
  }
}
