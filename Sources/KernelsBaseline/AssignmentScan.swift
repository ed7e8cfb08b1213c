import CKernels

/// What a row found: its smallest entry, where, and the second smallest (+∞ for one column).
struct LeastTwo {
  let column: Int
  let least: Double
  let second: Double
}

extension AssignmentColumns {
  /// The two smallest entries of row r = −2a, looking first into block `hint`.
  @inline(__always)
  func leastTwo(_ row: Doubles, hint: Int) -> LeastTwo {
    dimension == 2 ? leastTwo(row, hint, d: 2) : leastTwo(row, hint, d: dimension)
  }

  @inline(__always)
  private func leastTwo(_ row: Doubles, _ hint: Int, d: Int) -> LeastTwo {
    var search = LeastTwoSearch()
    let leastOfHint = search.look(into: self, hint, row, d: d)
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
  private var best = Lanes(repeating: .infinity)
  private var second = Lanes(repeating: .infinity)
  private var place = Lanes(repeating: 0)
  /// The smallest entry, and a value that the second smallest does not exceed.
  private var smallest = Double.infinity
  private(set) var bound = Double.infinity

  /// Returns the smallest entry of the block.
  @inline(__always)
  mutating func look(
    into columns: AssignmentColumns, _ block: Int, _ row: Doubles, d: Int
  ) -> Double {
    var blockBest = Lanes(repeating: .infinity)
    var blockPlace = laneNumbers
    for v in 0..<AssignmentColumns.blockVectors {
      let j = block &* AssignmentColumns.blockSize &+ 8 &* v
      let values = columns.entries(j, row, d: d)
      second = lanes_min(second, lanes_max(blockBest, values))
      let places = laneNumbers + Lanes(repeating: Double(j))
      blockPlace = lanes_where_less(values, blockBest, places, blockPlace)
      blockBest = lanes_min(blockBest, values)
    }
    second = lanes_min(second, lanes_max(best, blockBest))
    place = lanes_where_less(blockBest, best, blockPlace, place)
    best = lanes_min(best, blockBest)
    // Two columns of the block, or one of it and one of another: the second smallest is at most the
    // greater of any two.
    let pair = lanes_least_pair(blockBest)
    let (low, high) = pair.x < pair.y ? (pair.x, pair.y) : (pair.y, pair.x)
    let across = smallest < low ? low : smallest
    let least = high < across ? high : across
    bound = least < bound ? least : bound
    smallest = low < smallest ? low : smallest
    return low
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
        column: Int(column), least: smallest, second: isShared ? smallest : others)
    }
  }
}
