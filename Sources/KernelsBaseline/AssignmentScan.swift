import CKernels

/// What a row found: its smallest entry, where, and the second smallest (+∞ for one column).
struct LeastTwo {
  let column: Int
  let least: Double
  let second: Double
  /// The number of blocks that it looked into.
  let blocks: Int
}

extension AssignmentColumns {
  /// The two smallest entries of row r = −2a, looking first into block `hint`.
  @inline(__always)
  func leastTwo(_ row: Doubles, hint: Int) -> LeastTwo {
    dimension == 2 ? leastTwo(row, hint, d: 2) : leastTwo(row, hint, d: dimension)
  }

  @inline(__always)
  private func leastTwo(_ row: Doubles, _ hint: Int, d: Int) -> LeastTwo {
    var search = LeastTwoSearch(self, hint, row, d: d)
    let leastOfHint = search.smallest
    var b = 0
    while b < paddedBlocks {
      var values = bounds(b, row, d: d)
      let visited = lanes_less(values, Lanes(repeating: search.bound))
      var rest = visited
      if hint >= b && hint &- b < 8 {
        let bit = UInt32(1) &<< UInt32(hint &- b)
        rest &= ~bit
        values = lanes_where_bits(bit, Lanes(repeating: leastOfHint), values)
      }
      while rest != 0 {
        let block = b &+ rest.trailingZeroBitCount
        let value = search.look(into: self, block, row, d: d)
        values = lanes_where_bits(rest & (0 &- rest), Lanes(repeating: value), values)
        rest &= rest &- 1
      }
      if visited != 0 {
        store(lanes_where_bits(visited, values, load(leastSeen, b)), leastSeen, b)
        for k in 0..<d {
          let offset = k &* paddedBlocks &+ b
          let r = Lanes(repeating: row[k])
          store(lanes_where_bits(visited, r, load(lastRow, offset)), lastRow, offset)
        }
      }
      b &+= 8
    }
    return search.result
  }
}

/// The two smallest entries so far, lane by lane.
private struct LeastTwoSearch {
  private var best, second, place: Lanes
  /// The smallest entry, and a value that the second smallest does not exceed.
  private(set) var smallest, bound: Double
  private var blocks = 1

  /// A search that has looked into one block.
  @inline(__always)
  init(_ columns: AssignmentColumns, _ block: Int, _ row: Doubles, d: Int) {
    let found = BlockLeast(columns, block, row, d: d)
    (best, second, place) = (found.best, found.second, found.place)
    (smallest, bound) = (found.low, found.high)
  }

  /// Returns the smallest entry of the block.
  @inline(__always)
  mutating func look(
    into columns: AssignmentColumns, _ block: Int, _ row: Doubles, d: Int
  ) -> Double {
    let found = BlockLeast(columns, block, row, d: d)
    second = lanes_min(lanes_min(second, found.second), lanes_max(best, found.best))
    place = lanes_where_less(found.best, best, found.place, place)
    best = lanes_min(best, found.best)
    // Two columns of the block, or one of it and one of another: the second smallest is at most the
    // greater of any two.
    let across = smallest < found.low ? found.low : smallest
    let least = found.high < across ? found.high : across
    bound = least < bound ? least : bound
    smallest = found.low < smallest ? found.low : smallest
    blocks &+= 1
    return found.low
  }

  var result: LeastTwo {
    @inline(__always)
    get {
      let least8 = Lanes(repeating: smallest)
      let infinite = Lanes(repeating: .infinity)
      let column = least(lanes_where_equal(best, least8, place, infinite))
      let others = least(lanes_min(second, lanes_where_equal(best, least8, infinite, best)))
      let lanes = lanes_equal(best, least8)
      let isShared = lanes & (lanes &- 1) != 0
      return LeastTwo(
        column: Int(column), least: smallest, second: isShared ? smallest : others,
        blocks: blocks)
    }
  }
}

/// What a row finds in one block: the two smallest entries of each lane, and the columns of the smallest.
private struct BlockLeast {
  private(set) var best, second, place: Lanes
  /// The smallest entry, and one that the second smallest does not exceed.
  let low, high: Double

  @inline(__always)
  init(_ columns: AssignmentColumns, _ block: Int, _ row: Doubles, d: Int) {
    let start = block &* AssignmentColumns.blockSize
    best = columns.entries(start, row, d: d)
    second = Lanes(repeating: .infinity)
    place = laneNumbers
    for v in 1..<AssignmentColumns.blockVectors {
      let values = columns.entries(start &+ 8 &* v, row, d: d)
      second = lanes_min(second, lanes_max(best, values))
      // The numbers within a block are constants; its own is added once.
      let places = laneNumbers + Lanes(repeating: Double(8 &* v))
      place = lanes_where_less(values, best, places, place)
      best = lanes_min(best, values)
    }
    place += Lanes(repeating: Double(start))
    let pair = lanes_least_pair(best)
    (low, high) = pair.x < pair.y ? (pair.x, pair.y) : (pair.y, pair.x)
  }
}
