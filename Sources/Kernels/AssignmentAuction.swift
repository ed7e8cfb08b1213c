extension AssignmentSolver {
  /// Raises prices until every row has a column within ε of its cheapest, for falling ε.
  ///
  /// ε begins at a share of the largest cost, since prices must be able to rise to it in few bids,
  /// and ends below the squared distance of neighbours, which clusters and outliers may put far
  /// below the mean over n. The numbers are the best of a sweep: ending earlier leaves more to the
  /// searches that follow, ending later costs more bids.
  mutating func auction() {
    clear()
    var (rowSum, rowMost, columnSum, columnMost) = (0.0, 0.0, 0.0, 0.0)
    for i in 0..<n {
      rowSum += square(ofRow: i)
      rowMost = max(rowMost, square(ofRow: i))
      columnSum += squares[i]
      columnMost = max(columnMost, squares[i])
    }
    guard rowSum + columnSum > 0 else { return }
    var epsilon = 0.04 * (rowMost + columnMost)
    let usual = 0.3 * (rowSum + columnSum) / (Double(n) * Double(n))
    let last = min(usual, max(neighbourDistance(), 1e-9 * usual))
    while epsilon > last {
      clear()
      bid(epsilon)
      epsilon /= 4
    }
  }

  /// The median of the squared distance to the nearest other column, over up to 64 columns that
  /// have no duplicate; +∞ where all have.
  private func neighbourDistance() -> Double {
    let sampleSize = min(n, 64)
    let sorted = scannedDistance
    var count = 0
    let point = UnsafeMutablePointer<Double>.allocate(capacity: d)
    for index in 0..<sampleSize {
      let column = index * n / sampleSize
      for k in 0..<d { point[k] = -2 * columns.coordinates(k)[column] }
      // The least is the column itself, and what is below rounding is a duplicate.
      let value = squares[column] + columns.leastTwo(point).second
      if value <= 1e-14 * squares[column] { continue }
      var place = count
      while place > 0 && sorted[place - 1] > value {
        sorted[place] = sorted[place - 1]
        place -= 1
      }
      sorted[place] = value
      count += 1
    }
    point.deallocate()
    return count == 0 ? .infinity : sorted[count / 2]
  }

  private mutating func bid(_ epsilon: Double) {
    // A phase takes a few bids a row; the cap only keeps ties from dragging on.
    var bidsLeft = 100 * n
    while freeCount > 0 && bidsLeft > 0 {
      freeCount -= 1
      var row = freeRows[freeCount]
      while row >= 0 && bidsLeft > 0 {
        bidsLeft -= 1
        let (column, least, second) = columns.leastTwo(rows + row * d)
        columns.keys[column] += (second.isFinite ? second - least : 0) + epsilon
        let displaced = rowOfColumn[column]
        assign(row, column)
        row = displaced
      }
    }
  }

  /// Every row takes its cheapest column if no row before it did.
  mutating func matchTight() {
    clear()
    freeCount = 0
    for i in 0..<n {
      let column = columns.leastTwo(rows + i * d).column
      if rowOfColumn[column] < 0 {
        assign(i, column)
      } else {
        freeRows[freeCount] = i
        freeCount += 1
      }
    }
  }

  /// Lets each free row take its cheapest column at the price at which the second cheapest is as
  /// good; the row that held it looks again.
  mutating func reduceRows() {
    for _ in 0..<2 {
      let waiting = freeCount
      freeCount = 0
      var stepsLeft = 10 * waiting
      for index in 0..<waiting {
        var row = freeRows[index]
        while row >= 0 {
          let (column, least, second) = columns.leastTwo(rows + row * d)
          let holder = rowOfColumn[column]
          stepsLeft -= 1
          guard holder < 0 || (least < second && stepsLeft > 0) else { break }
          if second.isFinite { columns.keys[column] += second - least }
          assign(row, column)
          if holder >= 0 { columnOfRow[holder] = -1 }
          row = holder
        }
        if row >= 0 {
          freeRows[freeCount] = row
          freeCount += 1
        }
      }
    }
  }
}
