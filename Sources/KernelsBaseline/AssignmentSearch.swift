extension AssignmentSolver {
  /// Places every row that is still free by a shortest augmenting path; false where the trees' rows
  /// exceed the limit before that.
  mutating func augment(searchLimit: Int) -> Bool {
    var searched = 0
    var freeColumnCount = 0
    for j in 0..<columns.paddedCount {
      let isFree = j < n && rowOfColumn[j] < 0
      tree.penalty[j] = isFree ? 0 : .infinity
      if isFree {
        tree.freeColumns[freeColumnCount] = Int32(j)
        freeColumnCount += 1
      }
    }
    for index in 0..<freeCount {
      if searched > searchLimit { return false }
      let (place, size) = placeByShortestPath(Int(freeRows[index]), freeColumnCount)
      searched += size
      tree.penalty[Int(tree.freeColumns[place])] = .infinity
      freeColumnCount -= 1
      tree.freeColumns[place] = tree.freeColumns[freeColumnCount]
    }
    freeCount = 0
    return true
  }

  /// Dijkstra's search over reduced costs from a free row to the nearest free column, whose place
  /// among those is returned; pairs along the path change partners.
  private mutating func placeByShortestPath(_ start: Int, _ freeColumnCount: Int) -> (
    place: Int, treeSize: Int
  ) {
    var state = reachFreeColumn(from: start, freeColumnCount)
    tree.scannedShift[0] = 0
    columns.relax(row(start), shift: 0, tree, &state)
    var size = 0
    while true {
      let (column, distance) = columns.nearest(tree)
      // Among equals a free column ends the search.
      if distance >= state.reach { break }
      let row = row(Int(rowOfColumn[column]))
      tree.scanned[size] = Int32(column)
      tree.scannedDistance[size] = distance
      tree.scannedKey[size] = columns.keys[column]
      size += 1
      let shift = columns.entry(column, row) - distance
      tree.scannedShift[size] = shift
      columns.exclude(column, tree)
      columns.relax(row, shift: shift, tree, &state)
    }
    var place = 0
    while tree.distance[Int(tree.freeColumns[place])] != state.reach { place += 1 }
    for k in 0..<size { columns.keys[Int(tree.scanned[k])] = tree.scannedKey[k] }
    follow(to: Int(tree.freeColumns[place]), state.reach, size, start)
    for k in 0..<size {
      columns.keys[Int(tree.scanned[k])] += state.reach - tree.scannedDistance[k]
    }
    for k in 0..<state.touchedCount {
      let block = Int(tree.touched[k])
      tree.isTouched[block] = 0
      tree.blockLeast[block] = .infinity
    }
    blocksSeen &+= state.blocksSeen
    return (place, size)
  }

  /// Gives the start's cheapest free column its distance, beyond which no search need look.
  private func reachFreeColumn(from start: Int, _ freeColumnCount: Int) -> SearchState {
    var state = SearchState(reach: .infinity)
    var cheapest = Int(tree.freeColumns[0])
    for k in 0..<freeColumnCount {
      let column = Int(tree.freeColumns[k])
      let value = columns.entry(column, row(start))
      if value < state.reach { (state.reach, cheapest) = (value, column) }
    }
    let block = cheapest / AssignmentColumns.blockSize
    columns.touch(block, tree, &state)
    tree.distance[cheapest] = state.reach
    tree.blockLeast[block] = state.reach
    return state
  }

  /// Walks the path back from its end: the row before a column is the one of the tree at that time
  /// whose entry gave the column its distance.
  private func follow(to sink: Int, _ reach: Double, _ size: Int, _ start: Int) {
    var column = sink
    var distance = reach
    var limit = size
    while true {
      var best = 0
      var bestDefect = Double.infinity
      for index in 0...limit {
        let row = index == 0 ? start : treeRow(index)
        let value = columns.entry(column, self.row(row)) - tree.scannedShift[index]
        let defect = abs(value - distance)
        if defect < bestDefect {
          bestDefect = defect
          best = index
          if defect == 0 { break }
        }
      }
      if best == 0 {
        match(start, column)
        return
      }
      // The row leaves the column by which it came into the tree, which is next.
      let previous = Int(tree.scanned[best - 1])
      match(treeRow(best), column)
      column = previous
      distance = tree.scannedDistance[best - 1]
      limit = best - 1
    }
  }

  @inline(__always)
  private func treeRow(_ index: Int) -> Int { Int(rowOfColumn[Int(tree.scanned[index - 1])]) }
}
