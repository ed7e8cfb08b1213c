/// The y axis of a chart: ticks on whole rows, evenly, and limits that follow from the ticks.
public struct RowAxis: Hashable, Sendable {
  /// A row that carries a number.
  struct RowTick: Hashable, Sendable {
    let row: Int
    let label: String
  }

  /// The ticks from the top down.
  let ticks: [RowTick]
  private let isLogarithmic: Bool
  /// Scaled value of a row, and the multiple of it that lies on the last row.
  private let unit: Double
  private let origin: Double
  private let bottom: Int
  private let rows: Int

  /// The axis on `rows` rows that shows all of `range`; a logarithmic one needs a positive range.
  public init(range: ClosedRange<Double>, rows: Int, logarithmic: Bool) {
    self.rows = rows
    let span = RowAxis.usable(range, logarithmic: logarithmic)
    isLogarithmic = logarithmic
    let extent = span.upperBound - span.lowerBound
    let candidates = logarithmic ? RowAxis.logarithmicSteps : RowAxis.linearSteps(extent)
    var chosen: Layout?
    var bestScore = Double.infinity
    for step in candidates {
      for every in 1...max(1, rows) {
        guard let layout = Layout(fitting: span, rows: rows, step: step, every: every) else {
          continue
        }
        let score = layout.score(span: span, rows: rows)
        if score < bestScore {
          chosen = layout
          bestScore = score
        }
      }
    }
    guard let best = chosen else {
      // Too few rows for any round step: everything is shown, without numbers.
      unit = extent / Double(max(1, rows))
      origin = span.lowerBound + unit / 2
      bottom = 0
      ticks = []
      return
    }
    unit = best.step.size / Double(best.every)
    origin = best.step.origin
    bottom = best.bottom
    ticks = RowAxis.ticks(of: best, rows: rows, logarithmic: logarithmic)
  }

  /// The place of a value in rows from the top, as a fraction: i + ½ is the middle of row i.
  public func row(of value: Double) -> Double {
    let scaled = isLogarithmic ? (value > 0 ? Elementary.log10(value) : -400) : value
    return Double(rows) - 0.5 - ((scaled - origin) / unit - Double(bottom))
  }

  /// A finite span of some extent, in scaled units.
  private static func usable(
    _ range: ClosedRange<Double>, logarithmic: Bool
  ) -> ClosedRange<Double> {
    var low = range.lowerBound
    var high = range.upperBound
    if logarithmic {
      high = high.isFinite && high > 0 ? high : 1
      low = low.isFinite && low > 0 ? min(low, high) : high / 10
      return Elementary.log10(low)...max(Elementary.log10(high), Elementary.log10(low) + 0.05)
    }
    guard low.isFinite, high.isFinite else { return 0...1 }
    let least = max(abs(low), abs(high), 1e-12) * 1e-6
    return low...max(high, low + least)
  }

  // MARK: Steps

  /// A distance between ticks in scaled units, and where one of the ticks lies.
  struct Step: Hashable, Sendable {
    let size: Double
    var origin = 0.0
    var penalty = 0.0
  }

  private static func linearSteps(_ span: Double) -> [Step] {
    let exponent = Int(saturating: Elementary.log10(span).rounded(.down))
    return [-2, -1, 0, 1].flatMap { shift in
      [1.0, 2, 5].map { Step(size: Ticks.scaled($0, exponent + shift)) }
    }
  }

  /// Factors 10, 100 …; 4 and 2 counted from 0.1 where a decade is too coarse.
  private static let logarithmicSteps: [Step] = [
    Step(size: 1), Step(size: 2, penalty: 0.1), Step(size: 3, penalty: 0.15),
    Step(size: 4, penalty: 0.15), Step(size: 6, penalty: 0.2), Step(size: 10, penalty: 0.2),
    Step(size: 2 * Elementary.log10(2), origin: -1, penalty: 0.08),
    Step(size: Elementary.log10(2), origin: -1, penalty: 0.12),
  ]

  /// One way to lay ticks on rows: every `every` rows, the last row at multiple `bottom`.
  private struct Layout {
    let step: Step
    let every: Int
    var bottom: Int

    init(step: Step, every: Int, bottom: Int) {
      self.step = step
      self.every = every
      self.bottom = bottom
    }

    /// Nil where the rows cannot hold the span.
    init?(fitting span: ClosedRange<Double>, rows: Int, step: Step, every: Int) {
      let unit = step.size / Double(every)
      let low = ((span.lowerBound - step.origin) / unit + 0.5 + 1e-9).rounded(.down)
      let high = ((span.upperBound - step.origin) / unit - 0.5 - 1e-9).rounded(.up)
      guard abs(low) < 1e12, abs(high) < 1e12 else { return nil }
      let needed = Int(saturating: high - low) + 1
      guard needed <= rows else { return nil }
      // What is left over is shared, the odd row above.
      self.init(step: step, every: every, bottom: Int(saturating: low) - (rows - needed) / 2)
    }

    /// Low where the span fills the rows and three to six ticks stand two to four rows apart.
    func score(span: ClosedRange<Double>, rows: Int) -> Double {
      let unit = step.size / Double(every)
      let fill = (span.upperBound - span.lowerBound) / unit / Double(rows)
      let count = (0..<rows).count { (bottom + $0) % every == 0 }
      var score = 1 - fill + step.penalty + 0.03 * Double(abs(every - 3))
      // 0.1, 0.4, 1.6 read well; 0.025 and 0.00625 do not.
      if step.origin < 0, bottom <= -every { score += 0.5 }
      if every == 1 { score += rows > 4 ? 0.5 : 0 }
      if count < 1 { score += 2 }
      if count < 2 { score += 0.6 }
      if count < 3 { score += 0.2 }
      if count < 4 { score += 0.1 }
      if count > 7 { score += 0.1 * Double(count - 7) }
      return score
    }
  }

  private static func ticks(of layout: Layout, rows: Int, logarithmic: Bool) -> [RowTick] {
    let multiples = (0..<max(0, rows)).reversed().compactMap { i -> (row: Int, value: Double)? in
      let m = layout.bottom + i
      guard m % layout.every == 0 else { return nil }
      let value = layout.step.origin + Double(m / layout.every) * layout.step.size
      return (rows - 1 - i, value)
    }
    if logarithmic {
      let wholeDecades = layout.step.size == layout.step.size.rounded()
      let usesPowers =
        wholeDecades
        && (layout.step.size > 1 || multiples.contains { $0.value < -3.5 || $0.value > 4.5 })
      return multiples.map { place in
        let exponent = Int(saturating: place.value.rounded())
        if usesPowers {
          return RowTick(row: place.row, label: NumberFormat.powerOfTen(exponent))
        }
        let value =
          wholeDecades ? Elementary.tenTo(exponent) : Elementary.power(10, place.value)
        let shown = value < 0.0005 ? NumberFormat.significant(value, 2) : roundedLabel(value)
        return RowTick(row: place.row, label: shown)
      }
    }
    let exponent = Int(saturating: (Elementary.log10(layout.step.size) + 1e-9).rounded(.down))
    let decimals = max(0, -exponent)
    if decimals > 3 {
      // 0.00025 is too long for the margin: all in the step's power of ten, 25e-5.
      return multiples.map { place in
        let digits = NumberFormat.fixed(place.value * Elementary.tenTo(decimals), 0)
        return RowTick(row: place.row, label: digits == "0" ? digits : "\(digits)e-\(decimals)")
      }
    }
    return multiples.map { place in
      let big = decimals == 0 && abs(place.value) >= 10_000
      return RowTick(
        row: place.row,
        label: big ? NumberFormat.axis(place.value) : NumberFormat.fixed(place.value, decimals))
    }
  }

  /// A factor-of-four tick: 0.1, 0.4, 1.6, 6.4, 26.
  private static func roundedLabel(_ value: Double) -> String {
    let digits = value < 10 ? 2 : 3
    let exponent = Int(saturating: Elementary.log10(value * 1.0001).rounded(.down))
    let scale = Elementary.tenTo(digits - 1 - exponent)
    return NumberFormat.axis((value * scale).rounded() / scale)
  }
}
