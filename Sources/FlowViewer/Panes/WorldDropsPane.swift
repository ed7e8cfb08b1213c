import FlowMatching
import TerminalCanvas

/// What became of the particles that a person dropped: where each came from, and where it ends.
struct WorldDropsPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let inner = Panel(
      title: "dropped", heading: rect.width >= 34 ? [theme.run("○ noise  ● data", .label)] : [],
      isFocused: state.window.focusedPane == .worldDrops
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty, let world = state.world else { return }
    guard let ways = world.ways, ways.key.version == world.version, !ways.all.isEmpty else {
      for (row, line) in Paragraph.lines(
        "Click on empty ground, or press f: a particle is dropped there at the present t, and its whole way "
          + "is drawn, back to the noise and on to the data.", width: max(10, inner.width - 4)
      ).enumerated() {
        screen.write([theme.run(line, .hint)], x: inner.x + 2, y: inner.y + row, clip: inner)
      }
      return
    }
    let decimals = WorldPartsPane.decimals(world.scale)
    let width = inner.width - 4
    let lines = ways.all.indices.flatMap {
      self.lines(ways.all[$0], WorldPane.role($0), world, decimals, width: width)
    }
    // The newest where not all have room.
    for (row, line) in lines.suffix(inner.height).enumerated() {
      screen.write(line, x: inner.x + 2, y: inner.y + row, clip: inner)
    }
  }

  /// Its ends; after them or on a line of their own how likely they are, and when it was dropped.
  private func lines(
    _ way: WorldWays.Way, _ role: Role, _ world: ExactWorld, _ decimals: Int, width: Int
  ) -> [[Run]] {
    let last = way.times.count - 1
    func place(_ x: Double, _ y: Double, _ decimals: Int) -> String {
      "(" + NumberFormat.fixed(x, decimals) + ", " + NumberFormat.fixed(y, decimals) + ")"
    }
    // The noise has a spread of its own.
    let ends = [
      theme.run("○ ", role, bold: true), theme.run(place(way.x[0], way.y[0], 2), .value),
      theme.run("  ● ", role, bold: true),
      theme.run(place(way.x[last], way.y[last], decimals), .value),
    ]
    var more: [Run] = []
    if let end = way.endDensity, let start = way.startDensity {
      more = [
        theme.run("  log p ", .label),
        theme.run(NumberFormat.fixed(start, 1) + " → " + NumberFormat.fixed(end, 1), .value),
      ]
    }
    more += [
      theme.run("  at t ", .label), theme.run(NumberFormat.fixed(way.drop.t, 2), .value),
    ]
    return ends.columns + more.columns <= width ? [ends + more] : [ends, more]
  }
}
