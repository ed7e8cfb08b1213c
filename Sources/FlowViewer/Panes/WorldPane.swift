import FlowMatching
import TerminalCanvas

/// The exact world: its particles, the exact velocity as arrows, the components that can be taken hold of, and
/// the ways of what was dropped.
struct WorldPane: PlotPane {
  let theme: Theme

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    guard let world = state.world, state.complaintOfWorld == nil else {
      return PlotFrame(theme: theme, title: "exact world").draw(state, into: &screen, in: rect) {
        _, inner, screen in
        PlotFrame(theme: theme, title: "").draw(
          "The exact world " + (state.complaintOfWorld ?? "is taken apart …"), into: &screen,
          in: inner)
      }
    }
    var scatter = plots.scatter
    PlotFrame(
      theme: theme, title: "exact world",
      heading: rect.width >= 64 ? [theme.run("nothing is trained", .label)] : [],
      labels: labels(world, width: rect.width)
    ).draw(state, into: &screen, in: rect) { axes, inner, screen in
      drawCloud(state, world, axes, &scatter, into: &screen)
      if world.showsArrows { drawArrows(state, world, axes, into: &screen) }
      drawWays(state, world, axes, into: &screen)
      drawParts(world, axes, into: &screen)
      if world.isAtCursor { drawCursor(world, axes, into: &screen) }
    }
    plots.scatter = scatter
  }

  private func labels(_ world: ExactWorld, width: Int) -> [Run] {
    guard let flow = world.flow else { return [] }
    var runs = [
      theme.run(NumberFormat.grouped(flow.noise.count), .value), theme.run(" particles", .label),
    ]
    if !flow.isFresh {
      let share = Int(saturating: (100 * flow.share).rounded(.down))
      runs += [
        theme.run(" · ", .hint), theme.run("\(share) %", .warn),
        theme.run(width >= 64 ? " of this world yet" : " new", .label),
      ]
    }
    return runs
  }

  private func drawCloud(
    _ state: AppState, _ world: ExactWorld, _ axes: PlotAxes, _ scatter: inout ScatterDensity,
    into screen: inout Screen
  ) {
    guard let flow = world.flow, state.look.scenery.content != .target else { return }
    let n = flow.positions.count
    scatter.bin(
      x: flow.positions.values[0..<n], y: flow.positions.values[n..<2 * n], axes: axes)
    let area = axes.unitsPerDotX * axes.unitsPerDotY * 8
    // Beside the densest component, and the noise: a scale of its own for a frame would pump.
    let peak = world.parts.indices.reduce(0.0) { peak, k in
      let s = max(world.parts[k].deviation, axes.unitsPerDotX * 2)
      return max(peak, world.share(k) / (2 * .pi * s * s))
    }
    let noise = 1 / (2 * Double.pi)
    let most = 0.7 * Double(n) * area * min(max(peak, noise), 2 * max(peak, 1e-300))
    scatter.draw(
      into: &screen, axes: axes, theme: theme,
      look: ScatterLook(maximum: max(1, most), glows: false, fade: 0.35))
  }

  /// The exact velocity where particles may be, brighter where it is faster.
  private func drawArrows(
    _ state: AppState, _ world: ExactWorld, _ axes: PlotAxes, into screen: inout Screen
  ) {
    guard var field = state.worldSubject(world)?.field else { return }
    let rect = axes.rect
    var cells: [(column: Int, row: Int)] = []
    for row in stride(from: rect.height % 4 / 2, to: rect.height, by: 2) {
      for column in stride(from: rect.width / 2 % 4, to: rect.width, by: 4) {
        cells.append((rect.x + column, rect.y + row))
      }
    }
    guard !cells.isEmpty else { return }
    let points = Batch(
      points: cells.map { cell in
        let place = axes.world(column: cell.column, row: cell.row)
        return [place.x, place.y]
      })
    // At the end of single points there is no density any more, and no velocity between them.
    let t = state.playback.clock.t
    guard !world.isOfPoints || t <= 0.97 else { return }
    var velocity = points
    field.evaluate(points, at: .shared(t), into: &velocity)
    let densities = field.logDensity(points, at: .shared(t))
    let top = densities.filter(\.isFinite).max() ?? 0
    for (j, cell) in cells.enumerated() where densities[j] > top - 6 {
      let (x, y) = (velocity[0, j], velocity[1, j])
      let speed = (x * x + y * y).squareRoot() / state.scene.speedScale
      guard speed.isFinite else { continue }
      let sector = Int(saturating: (Angle.turns(x: x, y: y) * 8).rounded()) % 8
      screen.set(
        cell.column, cell.row, speed < 0.12 ? theme.glyphs.dot : theme.glyphs.arrows[sector],
        style: theme.arrow(speed: speed))
    }
  }

  /// A line around most of every component, and its middle.
  private func drawParts(_ world: ExactWorld, _ axes: PlotAxes, into screen: inout Screen) {
    // The chosen one last, over the others.
    let order = world.parts.indices.filter { $0 != world.chosen } + [world.chosen]
    for index in order where world.parts.indices.contains(index) {
      let part = world.parts[index]
      let isChosen = index == world.chosen
      let role: Role = isChosen ? .accent : .lane1
      if part.deviation > 0 {
        var ring = DotGrid(axes.rect.size)
        ring.ring(around: part, axes)
        ring.draw(
          into: &screen, in: axes.rect,
          style: isChosen ? theme.style(.accent) : theme.faded(theme.style(.lane1), 0.4),
          glyphs: theme.glyphs)
      }
      guard let cell = axes.cell(x: part.mean[0], y: part.mean[1]) else { continue }
      let mark = world.isOfPoints ? (isChosen ? "◆" : "◇") : "\(index + 1)"
      screen.write(
        [theme.run(mark, role, bold: true)],
        x: cell.column - (mark.count > 1 ? 1 : 0), y: cell.row, clip: axes.rect)
    }
  }

  /// The whole way of everything that was dropped, from ○ in the noise to ● in the data.
  private func drawWays(
    _ state: AppState, _ world: ExactWorld, _ axes: PlotAxes, into screen: inout Screen
  ) {
    guard let ways = world.ways else { return }
    for (index, way) in ways.all.enumerated() {
      let role = WorldPane.role(index)
      var grid = DotGrid(axes.rect.size)
      for k in 1..<max(2, way.times.count) where k < way.times.count {
        grid.line(axes, from: (way.x[k - 1], way.y[k - 1]), to: (way.x[k], way.y[k]))
      }
      grid.draw(into: &screen, in: axes.rect, style: theme.style(role), glyphs: theme.glyphs)
      let last = way.times.count - 1
      let now = way.place(at: state.playback.clock.t)
      for (x, y, glyph) in [
        (way.x[0], way.y[0], "○"), (way.x[last], way.y[last], "●"), (way.drop.x, way.drop.y, "+"),
        (now.x, now.y, "•"),
      ] {
        guard let cell = axes.cell(x: x, y: y) else { continue }
        screen.write(
          [theme.run(glyph, glyph == "•" ? .accent : role, bold: true)], x: cell.column,
          y: cell.row, clip: axes.rect)
      }
    }
  }

  /// The colour of a dropped particle.
  static func role(_ index: Int) -> Role { [Role.lane2, .lane3, .lane4, .good][index % 4] }

  private func drawCursor(_ world: ExactWorld, _ axes: PlotAxes, into screen: inout Screen) {
    guard let cell = axes.cell(x: world.cursor[0], y: world.cursor[1]) else { return }
    for (dx, dy, glyph) in [(-1, 0, "╴"), (1, 0, "╶"), (0, 0, "┼")] {
      let shown = theme.glyphs == .ascii ? (dx == 0 ? "+" : "-") : glyph
      screen.write(
        [theme.run(shown, .accent, bold: true)], x: cell.column + dx, y: cell.row + dy,
        clip: axes.rect)
    }
  }
}

extension DotGrid {
  /// The line at two standard deviations around a component, which holds 86 % of it.
  fileprivate mutating func ring(around part: MixturePart, _ axes: PlotAxes) {
    let s = part.deviation
    // The lower factor L of the covariance: 2L(cos, sin) is the line.
    let covariance = part.covariance ?? [s * s, 0, 0, s * s]
    let a = covariance[0].squareRoot()
    let b = covariance[1] / a
    let c = max(0, covariance[3] - b * b).squareRoot()
    // By turns of five degrees.
    let (cosine, sine) = (0.996194698091745532, 0.0871557427476581736)
    var way = (x: 1.0, y: 0.0)
    var last: (x: Double, y: Double)?
    for _ in 0...72 {
      let next = (
        x: part.mean[0] + 2 * a * way.x, y: part.mean[1] + 2 * (b * way.x + c * way.y)
      )
      way = (cosine * way.x - sine * way.y, sine * way.x + cosine * way.y)
      if let last { line(axes, from: last, to: next) }
      last = next
    }
  }
}
