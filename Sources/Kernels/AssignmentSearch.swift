extension AssignmentSolver {
  /// Places every row that is still free by a shortest augmenting path.
  mutating func augment() {
    var freeColumnCount = 0
    for j in 0..<n where rowOfColumn[j] < 0 {
      freeColumns[freeColumnCount] = j
      freeColumnCount += 1
    }
    for index in 0..<freeCount {
      let sink = placeByShortestPath(freeRows[index], freeColumnCount)
      for k in 0..<freeColumnCount where freeColumns[k] == sink {
        freeColumns[k] = freeColumns[freeColumnCount - 1]
        freeColumnCount -= 1
        break
      }
    }
    freeCount = 0
  }

  /// Dijkstra's search over reduced costs from a free row to the nearest free column, which is
  /// returned; pairs along the path change partners.
  private func placeByShortestPath(_ start: Int, _ freeColumnCount: Int) -> Int {
    columns.resetDistances()
    let keys = columns.keys
    var size = 0
    scannedShift[0] = 0
    var (column, least) = columns.relax(rows + start * d, shift: 0)
    while true {
      // Among equals a free column ends the search.
      if rowOfColumn[column] >= 0 {
        for k in 0..<freeColumnCount where columns.distance[freeColumns[k]] == least {
          column = freeColumns[k]
          break
        }
      }
      guard rowOfColumn[column] >= 0 else { break }
      let row = rowOfColumn[column]
      scanned[size] = column
      scannedDistance[size] = least
      scannedKey[size] = keys[column]
      size += 1
      let shift = columns.entry(column, rows + row * d) - least
      scannedShift[size] = shift
      // Out of the way of the scans until the search is over.
      keys[column] = .infinity
      columns.distance[column] = .infinity
      (column, least) = columns.relax(rows + row * d, shift: shift)
    }
    for k in 0..<size { keys[scanned[k]] = scannedKey[k] }
    let sink = column
    follow(to: sink, least, size, start)
    for k in 0..<size { keys[scanned[k]] += least - scannedDistance[k] }
    return sink
  }

  /// Walks the path back from its end: the row before a column is the one of the tree at that time
  /// whose entry gave the column its distance.
  private func follow(to sink: Int, _ least: Double, _ size: Int, _ start: Int) {
    var column = sink
    var distance = least
    var limit = size
    while true {
      var best = 0
      var bestDefect = Double.infinity
      for index in 0...limit {
        let row = index == 0 ? start : treeRow(index)
        let value = columns.entry(column, rows + row * d) - scannedShift[index]
        let defect = abs(value - distance)
        if defect < bestDefect {
          bestDefect = defect
          best = index
          if defect == 0 { break }
        }
      }
      if best == 0 {
        assign(start, column)
        return
      }
      // The row leaves the column by which it came into the tree, which is next.
      let previous = scanned[best - 1]
      assign(rowOfColumn[previous], column)
      column = previous
      distance = scannedDistance[best - 1]
      limit = best - 1
    }
  }

  private func treeRow(_ index: Int) -> Int { rowOfColumn[scanned[index - 1]] }
}
