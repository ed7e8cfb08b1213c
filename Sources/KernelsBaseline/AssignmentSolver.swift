import CKernels

/// Matches the points of two d×n clouds so that Σ|a_i − b_j|² is least.
///
/// An ε-scaled auction (Bertsekas, 1988) finds good prices. Then every row takes its cheapest
/// column where that is free, rows left over are reduced against each other, and the last are
/// placed by shortest augmenting paths (Jonker and Volgenant, 1987). The later stages keep every
/// matched pair tight and every reduced cost non-negative, so the result is optimal however good
/// the auction was. Returns the number of blocks of columns that rows looked into.
func assign(
  dimension: Int, count: Int, from: UnsafePointer<Double>, to: UnsafePointer<Double>,
  columnOfRow: UnsafeMutablePointer<Int>, rowDuals: Doubles, columnDuals: Doubles,
  start: Int, scratch: UnsafeMutableRawPointer
) -> Int {
  if count == 0 { return 0 }
  var arena = Arena(scratch)
  var solver = AssignmentSolver(dimension: dimension, count: count, &arena)
  solver.begin(from, to, duals: start == 0 ? nil : columnDuals)
  // An auction would only blur duals of nearly the same clouds; where they turn out to be worse than
  // that, it is better than long searches.
  if start != 2 || !solver.finish(searchLimit: 4 * count) {
    solver.auction(startsWarm: start != 0)
    _ = solver.finish(searchLimit: .max)
  }
  solver.write(columnOfRow, rowDuals, columnDuals)
  return solver.blocksSeen
}

/// The state of one assignment problem while it is solved.
struct AssignmentSolver {
  let d: Int
  let n: Int
  let columns: AssignmentColumns
  /// The means of both clouds.
  let rowOrigin: Doubles
  let columnOrigin: Doubles
  /// −2a of every row, a relative to its cloud's mean; `d` entries a row.
  let rows: Doubles
  /// The block in which a row found its cheapest column last.
  let hints: Indices
  let columnOfRow: Indices
  let rowOfColumn: Indices
  /// Whether the phase of the auction has given a row its column.
  let isSettled: Indices
  /// Rows without a column, once the auction is over.
  let freeRows: Indices
  var freeCount = 0
  /// The blocks of columns that rows looked into so far.
  var blocksSeen = 0
  let tree: SearchTree

  init(dimension: Int, count: Int, _ arena: inout Arena) {
    d = dimension
    n = count
    columns = AssignmentColumns(dimension: dimension, count: count, &arena)
    rowOrigin = arena.doubles(dimension)
    columnOrigin = arena.doubles(dimension)
    rows = arena.doubles(dimension * count)
    hints = arena.indices(count)
    columnOfRow = arena.indices(count)
    rowOfColumn = arena.indices(count)
    isSettled = arena.indices(count)
    freeRows = arena.indices(count)
    tree = SearchTree(columns, &arena)
  }

  /// The bytes that a problem needs.
  static func scratchSize(dimension: Int, count: Int) -> Int {
    let start = UnsafeMutableRawPointer(bitPattern: 64)!
    var arena = Arena(start)
    _ = AssignmentSolver(dimension: dimension, count: count, &arena)
    return arena.end - start
  }

  /// Completes the matching with the prices as they are; false where searches of `searchLimit` rows
  /// in all did not.
  mutating func finish(searchLimit: Int) -> Bool {
    matchTight()
    reduceRows()
    return augment(searchLimit: searchLimit)
  }

  /// Moving a whole cloud changes no matching; with each about its own mean |a|² + |b|² − 2a·b
  /// cancels least, and clouds far apart are no harder than close ones.
  func begin(_ from: UnsafePointer<Double>, _ to: UnsafePointer<Double>, duals: Doubles?) {
    for k in 0..<d {
      var (rowSum, columnSum) = (0.0, 0.0)
      for j in 0..<n {
        rowSum += from[k * n + j]
        columnSum += to[k * n + j]
      }
      rowOrigin[k] = rowSum / Double(n)
      columnOrigin[k] = columnSum / Double(n)
      for i in 0..<n { rows[i * d + k] = -2 * (from[k * n + i] - rowOrigin[k]) }
    }
    columns.fill(to, origin: columnOrigin)
    if let duals {
      for j in 0..<n { columns.keys[j] += -duals[Int(columns.order[j])] - dualShift(j) }
    }
    columns.beginBounds()
    tree.begin(columns)
    for i in 0..<n { hints[i] = 0 }
  }

  /// With δ the difference of the means, |a − b|² is the distance of the centred points plus
  /// 2δ·a − 2δ·b + |δ|²: the part of a column's dual.
  private func dualShift(_ j: Int) -> Double {
    var shift = 0.0
    for k in 0..<d {
      let delta = rowOrigin[k] - columnOrigin[k]
      shift += 2 * delta * columns.coordinates[k * columns.paddedCount + j]
    }
    return shift
  }

  @inline(__always)
  func row(_ i: Int) -> Doubles { rows + i &* d }

  /// A row's two cheapest columns.
  @inline(__always)
  mutating func look(_ i: Int) -> LeastTwo {
    let found = columns.leastTwo(row(i), hint: Int(hints[i]))
    blocksSeen &+= found.blocks
    hints[i] = Int32(found.column / AssignmentColumns.blockSize)
    return found
  }

  mutating func clear() {
    for i in 0..<n {
      columnOfRow[i] = -1
      rowOfColumn[i] = -1
    }
    freeCount = 0
  }

  @inline(__always)
  func match(_ row: Int, _ column: Int) {
    columnOfRow[row] = Int32(column)
    rowOfColumn[column] = Int32(row)
  }

  @inline(__always)
  mutating func pushFree(_ row: Int) {
    freeRows[freeCount] = Int32(row)
    freeCount += 1
  }

  func square(ofRow i: Int) -> Double {
    var square = 0.0
    for k in 0..<d { square += 0.25 * row(i)[k] * row(i)[k] }
    return square
  }

  /// Writes the matching in the caller's numbering, −price as the columns' duals and the least
  /// reduced cost as the rows', both for the clouds where they were.
  func write(
    _ matching: UnsafeMutablePointer<Int>, _ rowDuals: Doubles, _ columnDuals: Doubles
  ) {
    for j in 0..<n {
      columnDuals[Int(columns.order[j])] = columns.squares[j] - columns.keys[j] - dualShift(j)
    }
    for i in 0..<n {
      let column = Int(columnOfRow[i])
      matching[i] = Int(columns.order[column])
      // A matched pair is tight, up to the rounding of the searches.
      rowDuals[i] = square(ofRow: i) + columns.entry(column, row(i))
      for k in 0..<d {
        let delta = rowOrigin[k] - columnOrigin[k]
        rowDuals[i] += delta * (delta - row(i)[k])
      }
    }
  }
}
