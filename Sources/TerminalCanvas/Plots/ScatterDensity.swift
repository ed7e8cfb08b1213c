/// A cloud of particles: their shape as dots, their density as colour.
///
/// Dots show which of the 2×4 places of a cell hold a particle. The counts, blurred by a Gaussian,
/// give c in particles per cell; v = log(1 + c/c₀)/log(1 + c_max/c₀) with c₀ = c_max/5, a log that
/// keeps its middle, averaged over the occupied dots of the cell. c_max comes from outside, so that
/// it can be held while the picture moves. Buffers are kept between frames.
public struct ScatterDensity: Sendable {
  /// The cells that the last `bin` filled.
  public private(set) var size = Size(columns: 0, rows: 0)
  /// The particles inside the window of the last `bin`.
  public private(set) var visible = 0

  private let dotBlur: Double
  private let glowBlur: Double
  var patterns: [UInt8] = []
  var cellCounts: [Float] = []
  private var counts: [Float] = []
  private var blurred: [Float] = []
  var glow: [Float] = []
  var sums: [Float] = []
  var sumsY: [Float] = []
  private var blur: GaussianBlur
  var glowFilter: GaussianBlur
  private var isBlurred = false

  /// A cloud blurred by `blur` dots; its glow by `glowBlur` dots.
  public init(blur: Double = 2.6, glowBlur: Double = 5) {
    dotBlur = blur
    self.glowBlur = glowBlur
    self.blur = GaussianBlur(sigmaX: blur, sigmaY: blur)
    // The glow lives on cells, which are two dots wide and four high.
    glowFilter = GaussianBlur(sigmaX: glowBlur / 2, sigmaY: glowBlur / 4)
  }

  /// Bins particles at (`x[i]`, `y[i]`) into the dots of `axes`; those outside, or not finite, are
  /// left out. `values` holds a number per particle whose mean colours a cell.
  public mutating func bin(
    x: ArraySlice<Double>, y: ArraySlice<Double>, axes: PlotAxes,
    values: ArraySlice<Double>? = nil
  ) {
    precondition(x.count == y.count, "every particle has an x and a y")
    precondition(values.map { $0.count == x.count } ?? true, "one value per particle")
    reset(to: axes, meansPerCell: values != nil)
    let shift = y.startIndex - x.startIndex
    let valueShift = (values?.startIndex ?? 0) - x.startIndex
    for i in x.indices {
      guard let cell = add(axes.dotX(x[i]), axes.dotY(y[i + shift])) else { continue }
      if let values {
        let value = values[i + valueShift]
        if value.isFinite { sums[cell] += Float(value) }
      }
    }
  }

  /// Bins particles of single precision.
  public mutating func bin(x: ArraySlice<Float>, y: ArraySlice<Float>, axes: PlotAxes) {
    precondition(x.count == y.count, "every particle has an x and a y")
    reset(to: axes, meansPerCell: false)
    let shift = y.startIndex - x.startIndex
    for i in x.indices { _ = add(axes.dotX(Double(x[i])), axes.dotY(Double(y[i + shift]))) }
  }

  /// Bins particles that each carry an angle `hues[i]` in turns; a cell takes their mean direction.
  public mutating func bin(
    x: ArraySlice<Double>, y: ArraySlice<Double>, axes: PlotAxes, hues: ArraySlice<Double>
  ) {
    precondition(x.count == y.count && hues.count == x.count, "one angle per particle")
    reset(to: axes, meansPerCell: true)
    let shift = y.startIndex - x.startIndex
    let hueShift = hues.startIndex - x.startIndex
    for i in x.indices {
      guard let cell = add(axes.dotX(x[i]), axes.dotY(y[i + shift])) else { continue }
      let turns = hues[i + hueShift]
      guard turns >= 0, turns < 1 else { continue }
      let unit = ScatterDensity.units[Int(turns * 4096)]
      sums[cell] += unit.x
      sumsY[cell] += unit.y
    }
  }

  /// Directions in 4 096ths of a turn: a million cosines would take longer than the rest of a frame.
  private static let units: [SIMD2<Float>] = (0..<4096).map {
    let unit = Elementary.unit(turns: (Double($0) + 0.5) / 4096)
    return SIMD2(Float(unit.x), Float(unit.y))
  }

  /// The greatest blurred density of the last `bin`, in particles per cell: a choice for c_max.
  public mutating func peak() -> Double {
    blurCounts()
    return Double(blurred.max() ?? 0) * 8
  }

  /// The density c in particles per cell at a dot, after the blur.
  mutating func density(dotX: Int, dotY: Int) -> Double {
    blurCounts()
    return Double(blurred[dotY * 2 * size.columns + dotX]) * 8
  }

  private mutating func reset(to axes: PlotAxes, meansPerCell: Bool) {
    size = axes.rect.size
    visible = 0
    isBlurred = false
    let cells = size.columns * size.rows
    ScatterDensity.zero(&patterns, cells)
    ScatterDensity.zero(&cellCounts, cells)
    ScatterDensity.zero(&counts, 8 * cells)
    ScatterDensity.zero(&sums, meansPerCell ? cells : 0)
    ScatterDensity.zero(&sumsY, meansPerCell ? cells : 0)
  }

  /// Counts a particle and returns its cell, or nil outside the window.
  @inline(__always)
  private mutating func add(_ fx: Double, _ fy: Double) -> Int? {
    let width = 2 * size.columns
    let height = 4 * size.rows
    // Written so that what is not a number fails.
    guard fx >= 0, fy >= 0, fx < Double(width), fy < Double(height) else { return nil }
    let dx = Int(fx)
    let dy = Int(fy)
    let cell = (dy >> 2) * size.columns + dx >> 1
    patterns[cell] |= DotGrid.bit(dx, dy)
    cellCounts[cell] += 1
    counts[dy * width + dx] += 1
    visible += 1
    return cell
  }

  private mutating func blurCounts() {
    guard !isBlurred else { return }
    isBlurred = true
    blur.apply(counts, width: 2 * size.columns, height: 4 * size.rows, into: &blurred)
  }

  /// The level v of every occupied cell for the given c_max, −1 where no particle is.
  mutating func levels(maximum: Double) -> [Float] {
    blurCounts()
    let width = 2 * size.columns
    let scale = maximum > 0 ? Float(8 / maximum) : 0
    var levels = [Float](repeating: -1, count: patterns.count)
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let cell = row * size.columns + column
        let bits = patterns[cell]
        guard bits != 0 else { continue }
        var sum: Float = 0
        for dy in 0..<4 {
          let dot = (4 * row + dy) * width + 2 * column
          if bits & DotGrid.bit(0, dy) != 0 { sum += LogScale.level(blurred[dot] * scale) }
          if bits & DotGrid.bit(1, dy) != 0 { sum += LogScale.level(blurred[dot + 1] * scale) }
        }
        levels[cell] = sum / Float(bits.nonzeroBitCount)
      }
    }
    return levels
  }

  static func zero<T: ExpressibleByIntegerLiteral>(_ values: inout [T], _ count: Int) {
    if values.count == count {
      for i in 0..<count { values[i] = 0 }
    } else {
      values = [T](repeating: 0, count: count)
    }
  }
}

/// The scale of densities: v = log(1 + 5u)/log 6 for u = c/c_max.
public enum LogScale {
  private static let table: [Float] = (0...1024).map {
    Float(Elementary.log(1 + 5 * Double($0) / 1024) / Elementary.log(6))
  }

  /// The level of the density c when the greatest is `maximum`, 0…1.
  public static func level(_ density: Double, maximum: Double) -> Double {
    guard maximum > 0, density > 0 else { return 0 }
    return min(1, Elementary.log(1 + 5 * density / maximum) / Elementary.log(6))
  }

  /// The level of u from a table; linear between its entries, error below 10⁻⁵.
  @inline(__always)
  static func level(_ u: Float) -> Float {
    guard u > 0 else { return 0 }
    guard u < 1 else { return 1 }
    let place = u * 1024
    let i = Int(place)
    return table[i] + (place - Float(i)) * (table[i + 1] - table[i])
  }
}
