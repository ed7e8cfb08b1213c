import FlowMatching
import TerminalCanvas

/// The plane of latents by class: where the learned ones lie as a tint, the wall's samples at t as dots.
struct LatentPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let plane = state.probes.pictures.plane?.plane
    let words =
      plane?.isWhole == true
      ? "both of its numbers" : "two directions of \(state.experiment.dimension)"
    let inner = Panel(
      title: "latent", heading: rect.width >= 40 ? [theme.run(words, .label)] : [],
      labels: rect.width >= 58 ? [theme.run("dots · tint: data", .label)] : [],
      isFocused: state.window.focusedPane == .latent
    ).draw(into: &screen, in: rect, theme: theme)
    guard let plane, !inner.isEmpty else { return }
    let axes = PlotAxes(
      rect: inner, x: plane.xRange, y: plane.yRange, cellAspect: state.window.cellAspect,
      alignsTicks: false)
    drawTint(state, plane, axes, into: &screen)
    drawDots(state, plane, axes, into: &screen)
    drawNames(state, plane, axes, into: &screen, in: inner)
  }

  /// The class that has most of the learned latents of a cell.
  private func drawTint(
    _ state: AppState, _ plane: LatentPlane, _ axes: PlotAxes, into screen: inout Screen
  ) {
    guard theme.showsSurfaces, !plane.labels.isEmpty else { return }
    let classes = state.traits.classes.count
    guard classes > 0 else { return }
    let rect = axes.rect
    var counts = [Double](repeating: 0, count: rect.width * rect.height * classes)
    for j in 0..<plane.learned.count where plane.labels[j] < classes {
      guard let cell = axes.cell(x: plane.learned[0, j], y: plane.learned[1, j]) else { continue }
      // Neighbours share what a cell has, so that few points make a region.
      for (dx, dy, share) in Self.neighbours {
        let (x, y) = (cell.column - rect.x + dx, cell.row - rect.y + dy)
        guard (0..<rect.width).contains(x), (0..<rect.height).contains(y) else { continue }
        counts[(y * rect.width + x) * classes + plane.labels[j]] += share
      }
    }
    let hues = (0..<classes).map { theme.hue(state.hue(ofClass: $0) ?? 0) }
    for y in 0..<rect.height {
      for x in 0..<rect.width {
        let place = (y * rect.width + x) * classes
        let own = counts[place..<place + classes]
        guard let most = own.max(), most > 0.3, let label = own.firstIndex(of: most) else {
          continue
        }
        let ground = theme.surfaceBackground
        let paint = theme.paint(ground + (hues[label - place] - ground) * 0.2)
        screen.set(rect.x + x, rect.y + y, " ", style: Style(background: paint))
      }
    }
  }

  private static let neighbours: [(Int, Int, Double)] = {
    var all: [(Int, Int, Double)] = []
    for dy in -1...1 {
      for dx in -2...2 {
        let distance = dx * dx + 4 * dy * dy
        all.append((dx, dy, 1 / Double(1 + distance)))
      }
    }
    return all
  }()

  private func drawDots(
    _ state: AppState, _ plane: LatentPlane, _ axes: PlotAxes, into screen: inout Screen
  ) {
    let t = state.focusedLane.t
    guard let wall = state.pictureWall, wall.knows(t) else { return }
    for (group, label) in wall.key.labels.enumerated() {
      let points = plane.picture(wall.latents(ofGroup: group, at: t))
      var grid = DotGrid(axes.rect.size)
      for j in 0..<points.count { grid.mark(axes, points[0, j], points[1, j]) }
      var style = theme.style(.value)
      if let hue = state.hue(ofClass: label), theme.depth != .mono {
        style.foreground = theme.wheel(hue)
      }
      grid.draw(into: &screen, in: axes.rect, style: style, glyphs: theme.glyphs)
    }
  }

  /// The names of classes at the means of what was learned of them.
  private func drawNames(
    _ state: AppState, _ plane: LatentPlane, _ axes: PlotAxes, into screen: inout Screen,
    in inner: Rect
  ) {
    for label in 0..<min(plane.means.count, state.traits.classes.count) {
      guard let cell = axes.cell(x: plane.means[0, label], y: plane.means[1, label]) else {
        continue
      }
      let name = " " + CellText.truncated(state.traits.classes[label], to: 8) + " "
      var style = theme.style(.title).bold
      if theme.showsSurfaces {
        let ground = theme.surfaceBackground
        let hue = theme.hue(state.hue(ofClass: label) ?? 0)
        style.background = theme.paint(ground + (hue - ground) * 0.55)
      }
      screen.write(
        [Run(name, style)], x: cell.column - CellText.columns(name) / 2, y: cell.row, clip: inner)
    }
  }
}
