import FlowMatching
import TerminalCanvas

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is known of an exact world in numbers, of the world as it stands now: the floor of the loss, what
/// transport costs, and how far solvers end from the exact places.
struct WorldFiguresPane: Pane {
  let theme: Theme

  /// A line: a name, its number, and what follows it.
  private struct Row {
    var mark: [Run] = []
    let name: String
    let value: [Run]
    var bar: Double?
    var isHeading = false
  }

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let inner = Panel(
      title: "in numbers",
      labels: rect.width >= 40
        ? [
          theme.run(state.world?.figures.isFine == true ? "of this world" : "of few draws", .label)
        ] : [],
      isFocused: state.window.focusedPane == .worldFigures
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty, let world = state.world else { return }
    guard let values = world.figures.shown, values.key.version == world.version else {
      screen.write([theme.run("being measured …", .hint)], x: inner.x + 2, y: inner.y, clip: inner)
      return
    }
    let rows = self.rows(world, values, height: inner.height, isNarrow: inner.width < 34)
    for (index, row) in rows.enumerated() where index < inner.height {
      let y = inner.y + index
      screen.write(
        [theme.run(row.name, row.isHeading ? .value : .label)],
        x: inner.x + (row.isHeading ? 2 : 3),
        y: y, clip: inner)
      screen.write(row.value, endingAt: numberEnd(inner), y: y, clip: inner)
      if let bar = row.bar { drawBar(bar, y, into: &screen, in: inner) }
    }
  }

  /// The column where numbers end; what is right of it belongs to the bars.
  private func numberEnd(_ inner: Rect) -> Int {
    inner.width >= 46 ? inner.x + 34 : inner.maxX - 1
  }

  private func rows(
    _ world: ExactWorld, _ values: WorldFigures.Values, height: Int, isNarrow: Bool
  ) -> [Row] {
    var floor = values.floor.map { number($0, .floor) } ?? [theme.run("not known", .hint)]
    if let times = values.floorTimes {
      floor += [
        theme.run(
          " t \(NumberFormat.axis(times.lowerBound))–\(NumberFormat.axis(times.upperBound))", .hint)
      ]
    }
    let flow = world.flow?.cost
    let least = values.leastCost(beside: flow)
    var rows = [
      Row(name: "floor of the loss", value: floor, isHeading: true),
      Row(name: "mean squared way", value: [], isHeading: true),
      Row(
        name: "random pairs",
        value: values.independent.map { [theme.run(NumberFormat.significant($0, 4), .value)] }
          ?? [theme.run("not known", .hint)]),
      Row(
        name: "this flow", value: flow.map { number($0, .value) } ?? [theme.run("…", .hint)]),
      Row(
        name: isNarrow ? "least" : "least possible",
        value: (values.isLeastExact ? [] : [theme.run("≤ ", .label)]) + number(least, .value)),
      Row(
        name: (isNarrow ? "" : "error of ") + steps(values.errors.steps),
        value: [theme.run("evaluations", .hint)], isHeading: true),
    ]
    for row in values.errors.rows {
      rows.append(
        Row(
          name: row.method.title,
          value: number(row.error, .value) + [
            theme.run(NumberFormat.padded("\(row.evaluations)", to: 5), .hint)
          ], bar: row.error.mean / world.scale))
    }
    guard height >= rows.count + 2 else { return rows }
    // Room between what belongs together.
    rows.insert(Row(name: "", value: []), at: 5)
    rows.insert(Row(name: "", value: []), at: 1)
    return rows
  }

  private func steps(_ count: Int) -> String { count == 1 ? "1 step" : "\(count) steps" }

  /// A number with what it may be off, where it was drawn.
  private func number(_ estimate: Estimate, _ role: Role) -> [Run] {
    guard estimate.mean.isFinite else { return [theme.run("lost", .bad)] }
    let value = theme.run(
      NumberFormat.significant(estimate.mean, estimate.standardError > 0 ? 3 : 4), role, bold: true)
    guard estimate.standardError > 0 else { return [value] }
    return [value, theme.run(" ±" + NumberFormat.significant(estimate.standardError, 1), .hint)]
  }

  /// How large an error is beside the spread, from a millionth to all of it, by decades.
  private func drawBar(_ share: Double, _ y: Int, into screen: inout Screen, in inner: Rect) {
    let (from, to) = (numberEnd(inner) + 2, inner.maxX - 2)
    guard to - from >= 6, share.isFinite else { return }
    let decades = log10(min(1, max(1e-6, share)))
    let length = Int(saturating: (Double(to - from) * (1 + decades / 6)).rounded())
    let glyph = theme.glyphs == .ascii ? "#" : "▬"
    screen.write(
      [theme.run(String(repeating: glyph, count: length), .series)], x: from, y: y, clip: inner)
  }
}
