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
  /// The dot of every particle, row after row, −1 outside.
  private var places: [Int32] = []
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
    precondition(values.map { $0.count == x.count } ?? true, "one value per particle")
    begin(axes, count: x.count, meansPerCell: values != nil)
    if let values { place(x, y, values, axes) } else { place(x, y, axes) }
    countDots()
  }

  /// Bins particles of single precision.
  public mutating func bin(x: ArraySlice<Float>, y: ArraySlice<Float>, axes: PlotAxes) {
    begin(axes, count: x.count, meansPerCell: false)
    place(x, y, axes)
    countDots()
  }

  /// Bins particles that each carry an angle `hues[i]` in turns; a cell takes their mean direction.
  public mutating func bin(
    x: ArraySlice<Double>, y: ArraySlice<Double>, axes: PlotAxes, hues: ArraySlice<Double>
  ) {
    precondition(hues.count == x.count, "one angle per particle")
    begin(axes, count: x.count, meansPerCell: true)
    place(x, y, axes)
    countDots()
    let rowsPerDot = rowsPerDot
    for (place, turns) in zip(places, hues) where place >= 0 && turns >= 0 && turns < 1 {
      let unit = ScatterDensity.units[Int(turns * 4096)]
      let cell = cell(of: place, rowsPerDot)
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

  private mutating func begin(_ axes: PlotAxes, count: Int, meansPerCell: Bool) {
    size = axes.rect.size
    isBlurred = false
    let cells = size.columns * size.rows
    ScatterDensity.zero(&patterns, cells)
    ScatterDensity.zero(&cellCounts, cells)
    ScatterDensity.zero(&counts, 8 * cells)
    ScatterDensity.zero(&sums, meansPerCell ? cells : 0)
    ScatterDensity.zero(&sumsY, meansPerCell ? cells : 0)
    if places.count != count { places = [Int32](repeating: 0, count: count) }
  }

  /// Finds the dot of every particle, −1 outside the window, and counts them.
  ///
  /// Particles are many and dots few: whatever can be told from the dots' counts waits for those.
  @inline(__always)
  private mutating func place<Number: BinaryFloatingPoint>(
    _ x: ArraySlice<Number>, _ y: ArraySlice<Number>, _ axes: PlotAxes
  ) {
    precondition(x.count == y.count, "every particle has an x and a y")
    let (columns, rows) = (2 * size.columns, 4 * size.rows)
    guard columns > 0, rows > 0 else {
      for i in places.indices { places[i] = -1 }
      return
    }
    let (width, height) = (Double(columns), Double(rows))
    let (left, top) = (axes.left, axes.top)
    let (dotsPerUnitX, dotsPerUnitY) = (1 / axes.unitsPerDotX, 1 / axes.unitsPerDotY)
    let shift = y.startIndex - x.startIndex
    let first = x.startIndex
    for i in x.indices {
      let fx = (Double(x[i]) - left) * dotsPerUnitX
      let fy = (top - Double(y[i &+ shift])) * dotsPerUnitY
      // Written so that what is not a number is outside.
      let isInside = fx >= 0 && fy >= 0 && fx < width && fy < height
      // Without a branch: of a body half of the points are hidden, in no order.
      let dot =
        Int32(isInside ? fy : 0) &* Int32(truncatingIfNeeded: columns)
        &+ Int32(isInside ? fx : 0)
      places[i &- first] = isInside ? dot : -1
      counts[Int(dot)] += isInside ? 1 : 0
    }
  }

  /// Counts particles in their dots and sums their values in their cells, in one go.
  private mutating func place(
    _ x: ArraySlice<Double>, _ y: ArraySlice<Double>, _ values: ArraySlice<Double>,
    _ axes: PlotAxes
  ) {
    precondition(x.count == y.count, "every particle has an x and a y")
    let (columns, cells) = (Int32(2 * size.columns), Int32(size.columns))
    let (width, height) = (Double(columns), Double(4 * size.rows))
    guard columns > 0, size.rows > 0 else { return }
    let (left, top) = (axes.left, axes.top)
    let (dotsPerUnitX, dotsPerUnitY) = (1 / axes.unitsPerDotX, 1 / axes.unitsPerDotY)
    let (shift, shiftOfValues) = (y.startIndex - x.startIndex, values.startIndex - x.startIndex)
    // Held apart from the rest, they are known to be ours alone.
    var (counts, sums): ([Float], [Float]) = ([], [])
    swap(&counts, &self.counts)
    swap(&sums, &self.sums)
    for i in x.indices {
      let fx = (x[i] - left) * dotsPerUnitX
      let fy = (top - y[i &+ shift]) * dotsPerUnitY
      let isInside = fx >= 0 && fy >= 0 && fx < width && fy < height
      // Without a branch: of a body half of the points are hidden, in no order.
      let (column, row) = (Int32(isInside ? fx : 0), Int32(isInside ? fy : 0))
      let value = values[i &+ shiftOfValues]
      counts[Int(row &* columns &+ column)] += isInside ? 1 : 0
      sums[Int((row >> 2) &* cells &+ column >> 1)] += isInside && value.isFinite ? Float(value) : 0
    }
    swap(&counts, &self.counts)
    swap(&sums, &self.sums)
  }

  /// What the counts of dots say of their cells.
  private mutating func countDots() {
    var total: Float = 0
    for row in 0..<size.rows {
      for dy in 0..<4 {
        let start = (4 * row + dy) * 2 * size.columns
        for column in 0..<size.columns {
          let (left, right) = (counts[start + 2 * column], counts[start + 2 * column + 1])
          guard left + right > 0 else { continue }
          let cell = row * size.columns + column
          if left > 0 { patterns[cell] |= DotGrid.bit(0, dy) }
          if right > 0 { patterns[cell] |= DotGrid.bit(1, dy) }
          cellCounts[cell] += left + right
          total += left + right
        }
      }
    }
    visible = Int(total)
  }

  /// The cell of a dot. The middle of a dot is nowhere near a whole number of rows, so that its product
  /// with the reciprocal is cut to the right one; a division takes as long as the rest of the particle.
  @inline(__always)
  private func cell(of place: Int32, _ rowsPerDot: Double) -> Int {
    let row = Int(truncatingIfNeeded: Int32((Double(place) + 0.5) * rowsPerDot))
    let column = Int(place) &- row &* 2 &* size.columns
    return (row >> 2) &* size.columns &+ column >> 1
  }

  private var rowsPerDot: Double { 1 / Double(2 * size.columns) }

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
