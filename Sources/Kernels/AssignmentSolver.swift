/// The state of one assignment problem while it is solved.
struct AssignmentSolver {
  let d: Int
  let n: Int
  let columns: AssignmentColumns
  /// The means of both clouds.
  let rowOrigin: UnsafeMutablePointer<Double>
  let columnOrigin: UnsafeMutablePointer<Double>
  /// −2a of every row, a relative to its cloud's mean; `d` entries a row.
  let rows: UnsafeMutablePointer<Double>
  /// |b|² of every column, so that a price is w − |b|².
  let squares: UnsafeMutablePointer<Double>
  let columnOfRow: UnsafeMutablePointer<Int>
  let rowOfColumn: UnsafeMutablePointer<Int>
  /// Rows without a column; as a stack.
  let freeRows: UnsafeMutablePointer<Int>
  var freeCount = 0
  /// Columns without a row.
  let freeColumns: UnsafeMutablePointer<Int>
  /// The columns of a search tree in the order of their distance, and these distances.
  let scanned: UnsafeMutablePointer<Int>
  let scannedDistance: UnsafeMutablePointer<Double>
  let scannedShift: UnsafeMutablePointer<Double>
  let scannedKey: UnsafeMutablePointer<Double>

  init(
    dimension: Int, count: Int, from: UnsafePointer<Double>, to: UnsafePointer<Double>,
    columnOfRow: UnsafeMutablePointer<Int>
  ) {
    d = dimension
    n = count
    self.columnOfRow = columnOfRow
    // Moving a whole cloud changes no matching; with each about its own mean |a|² + |b|² − 2a·b
    // cancels least, and clouds far apart are no harder than close ones.
    rowOrigin = .allocate(capacity: dimension)
    columnOrigin = .allocate(capacity: dimension)
    for k in 0..<dimension {
      var (rowSum, columnSum) = (0.0, 0.0)
      for j in 0..<count {
        rowSum += from[k * count + j]
        columnSum += to[k * count + j]
      }
      rowOrigin[k] = rowSum / Double(count)
      columnOrigin[k] = columnSum / Double(count)
    }
    columns = AssignmentColumns(
      dimension: dimension, count: count, points: to, origin: columnOrigin)
    rows = .allocate(capacity: dimension * count)
    squares = .allocate(capacity: count)
    rowOfColumn = .allocate(capacity: count)
    freeRows = .allocate(capacity: count)
    freeColumns = .allocate(capacity: count)
    scanned = .allocate(capacity: count)
    scannedDistance = .allocate(capacity: count)
    scannedShift = .allocate(capacity: count + 1)
    scannedKey = .allocate(capacity: count)
    for k in 0..<dimension {
      for i in 0..<count { rows[i * dimension + k] = -2 * (from[k * count + i] - rowOrigin[k]) }
    }
    for j in 0..<count { squares[j] = columns.keys[j] }
  }

  func deallocate() {
    columns.deallocate()
    rowOrigin.deallocate()
    columnOrigin.deallocate()
    rows.deallocate()
    squares.deallocate()
    rowOfColumn.deallocate()
    freeRows.deallocate()
    freeColumns.deallocate()
    scanned.deallocate()
    scannedDistance.deallocate()
    scannedShift.deallocate()
    scannedKey.deallocate()
  }

  mutating func clear() {
    for i in 0..<n {
      columnOfRow[i] = -1
      rowOfColumn[i] = -1
      freeRows[i] = n - 1 - i
    }
    freeCount = n
  }

  func assign(_ row: Int, _ column: Int) {
    columnOfRow[row] = column
    rowOfColumn[column] = row
  }

  func square(ofRow row: Int) -> Double {
    var square = 0.0
    for k in 0..<d { square += 0.25 * rows[row * d + k] * rows[row * d + k] }
    return square
  }

  /// Writes −price as the columns' duals and the least reduced cost as the rows', both for the
  /// clouds where they were: with δ the difference of the means, |a − b|² is the distance of the
  /// centred points plus 2δ·a − 2δ·b + |δ|².
  func writeDuals(
    _ rowDuals: UnsafeMutablePointer<Double>, _ columnDuals: UnsafeMutablePointer<Double>
  ) {
    for j in 0..<n {
      columnDuals[j] = squares[j] - columns.keys[j]
      for k in 0..<d {
        let delta = rowOrigin[k] - columnOrigin[k]
        columnDuals[j] -= 2 * delta * columns.coordinates(k)[j]
      }
    }
    for i in 0..<n {
      rowDuals[i] = square(ofRow: i) + columns.leastTwo(rows + i * d).least
      for k in 0..<d {
        let delta = rowOrigin[k] - columnOrigin[k]
        rowDuals[i] += delta * (delta - rows[i * d + k])
      }
    }
  }
}
