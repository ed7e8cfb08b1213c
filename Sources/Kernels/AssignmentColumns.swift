/// The columns of an assignment problem on squared distances, laid out for scanning.
///
/// With |a − b|² = |a|² + |b|² − 2a·b, row i needs of column j only the key w_j − 2a_i·b_j, where
/// w_j = |b_j|² + p_j holds the column's price. A row's scan is then d multiply-adds an entry, and
/// the n×n costs are never stored. Columns are padded to whole vectors with keys of +∞.
struct AssignmentColumns {
  typealias Lanes = SIMD4<Double>
  /// Vectors in a block; a block's smallest entry is kept, so that finding where the minimum was
  /// means looking into one block.
  static let blockVectors = 16
  static let blockSize = blockVectors * Lanes.scalarCount

  let dimension: Int
  let count: Int
  let blocks: Int
  /// w, and behind it `dimension` rows of coordinates.
  private let storage: UnsafeMutablePointer<Lanes>
  /// The vectors of a row.
  private let vectors: Int
  /// The smallest entries of each block, lane by lane.
  private let blockLeast: UnsafeMutablePointer<Lanes>
  /// The tentative distances of a shortest-path search.
  private let distances: UnsafeMutablePointer<Lanes>

  init(dimension: Int, count: Int, points: UnsafePointer<Double>, origin: UnsafePointer<Double>) {
    self.dimension = dimension
    self.count = count
    blocks = (count + Self.blockSize - 1) / Self.blockSize
    vectors = blocks * Self.blockVectors
    storage = .allocate(capacity: vectors * (dimension + 1))
    storage.initialize(repeating: Lanes(repeating: 0), count: vectors * (dimension + 1))
    blockLeast = .allocate(capacity: blocks)
    blockLeast.initialize(repeating: Lanes(repeating: 0), count: blocks)
    distances = .allocate(capacity: vectors)
    distances.initialize(repeating: Lanes(repeating: .infinity), count: vectors)
    for j in 0..<(vectors * Lanes.scalarCount) { keys[j] = j < count ? 0 : .infinity }
    for k in 0..<dimension {
      for j in 0..<count {
        let value = points[k * count + j] - origin[k]
        coordinates(k)[j] = value
        keys[j] += value * value
      }
    }
  }

  func deallocate() {
    storage.deallocate()
    blockLeast.deallocate()
    distances.deallocate()
  }

  /// w, one entry a column.
  var keys: UnsafeMutablePointer<Double> { scalars(storage) }

  /// The distances, one entry a column.
  var distance: UnsafeMutablePointer<Double> { scalars(distances) }

  /// Coordinate `k` of every column.
  func coordinates(_ k: Int) -> UnsafeMutablePointer<Double> {
    scalars(storage + (k + 1) * vectors)
  }

  /// w_j − 2a·b_j, by the same operations in the same order as the scans.
  @inline(__always)
  func entry(_ j: Int, _ row: UnsafePointer<Double>) -> Double {
    var value = keys[j]
    for k in 0..<dimension { value += row[k] * coordinates(k)[j] }
    return value
  }

  /// A vector of entries of a row.
  @inline(__always)
  private func entries(_ v: Int, _ row: UnsafePointer<Double>, d: Int) -> Lanes {
    var value = storage[v]
    var k = 0
    while k < d {
      value += row[k] * storage[(k &+ 1) &* vectors &+ v]
      k &+= 1
    }
    return value
  }

  /// The smallest entry of a row, where it is, and the second smallest (+∞ for one column).
  ///
  /// `row` holds −2a.
  func leastTwo(_ row: UnsafePointer<Double>) -> (column: Int, least: Double, second: Double) {
    dimension == 2 ? leastTwo(row, d: 2) : leastTwo(row, d: dimension)
  }

  @inline(__always)
  private func leastTwo(
    _ row: UnsafePointer<Double>, d: Int
  ) -> (column: Int, least: Double, second: Double) {
    var best = Lanes(repeating: .infinity)
    var second = best
    for block in 0..<blocks {
      var least = Lanes(repeating: .infinity)
      for v in 0..<Self.blockVectors {
        let value = entries(block &* Self.blockVectors &+ v, row, d: d)
        second = smaller(second, larger(least, value))
        least = smaller(least, value)
      }
      second = smaller(second, larger(best, least))
      best = smaller(best, least)
      blockLeast[block] = least
    }
    let smallest = best.min()
    // Every lane but the best one's may hold the second smallest as its own best.
    var runnerUp = second.min()
    var isFound = false
    for lane in 0..<Lanes.scalarCount {
      if best[lane] == smallest && !isFound {
        isFound = true
      } else {
        runnerUp = min(runnerUp, best[lane])
      }
    }
    let start = firstBlock(of: smallest) * Self.blockSize
    var column = start
    while column < count - 1 && entry(column, row) != smallest { column += 1 }
    return (column, smallest, runnerUp)
  }

  /// Lowers the distances to entry − shift where that is less; the smallest and where it is.
  func relax(_ row: UnsafePointer<Double>, shift: Double) -> (column: Int, least: Double) {
    dimension == 2 ? relax(row, shift, d: 2) : relax(row, shift, d: dimension)
  }

  @inline(__always)
  private func relax(
    _ row: UnsafePointer<Double>, _ shift: Double, d: Int
  ) -> (column: Int, least: Double) {
    var best = Lanes(repeating: .infinity)
    for block in 0..<blocks {
      var least = Lanes(repeating: .infinity)
      for offset in 0..<Self.blockVectors {
        let v = block &* Self.blockVectors &+ offset
        let value = smaller(distances[v], entries(v, row, d: d) - shift)
        distances[v] = value
        least = smaller(least, value)
      }
      best = smaller(best, least)
      blockLeast[block] = least
    }
    let smallest = best.min()
    var column = firstBlock(of: smallest) * Self.blockSize
    while column < count - 1 && distance[column] != smallest { column += 1 }
    return (column, smallest)
  }

  /// Forgets all distances.
  func resetDistances() {
    for v in 0..<vectors { distances[v] = Lanes(repeating: .infinity) }
  }

  private func firstBlock(of smallest: Double) -> Int {
    for block in 0..<blocks where blockLeast[block].min() == smallest { return block }
    return 0
  }

  private func scalars(_ pointer: UnsafeMutablePointer<Lanes>) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Double.self)
  }
}

/// The smaller of two numbers in every lane, written out because it then becomes one instruction;
/// the library's `pointwiseMin` does not.
@inline(__always)
private func smaller(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
  SIMD4(
    b[0] < a[0] ? b[0] : a[0], b[1] < a[1] ? b[1] : a[1], b[2] < a[2] ? b[2] : a[2],
    b[3] < a[3] ? b[3] : a[3])
}

/// The larger of two numbers in every lane.
@inline(__always)
private func larger(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
  SIMD4(
    b[0] > a[0] ? b[0] : a[0], b[1] > a[1] ? b[1] : a[1], b[2] > a[2] ? b[2] : a[2],
    b[3] > a[3] ? b[3] : a[3])
}
