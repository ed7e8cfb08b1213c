import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The grids in use: they depend on nothing but the space.
enum SurfaceGrids {
  private static let degree = Double.pi / 180
  private static let sphere = SurfaceGrid(
    .sphere, rows: 72, radii: [3 * degree, 5 * degree, 8 * degree])
  private static let sphereOfFew = SurfaceGrid(
    .sphere, rows: 60, radii: [6 * degree, 10 * degree, 16 * degree])
  private static let torus = SurfaceGrid(.torus, rows: 96, radii: [0.16, 0.28])
  private static let torusOfFew = SurfaceGrid(.torus, rows: 64, radii: [0.3, 0.5])

  /// The grid of a space for so many points: of few each says less of where it is.
  static func grid(_ space: any PicturedSpace, points: Int) -> SurfaceGrid {
    let isRound = space.hasPoles
    if points < 4000 { return isRound ? sphereOfFew : torusOfFew }
    return isRound ? sphere : torus
  }
}

/// The scale of densities in units of uniform: v = log(1 + ρ/ρ₀)/log(1 + ρ_max/ρ₀).
struct SurfaceScale: Sendable, Hashable {
  /// The density of the target's thickest place, in units of uniform.
  let end: Double
  /// ρ₀ and ρ_max: the thickest place is not quite the last colour, since counts scatter.
  var knee: Double { end / 5 }
  var greatest: Double { 1.24 * end }

  init(end: Double) { self.end = end.isFinite && end > 0 ? min(1000, max(1.2, end)) : 4 }

  /// The level of a density, 0…1.
  func level(_ density: Double) -> Double {
    guard density > 0 else { return 0 }
    return min(1, log1p(density / knee) / log1p(greatest / knee))
  }

  /// The levels of many, by a table that is linear between its entries: off by less than 10⁻⁶.
  func levels(_ densities: [Float]) -> [Float] {
    let table = SurfaceScale.table
    let last = Float(table.count - 2)
    let scale = last / Float(greatest)
    return densities.map { density in
      let place = min(last, max(0, density * scale))
      let entry = Int(place)
      return table[entry] + (place - Float(entry)) * (table[entry + 1] - table[entry])
    }
  }

  /// log(1 + 6.2u)/log 7.2 in equal steps of u, and one entry more than that.
  private static let table: [Float] = {
    let scale = SurfaceScale(end: 2)
    return (0...2049).map { Float(scale.level(Double($0) / 2048 * scale.greatest)) }
  }()

  /// Numbers for a bar: round ones, and the target's own.
  var marks: [(value: Double, text: String)] {
    let round = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500]
      .filter { $0 > 0.12 * end && $0 < 0.75 * end }
    return (round + [end]).map { ($0, SurfaceScale.text($0)) }
  }

  private static func text(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return value >= 10 || tenths == tenths.rounded()
      ? "\(Int(saturating: value.rounded()))" : "\(tenths)"
  }
}
