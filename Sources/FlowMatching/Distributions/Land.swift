#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where there is land: cells of 1° by 1° of which half or more is land, counted from GLOBE elevation
/// data (NOAA, public domain).
public struct LandMask: Sendable {
  /// The mask that is in the program.
  public static let earth = LandMask(hexadecimal: LandRows.hexadecimal)

  /// The columns of the land cells of each row, west to east; rows from north to south.
  public let columns: [[Int]]
  private let isLand: [Bool]
  /// The share of the sphere's area that is land.
  public let share: Double

  init(hexadecimal: String) {
    let rows = hexadecimal.split(separator: "\n")
    precondition(rows.count == 180 && rows.allSatisfy { $0.count == 90 }, "180 rows of 360 cells")
    let cells = rows.map { row in
      row.flatMap { digit in
        let bits = digit.hexDigitValue ?? 0
        return (0..<4).map { bits >> (3 - $0) & 1 == 1 }
      }
    }
    isLand = cells.flatMap { $0 }
    columns = cells.map { row in row.indices.filter { row[$0] } }
    var sum = 0.0
    for (row, columns) in columns.enumerated() {
      sum += Double(columns.count) * LandMask.cellShare(row)
    }
    share = sum
  }

  /// The share of the sphere's area that a cell of a row has.
  static func cellShare(_ row: Int) -> Double {
    (edges[row] - edges[row + 1]) / 720
  }

  /// z at the northern edges of the rows, and at the south pole.
  static let edges = (0...180).map { sin(Double(90 - $0) * .pi / 180) }

  /// Whether the cell of that place is land; degrees, longitudes of any turn.
  public func contains(longitude: Double, latitude: Double) -> Bool {
    guard longitude.isFinite, (-90...90).contains(latitude) else { return false }
    let east = Torus.wrap(longitude * .pi / 180) * 180 / .pi + 180
    let (row, column) = (Int(90 - latitude), Int(east))
    return isLand[min(row, 179) * 360 + min(max(column, 0), 359)]
  }
}

/// The uniform distribution on the land of the earth, north being z and longitude 0 being x.
public struct Land: DensityDistribution {
  /// Where there is land.
  public let mask: LandMask
  /// The rows that have land, from north to south.
  private let rows: [Row]
  /// The columns of their land cells, row after row.
  private let cells: [Int16]
  /// The last of the rows that begins before each of equal steps of the whole share.
  private let guide: [Int16]

  /// What a draw needs of a row: the share of all rows before it and its own, its band of z, and its
  /// cells.
  private struct Row: Sendable {
    let before, share, bottom, height: Double
    let start, count: Int
  }

  /// Uniform on the land cells of a mask that has some.
  public init(_ mask: LandMask = .earth) {
    precondition(mask.share > 0, "without land nothing can be drawn")
    self.mask = mask
    var (rows, before, start) = ([Row](), 0.0, 0)
    for (index, columns) in mask.columns.enumerated() where !columns.isEmpty {
      let (top, bottom) = (LandMask.edges[index], LandMask.edges[index + 1])
      let share = Double(columns.count) * LandMask.cellShare(index) / mask.share
      rows.append(
        Row(
          before: before, share: share, bottom: bottom, height: top - bottom, start: start,
          count: columns.count))
      before += share
      start += columns.count
    }
    cells = mask.columns.joined().map { Int16($0) }
    let steps = 2048
    var row = 0
    guide = (0..<steps).map { step in
      while row + 1 < rows.count && rows[row + 1].before <= Double(step) / Double(steps) {
        row += 1
      }
      return Int16(row)
    }
    self.rows = rows
  }

  public var dimension: Int { 3 }

  /// ln(4π·share) in nats.
  public var entropy: Double { log(4 * .pi * mask.share) }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == 3, "the batch has another dimension")
    let last = rows.count - 1
    for j in 0..<points.count {
      let (u, v) = (random.uniform(), random.uniform())
      var index = Int(guide[Int(u * Double(guide.count))])
      while index < last && rows[index + 1].before <= u { index += 1 }
      let row = rows[index]
      // What is left of both numbers is uniform within the cell.
      let across = min(max((u - row.before) / row.share, 0), 1)
      let along = v * Double(row.count)
      let cell = min(Int(along), row.count - 1)
      let east = Double(cells[row.start + cell]) + (along - Double(cell)) - 180
      let z = row.bottom + row.height * across
      let radius = max(0, (1 - z) * (1 + z)).squareRoot()
      let angle = east * .pi / 180
      points[vector: j] = SIMD3(radius * cos(angle), radius * sin(angle), z)
    }
  }

  /// log p by area: −ln(4π·share) on land, −∞ at sea.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == 3, "the batch has another dimension")
    let inside = -entropy
    return (0..<points.count).map { j in
      let place = GeographicPlace(points[vector: j])
      let isLand = mask.contains(longitude: place.longitude, latitude: place.latitude)
      return isLand ? inside : -.infinity
    }
  }
}
