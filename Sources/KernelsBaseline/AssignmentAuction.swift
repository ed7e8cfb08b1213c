extension AssignmentSolver {
  /// Raises prices until every row has a column within ε of its cheapest, for falling ε.
  ///
  /// ε begins at a share of the largest cost, since prices must be able to rise to it in few bids,
  /// and ends below the squared distance of neighbours, which clusters and outliers may put far
  /// below the mean over n. The numbers are the best of a sweep: ending earlier leaves more to the
  /// searches that follow, ending later costs more bids. Prices of another sample of the same two
  /// distributions are off by more than a small ε can mend, so they save the first rounds only.
  mutating func auction(startsWarm: Bool) {
    clear()
    var (rowSum, rowMost, columnSum, columnMost) = (0.0, 0.0, 0.0, 0.0)
    for i in 0..<n {
      let square = square(ofRow: i)
      rowSum += square
      rowMost = max(rowMost, square)
      columnSum += columns.squares[i]
      columnMost = max(columnMost, columns.squares[i])
    }
    guard rowSum + columnSum > 0 else { return }
    let size = Double(n)
    let usual = min(0.1, 25 / size) * (rowSum + columnSum) / (size * size)
    let last = min(usual, max(neighbourDistance(), 1e-9 * usual))
    var epsilon = 0.04 * (rowMost + columnMost)
    if startsWarm { epsilon = min(epsilon, 0.03 * (rowSum + columnSum) / size) }
    while epsilon > last {
      bid(epsilon)
      epsilon /= 5
    }
  }

  /// The median of the squared distance to the nearest other column of the block, over up to 64
  /// columns that have no duplicate there; +∞ where all have.
  private func neighbourDistance() -> Double {
    let sampleSize = min(n, 64)
    let sorted = tree.distance
    var count = 0
    for index in 0..<sampleSize {
      let column = index * n / sampleSize
      let value = distanceInBlock(column)
      // What is below rounding is a duplicate.
      if value <= 1e-14 * columns.squares[column] { continue }
      var place = count
      while place > 0 && sorted[place - 1] > value {
        sorted[place] = sorted[place - 1]
        place -= 1
      }
      sorted[place] = value
      count += 1
    }
    return count == 0 ? .infinity : sorted[count / 2]
  }

  private func distanceInBlock(_ column: Int) -> Double {
    let start = column / AssignmentColumns.blockSize * AssignmentColumns.blockSize
    var nearest = Double.infinity
    for j in start..<min(n, start + AssignmentColumns.blockSize) where j != column {
      var square = 0.0
      for k in 0..<d {
        let x = columns.coordinates + k * columns.paddedCount
        square += (x[j] - x[column]) * (x[j] - x[column])
      }
      nearest = square < nearest ? square : nearest
    }
    return nearest
  }

  /// One phase. A row whose column of the phase before is still within ε keeps it, without raising the
  /// price; the others bid, and so do those that they displace.
  private mutating func bid(_ epsilon: Double) {
    for i in 0..<n { isSettled[i] = 0 }
    // A phase takes a few bids a row; the cap only keeps ties from dragging on.
    var bidsLeft = 100 * n
    for first in 0..<n where isSettled[first] == 0 {
      var row = first
      while row >= 0 && bidsLeft > 0 {
        bidsLeft -= 1
        row = settle(row, epsilon)
      }
    }
  }

  /// Gives a row its column of this phase; returns the row that it displaces, or −1.
  @inline(__always)
  private mutating func settle(_ row: Int, _ epsilon: Double) -> Int {
    isSettled[row] = 1
    let found = look(row)
    let held = Int(columnOfRow[row])
    if held >= 0 {
      if columns.entry(held, self.row(row)) <= found.least + epsilon { return -1 }
      rowOfColumn[held] = -1
    }
    let gain = found.second < .infinity ? found.second - found.least : 0
    columns.raise(found.column, by: gain + epsilon)
    let displaced = Int(rowOfColumn[found.column])
    match(row, found.column)
    if displaced >= 0 { columnOfRow[displaced] = -1 }
    return displaced
  }

  /// Every row takes its cheapest column if no row before it did.
  mutating func matchTight() {
    clear()
    for i in 0..<n {
      let column = look(i).column
      if rowOfColumn[column] < 0 { match(i, column) } else { pushFree(i) }
    }
  }

  /// Lets each free row take its cheapest column at the price at which the second cheapest is as
  /// good; the row that held it looks again.
  mutating func reduceRows() {
    let waiting = freeCount
    freeCount = 0
    var stepsLeft = 10 * waiting
    for index in 0..<waiting {
      var row = Int(freeRows[index])
      while row >= 0 {
        let found = look(row)
        let holder = Int(rowOfColumn[found.column])
        stepsLeft -= 1
        guard holder < 0 || (found.least < found.second && stepsLeft > 0) else { break }
        if found.second < .infinity {
          columns.raise(found.column, by: found.second - found.least)
        }
        match(row, found.column)
        if holder >= 0 { columnOfRow[holder] = -1 }
        row = holder
      }
      if row >= 0 { pushFree(row) }
    }
  }
}
