import CKernels

/// The tentative distances of a shortest-path search over the columns.
struct SearchTree {
  /// Of every column; +∞ where it was not reached, or is in the tree.
  let distance: Doubles
  /// 0 for a free column, +∞ for a matched one.
  let penalty: Doubles
  /// The least distance in each block.
  let blockLeast: Doubles
  /// The blocks that a search has written to, and a mark for each of them.
  let touched: Indices
  let isTouched: Indices
  /// Columns without a row.
  let freeColumns: Indices
  /// The columns of the tree in the order of their distance, with their distances, with their keys,
  /// and from the second on with the shifts of their rows.
  let scanned: Indices
  let scannedDistance: Doubles
  let scannedKey: Doubles
  let scannedShift: Doubles

  init(_ columns: AssignmentColumns, _ arena: inout Arena) {
    distance = arena.doubles(columns.paddedCount)
    penalty = arena.doubles(columns.paddedCount)
    blockLeast = arena.doubles(columns.paddedBlocks)
    touched = arena.indices(columns.paddedBlocks)
    isTouched = arena.indices(columns.paddedBlocks)
    freeColumns = arena.indices(columns.count)
    scanned = arena.indices(columns.count)
    scannedDistance = arena.doubles(columns.count)
    scannedKey = arena.doubles(columns.count)
    scannedShift = arena.doubles(columns.count + 1)
  }

  func begin(_ columns: AssignmentColumns) {
    for b in 0..<columns.paddedBlocks {
      blockLeast[b] = .infinity
      isTouched[b] = 0
    }
  }
}

/// How far a search has come.
struct SearchState {
  /// A free column's distance: nothing beyond matters.
  var reach: Double
  var touchedCount = 0
  /// The blocks that rows of the tree looked into.
  var blocksSeen = 0
}

extension AssignmentColumns {
  /// Lowers the distances to entry − shift where that is less, in blocks where it may be within
  /// reach.
  @inline(__always)
  func relax(_ row: Doubles, shift: Double, _ tree: SearchTree, _ state: inout SearchState) {
    if dimension == 2 {
      relax(row, shift, tree, &state, d: 2)
    } else {
      relax(row, shift, tree, &state, d: dimension)
    }
  }

  @inline(__always)
  private func relax(
    _ row: Doubles, _ shift: Double, _ tree: SearchTree, _ state: inout SearchState, d: Int
  ) {
    let shifts = Lanes(repeating: shift)
    var b = 0
    while b < paddedBlocks {
      var rest = lanes_less(bounds(b, row, d: d) - shifts, Lanes(repeating: state.reach))
      while rest != 0 {
        let block = b &+ rest.trailingZeroBitCount
        rest &= rest &- 1
        touch(block, tree, &state)
        state.blocksSeen &+= 1
        var blockLeast = Lanes(repeating: .infinity)
        var freeLeast = blockLeast
        for v in 0..<Self.blockVectors {
          let j = block &* Self.blockSize &+ 8 &* v
          let value = lanes_min(load(tree.distance, j), entries(j, row, d: d) - shifts)
          store(value, tree.distance, j)
          blockLeast = lanes_min(blockLeast, value)
          freeLeast = lanes_min(freeLeast, value + load(tree.penalty, j))
        }
        tree.blockLeast[block] = least(blockLeast)
        let nearest = least(freeLeast)
        state.reach = nearest < state.reach ? nearest : state.reach
      }
      b &+= 8
    }
  }

  /// Sees to it that the block's distances are those of this search.
  @inline(__always)
  func touch(_ block: Int, _ tree: SearchTree, _ state: inout SearchState) {
    if tree.isTouched[block] != 0 { return }
    tree.isTouched[block] = 1
    tree.touched[state.touchedCount] = Int32(block)
    state.touchedCount += 1
    for v in 0..<Self.blockVectors {
      store(Lanes(repeating: .infinity), tree.distance, block * Self.blockSize + 8 * v)
    }
  }

  /// The column of the least distance, which is finite.
  @inline(__always)
  func nearest(_ tree: SearchTree) -> (column: Int, distance: Double) {
    var best = load(tree.blockLeast, 0)
    var (numbers, place) = (laneNumbers, laneNumbers)
    var b = 8
    while b < paddedBlocks {
      numbers += Lanes(repeating: 8)
      let values = load(tree.blockLeast, b)
      place = lanes_where_less(values, best, numbers, place)
      best = lanes_min(best, values)
      b &+= 8
    }
    let smallest = least(best)
    let smallest8 = Lanes(repeating: smallest)
    let block = least(lanes_where_equal(best, smallest8, place, Lanes(repeating: .infinity)))
    var j = Int(block) &* Self.blockSize
    while true {
      let hits = lanes_equal(load(tree.distance, j), smallest8)
      if hits != 0 { return (j &+ hits.trailingZeroBitCount, smallest) }
      j &+= 8
    }
  }

  /// Takes a column out of the search.
  @inline(__always)
  func exclude(_ column: Int, _ tree: SearchTree) {
    keys[column] = .infinity
    tree.distance[column] = .infinity
    let block = column / Self.blockSize
    var value = Lanes(repeating: .infinity)
    for v in 0..<Self.blockVectors {
      value = lanes_min(value, load(tree.distance, block &* Self.blockSize &+ 8 &* v))
    }
    tree.blockLeast[block] = least(value)
  }
}
