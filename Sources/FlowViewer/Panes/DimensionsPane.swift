import FlowMatching
import TerminalCanvas

/// NPE of exact flows over the number of dimensions: two clusters, and one at every corner of a cube.
struct DimensionsPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    func points(_ flows: [ClusterStraightness]) -> [ChartPoint] {
      flows.map { ChartPoint(x: Double($0.dimension), y: $0.npe) }
    }
    Chart(
      series: [
        ChartSeries(points(ClusterStraightness.ofCorners), role: .hint, label: "every corner"),
        ChartSeries(points(ClusterStraightness.ofTwo), role: .series, label: "two clusters"),
      ],
      markers: points(ClusterStraightness.ofTwo).map { ChartMarker($0, role: .series) },
      xRange: 1.7...80, xScale: .powersOfTwo, yRange: 0...2
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "straightness",
        heading: rect.width >= 44 ? [theme.run("NPE of exact flows over d", .label)] : [],
        labels: [theme.run("0 is straight", .hint)],
        isFocused: state.window.focusedPane == .dimensions), theme: theme)
    drawNumbers(into: &screen, in: rect.inset(by: 1))
  }

  /// NPE and straightness a coordinate at each d, where there is room.
  private func drawNumbers(into screen: inout Screen, in inner: Rect) {
    guard inner.height >= 9, inner.width >= 34 else { return }
    let x = inner.maxX - 24
    screen.write(
      [theme.run("   d    NPE  E∫|v−Δ|²/d", .hint)], x: x, y: inner.y + 2, clip: inner)
    for (row, flow) in ClusterStraightness.ofTwo.enumerated() {
      let d = NumberFormat.padded("\(flow.dimension)", to: 4)
      let straightness = flow.straightness / Double(flow.dimension)
      screen.write(
        [
          theme.run(d, .label), theme.run("  " + NumberFormat.fixed(flow.npe, 3), .series),
          theme.run("     " + NumberFormat.fixed(straightness, 3), .value),
        ], x: x, y: inner.y + 3 + row, clip: inner)
    }
  }
}
