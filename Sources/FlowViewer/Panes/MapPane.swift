import FlowMatching
import TerminalCanvas

/// A residual of a flow map as heat: where one jump cannot follow the flow.
struct MapPane: PlotPane {
  let theme: Theme
  /// The residual of the last colour, in units of the data's spread.
  static let greatest = 0.3

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    let request = state.residualRequest
    let shown = request.flatMap { _ in state.probes.residual.shown?.picture }
    let frame = PlotFrame(
      theme: theme, title: "residual",
      heading: heading(shown?.request ?? request, rect.width),
      labels: labels(state.currentResidual))
    frame.draw(state, into: &screen, in: rect) { axes, inner, screen in
      if let complaint = state.residualComplaint {
        frame.draw(complaint, into: &screen, in: inner)
      } else if let shown, shown.request.grid.axes == axes {
        draw(shown, unit: state.scene.errorScale, into: &screen, in: axes.rect)
        drawBar(unit: state.scene.errorScale, into: &screen, in: inner)
      } else if request != nil {
        frame.draw("measuring …", into: &screen, in: inner)
      }
    }
  }

  private func heading(_ request: MapPicture.Request?, _ width: Int) -> [Run] {
    request.map { [theme.run(width >= 56 ? $0.formula : $0.shortFormula, .label)] } ?? []
  }

  private func labels(_ picture: MapPicture?) -> [Run] {
    guard let picture else { return [] }
    return [
      theme.run("rms ", .label),
      theme.run(NumberFormat.significant(picture.size), .value, bold: true),
    ]
  }

  private func draw(
    _ picture: MapPicture, unit: Double, into screen: inout Screen, in rect: Rect
  ) {
    let grid = picture.request.grid
    HeatMap.draw(
      into: &screen, in: rect, theme: theme,
      level: { column, half in
        guard grid.value(picture.presence, column: column, half: half) > 0.1 else { return nil }
        return MapPane.level(
          Double(grid.value(picture.values, column: column, half: half)) / unit)
      },
      paint: { column, half in
        let presence = Double(grid.value(picture.presence, column: column, half: half))
        guard presence > 0.1 else { return nil }
        let value = Double(grid.value(picture.values, column: column, half: half)) / unit
        return theme.fieldError(MapPane.level(value), presence: min(1, presence))
      })
  }

  /// 0…1 by the fourth root, so that decades are told apart, in 24 steps.
  static func level(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    let share = (value / greatest).squareRoot().squareRoot()
    return (min(1, share) * 24).rounded() / 24
  }

  /// ".03": there is room for three characters.
  private static func short(_ value: Double) -> String {
    let text = value == 0 ? "0" : NumberFormat.significant(value, 1)
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }

  private func drawBar(unit: Double, into screen: inout Screen, in inner: Rect) {
    guard inner.width >= 40, inner.height >= 12 else { return }
    let theme = theme
    ColorBar(
      marks: [0, 0.001, 0.01, 0.03, 0.1, 0.3].map {
        ColorBar.Mark(
          level: ($0 / MapPane.greatest).squareRoot().squareRoot(),
          label: MapPane.short($0 * unit))
      }.filter { $0.label.count <= 3 }, paint: { theme.fieldError($0, presence: 1) }
    ).draw(into: &screen, in: inner.split(right: AppState.barColumns - 1).first, theme: theme)
  }
}
