import CKernels

/// The columns of an assignment problem on squared distances, laid out for scanning.
///
/// With |a − b|² = |a|² + |b|² − 2a·b, row i needs of column j only the entry w_j + r·b_j, where
/// r = −2a_i and the key w_j = |b_j|² + p_j holds the column's price. The n×n costs are never stored.
///
/// Columns lie in blocks of neighbours (the leaves of a k-d tree), and a row looks only into blocks
/// that can matter. A block remembers the last row s that looked into it and the least entry m that
/// this row found. Keys never fall, so for another row r no entry is below
///
///     m + min over the block's box of (r − s)·b = m + (r − s)·c − |r − s|·h
///
/// with c the box's centre and h its half-widths: exact but for the second order of the block's size.
struct AssignmentColumns {
  static let blockVectors = 4
  static let blockSize = 8 * blockVectors

  let dimension: Int
  let count: Int
  /// The numbers of columns and blocks with padding, whose keys are +∞.
  let paddedCount: Int
  let paddedBlocks: Int
  /// w, and behind it the coordinates, a row each.
  let keys: Doubles
  let coordinates: Doubles
  /// |b|², so that a price is w − |b|².
  let squares: Doubles
  /// The column of the caller's numbering at each place.
  let order: Indices
  /// Of each block: m, then d rows each of s, c and h.
  let leastSeen: Doubles
  let lastRow: Doubles
  let centre: Doubles
  let halfWidth: Doubles

  init(dimension: Int, count: Int, _ arena: inout Arena) {
    self.dimension = dimension
    self.count = count
    let blocks = (count + Self.blockSize - 1) / Self.blockSize
    paddedBlocks = (blocks + 7) & ~7
    paddedCount = paddedBlocks * Self.blockSize
    keys = arena.doubles(paddedCount)
    coordinates = arena.doubles(paddedCount * dimension)
    squares = arena.doubles(paddedCount)
    order = arena.indices(count)
    leastSeen = arena.doubles(paddedBlocks)
    lastRow = arena.doubles(paddedBlocks * dimension)
    centre = arena.doubles(paddedBlocks * dimension)
    halfWidth = arena.doubles(paddedBlocks * dimension)
  }

  /// Sorts the points into blocks, at prices of 0; coordinates count from `origin`.
  func fill(_ points: UnsafePointer<Double>, origin: Doubles) {
    for j in 0..<count { order[j] = Int32(j) }
    orderByNeighbourhood(order, 0, count, points, count, dimension, leafSize: Self.blockSize)
    for j in 0..<paddedCount { keys[j] = j < count ? 0 : .infinity }
    for k in 0..<dimension {
      let x = coordinates + k * paddedCount
      for j in 0..<count {
        x[j] = points[k * count + Int(order[j])] - origin[k]
        keys[j] += x[j] * x[j]
      }
      for j in count..<paddedCount { x[j] = x[count - 1] }
    }
    for j in 0..<paddedCount { squares[j] = keys[j] }
  }

  /// Begins the blocks' memories, for any finite keys: as if a row at each block's centre had looked.
  func beginBounds() {
    for b in 0..<paddedBlocks {
      var entries = Lanes(repeating: .infinity)
      for k in 0..<dimension {
        let x = coordinates + k * paddedCount + b * Self.blockSize
        var (low, high) = (x[0], x[0])
        for j in 1..<Self.blockSize {
          low = x[j] < low ? x[j] : low
          high = x[j] > high ? x[j] : high
        }
        centre[k * paddedBlocks + b] = 0.5 * (low + high)
        halfWidth[k * paddedBlocks + b] = 0.5 * (high - low)
        lastRow[k * paddedBlocks + b] = -(low + high)
      }
      for v in 0..<Self.blockVectors {
        let j = b * Self.blockSize + 8 * v
        var value = load(keys, j)
        for k in 0..<dimension {
          let s = Lanes(repeating: lastRow[k * paddedBlocks + b])
          value = multiplyAdd(s, load(coordinates, k * paddedCount + j), value)
        }
        entries = lanes_min(entries, value)
      }
      leastSeen[b] = least(entries)
    }
  }

  /// w_j + r·b_j, by the same operations in the same order as the scans.
  @inline(__always)
  func entry(_ j: Int, _ row: Doubles) -> Double {
    var value = keys[j]
    for k in 0..<dimension {
      value = multiplyAdd(row[k], coordinates[k * paddedCount + j], value)
    }
    return value
  }

  /// Eight entries of a row.
  @inline(__always)
  func entries(_ j: Int, _ row: Doubles, d: Int) -> Lanes {
    var value = load(keys, j)
    for k in 0..<d {
      let r = Lanes(repeating: row[k])
      value = multiplyAdd(r, load(coordinates, k &* paddedCount &+ j), value)
    }
    return value
  }

  /// What no entry of a row is below, for eight blocks.
  @inline(__always)
  func bounds(_ b: Int, _ row: Doubles, d: Int) -> Lanes {
    var value = load(leastSeen, b)
    for k in 0..<d {
      let offset = k &* paddedBlocks &+ b
      let change = Lanes(repeating: row[k]) - load(lastRow, offset)
      value = multiplyAdd(change, load(centre, offset), value)
      value = value - lanes_abs(change) * load(halfWidth, offset)
    }
    return value
  }

  /// Raises a column's price; as a vector, since a scan that loads it next would else have to wait
  /// for the store.
  @inline(__always)
  func raise(_ j: Int, by amount: Double) {
    let start = j & ~7
    let old = load(keys, start)
    store(lanes_where_bits(1 &<< UInt32(j & 7), old + amount, old), keys, start)
  }
}
