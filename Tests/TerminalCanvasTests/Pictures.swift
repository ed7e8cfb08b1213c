@testable import TerminalCanvas

/// Sizes at which every widget must be safe.
let everySize = [
  Size(columns: 0, rows: 0), Size(columns: 1, rows: 1), Size(columns: 2, rows: 1),
  Size(columns: 1, rows: 9), Size(columns: 3, rows: 3), Size(columns: 80, rows: 24),
  Size(columns: 500, rows: 200),
]

/// Themes that differ in what they may draw with.
let everyTheme = ColorDepth.allCases.flatMap { depth in
  Background.allCases.flatMap { background in
    GlyphSet.allCases.map { Theme(depth: depth, background: background, glyphs: $0) }
  }
}

/// Numbers that look random and are the same in every run.
struct Scatter {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// Uniform in 0 ..< 1.
  mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / 9_007_199_254_740_992
  }

  /// Close to standard normal.
  mutating func normal() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + uniform() }
  }

  /// The coordinates of `count` normal points around (x, y).
  mutating func cloud(
    _ count: Int, x: Double = 0, y: Double = 0, deviation: Double = 1
  ) -> (x: [Double], y: [Double]) {
    var xs: [Double] = []
    var ys: [Double] = []
    for _ in 0..<count {
      xs.append(x + deviation * normal())
      ys.append(y + deviation * normal())
    }
    return (xs, ys)
  }
}
