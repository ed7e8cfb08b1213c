import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A target that says what its support is made of.
protocol NamedSupport {
  /// “land”, after “on”.
  var supportName: String { get }
}

extension Land: NamedSupport {
  var supportName: String { "land" }
}

extension SphereCheckerboard: NamedSupport {
  var supportName: String { "squares" }
}

/// What a curved space shows of its target whatever the network does: where it is, over the whole chart.
///
/// A target with a sharp edge is where its density is not 0, of others the region that holds 95 %.
struct SurfaceTarget: Sendable {
  /// Rows and columns of the chart, cells row after row.
  let columns, rows: Int
  private let inside: [Bool]
  /// The share of the space's area that is inside: what points that are anywhere reach.
  let share: Double
  /// What a share of particles there is called, “on land”.
  let words: String
  /// The scale of densities.
  let scale: SurfaceScale

  /// Looks at the whole chart once.
  init(_ dataset: Dataset, on space: any PicturedSpace, sample: Batch) {
    let isRound = space.hasPoles
    let (columns, rows) = isRound ? (360, 180) : (256, 256)
    (self.columns, self.rows) = (columns, rows)
    let cells = Batch(
      points: (0..<rows * columns).map {
        space.point(
          u: (Double($0 % columns) + 0.5) / Double(columns),
          v: (Double($0 / columns) + 0.5) / Double(rows))
      })
    let known = dataset.logDensity(cells)
    let values = known ?? SurfaceTarget.estimated(sample, at: cells, on: space)
    let areas = (0..<rows).map { row in
      isRound
        ? (cos(.pi * Double(row) / Double(rows)) - cos(.pi * Double(row + 1) / Double(rows)))
          / (2 * Double(columns)) : 1 / Double(rows * columns)
    }
    let peak = values.max() ?? 0
    // Of a density without an edge even the thinnest place has some.
    let isSharp = known != nil && values.contains { $0 < peak - 60 }
    let least =
      isSharp ? peak - 40 : SurfaceTarget.region(values, areas: areas, columns: columns)
    let inside = values.map { $0 >= least }
    share = inside.indices.reduce(0) { inside[$1] ? $0 + areas[$1 / columns] : $0 }
    self.inside = inside
    scale = SurfaceScale(end: exp(peak) * space.area)
    let name =
      (dataset.distribution as? any NamedSupport)?.supportName ?? (isSharp ? "squares" : nil)
    words = name.map { "on \($0)" } ?? "in 95 %"
  }

  /// log p where only a sample is known.
  private static func estimated(
    _ sample: Batch, at cells: Batch, on space: any PicturedSpace
  ) -> [Double] {
    let grid = SurfaceGrids.grid(space, points: sample.count)
    let density = grid.density(space.chart(sample))
    return space.chart(cells).map {
      log(max(1e-9, Double(density[grid.cell($0)])) / space.area)
    }
  }

  /// The log-density above which 95 % of the mass lie.
  private static func region(_ values: [Double], areas: [Double], columns: Int) -> Double {
    let masses = values.indices.map { exp(values[$0]) * areas[$0 / columns] }
    let total = masses.reduce(0, +)
    var sum = 0.0
    for i in values.indices.sorted(by: { values[$0] > values[$1] }) {
      sum += masses[i]
      if sum >= 0.95 * total { return values[i] }
    }
    return -.infinity
  }

  /// Whether a place of the chart is inside.
  func contains(_ u: Double, _ v: Double) -> Bool {
    let (column, row) = (Int(u * Double(columns)), Int(v * Double(rows)))
    return inside[min(rows - 1, max(0, row)) * columns + min(columns - 1, max(0, column))]
  }

  /// How much of the surroundings of a place is inside, 0…1.
  func strength(_ u: Double, _ v: Double) -> Double {
    let x = u * Double(columns) - 0.5
    let y = min(Double(rows - 1), max(0, v * Double(rows) - 0.5))
    let (i, j) = (Int(saturating: x.rounded(.down)), Int(y))
    let (fx, fy) = (x - x.rounded(.down), y - Double(j))
    func value(_ column: Int, _ row: Int) -> Double {
      inside[min(rows - 1, row) * columns + (column % columns + columns) % columns] ? 1 : 0
    }
    let upper = value(i, j) * (1 - fx) + value(i + 1, j) * fx
    let lower = value(i, j + 1) * (1 - fx) + value(i + 1, j + 1) * fx
    return upper * (1 - fy) + lower * fy
  }

  /// The share of places of the chart that are inside. A lost point is not.
  func share(of places: [SIMD2<Double>]) -> Double {
    guard !places.isEmpty else { return 0 }
    let count = places.count { $0.x.isFinite && $0.y.isFinite && contains($0.x, $0.y) }
    return Double(count) / Double(places.count)
  }
}
