/// A value that an axis names.
public struct Tick: Hashable, Sendable {
  /// Where on the axis.
  public var value: Double
  /// How it is written.
  public var label: String

  /// A tick.
  public init(value: Double, label: String) {
    self.value = value
    self.label = label
  }
}

/// Round values for axes.
public enum Ticks {
  /// Multiples of 1, 2 or 5·10ᵏ inside `range`, about `count` of them and never more than 2·count.
  public static func linear(_ range: ClosedRange<Double>, about count: Int) -> [Tick] {
    let span = range.upperBound - range.lowerBound
    guard span.isFinite, span > 0, count > 0 else { return [] }
    return multiples(of: niceStep(atLeast: span / Double(count)), in: range)
  }

  /// The multiples of `step` inside `range`, ends included.
  public static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Tick] {
    guard step > 0 else { return [] }
    // Ends that miss a multiple by rounding alone still count.
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard first <= last, last - first < 1000 else { return [] }
    return (0...Int(saturating: last - first)).map { i in
      let value = rounded(first + Double(i), times: step)
      return Tick(value: value, label: NumberFormat.axis(value))
    }
  }

  /// Round values inside a positive range, at most `count` of them where that is possible: 1 2 5,
  /// 1 3, powers of ten, or every second, third … power.
  public static func log(_ range: ClosedRange<Double>, about count: Int) -> [Tick] {
    guard range.lowerBound > 0, range.upperBound.isFinite, count > 0 else { return [] }
    for mantissas in [[1.0, 2, 5], [1, 3], [1]] {
      let ticks = decades(mantissas, every: 1, in: range)
      if ticks.count <= count, ticks.count > 1 || mantissas.count == 1 { return ticks }
    }
    var every = 2
    while every < 400 {
      let ticks = decades([1], every: every, in: range)
      if ticks.count <= count { return ticks }
      every += 1
    }
    return []
  }

  /// The powers of two inside a positive range, every second or fourth where there are more than
  /// `count`.
  public static func powersOfTwo(_ range: ClosedRange<Double>, about count: Int) -> [Tick] {
    guard range.lowerBound > 0, range.upperBound < 1e15, count > 0 else { return [] }
    var ticks: [Tick] = []
    var value = Double(sign: .plus, exponent: range.lowerBound.exponent, significand: 1)
    while value <= range.upperBound {
      if value >= range.lowerBound {
        ticks.append(Tick(value: value, label: NumberFormat.axis(value)))
      }
      value *= 2
    }
    let stride = max(1, (ticks.count + count - 1) / count)
    return ticks.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
  }

  /// The smallest of 1, 2, 5·10ᵏ that is not below `minimum` > 0.
  public static func niceStep(atLeast minimum: Double) -> Double {
    guard minimum > 0, minimum.isFinite else { return 1 }
    let exponent = Int(saturating: Elementary.log10(minimum).rounded(.down))
    for candidate in [1.0, 2, 5, 10] {
      let step = scaled(candidate, exponent)
      if step >= minimum * (1 - 1e-9) { return step }
    }
    return scaled(1, exponent + 1)
  }

  /// `mantissa·10ᵉ`, by division where e < 0, so that 3·10⁻¹ is the Double 0.3.
  static func scaled(_ mantissa: Double, _ exponent: Int) -> Double {
    exponent < 0
      ? mantissa / Elementary.tenTo(-exponent) : mantissa * Elementary.tenTo(exponent)
  }

  private static func rounded(_ multiple: Double, times step: Double) -> Double {
    let inverse = (1 / step).rounded()
    // A step below 1 is 1/n or 2/n, 5/n of a power of ten: dividing gives 0.3, not 0.30000…4.
    let value = step < 1 && abs(inverse * step - 1) < 1e-12 ? multiple / inverse : multiple * step
    return value == 0 ? 0 : value
  }

  private static func decades(
    _ mantissas: [Double], every: Int, in range: ClosedRange<Double>
  ) -> [Tick] {
    let low = Int(saturating: Elementary.log10(range.lowerBound).rounded(.down))
    let high = Int(saturating: Elementary.log10(range.upperBound).rounded(.up))
    guard high - low < 700 else { return [] }
    let usesPowers =
      mantissas.count == 1 && (range.lowerBound < 0.000_95 || range.upperBound > 9_999_999)
    var ticks: [Tick] = []
    for exponent in low...high where exponent % every == 0 {
      for mantissa in mantissas {
        let value = scaled(mantissa, exponent)
        guard value >= range.lowerBound * (1 - 1e-9), value <= range.upperBound * (1 + 1e-9)
        else { continue }
        let label =
          usesPowers ? NumberFormat.powerOfTen(exponent) : NumberFormat.axis(value)
        ticks.append(Tick(value: value, label: label))
      }
    }
    return ticks
  }
}
