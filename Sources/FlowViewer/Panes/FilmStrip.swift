import FlowMatching
import TerminalCanvas

/// The cloud at t = 0, 0.1 … 1 above the time line; what lies ahead of t is fainter.
struct FilmStrip {
  static let columns = 11
  private var scatter = ScatterDensity(blur: 0.9)

  mutating func draw(
    _ state: AppState, centres: [Int], into screen: inout Screen, in rect: Rect, theme: Theme
  ) {
    let axes = centres.map { centre in
      PlotAxes(
        rect: Rect(
          x: centre - FilmStrip.columns / 2, y: rect.y, width: FilmStrip.columns,
          height: rect.height),
        x: state.scene.xRange, y: state.scene.yRange, alignsTicks: false)
    }
    var peak = 0.0
    for (frame, axes) in zip(state.filmFrames, axes) {
      bin(frame, axes)
      peak = max(peak, scatter.peak())
    }
    for (index, (frame, axes)) in zip(state.filmFrames, axes).enumerated() {
      bin(frame, axes)
      let isAhead = Double(index) / 10 > state.clock.t + 1e-9
      scatter.draw(
        into: &screen, axes: axes, theme: theme,
        look: ScatterLook(maximum: peak, glows: false, fade: isAhead ? 0.58 : 0))
    }
  }

  private mutating func bin(_ frame: Batch, _ axes: PlotAxes) {
    let n = frame.count
    scatter.bin(x: frame.values[0..<n], y: frame.values[n..<2 * n], axes: axes)
  }
}
