import FlowMatching
import TerminalCanvas

/// One lane that asks for a class: its cloud over the class, the tilt that its weight promises, and on a
/// ruler how far its mean is beyond that of the tilt.
struct GuidedLanePane {
  let theme: Theme

  func draw(
    _ state: AppState, lane index: Int, plots: inout PlotCache, into screen: inout Screen,
    in rect: Rect
  ) {
    let figure = state.guidedFigure(ofLane: index)
    let isFocused = index == state.lanes.focused
    let name = state.name(ofLane: index)
    let bullet = String(Character(theme.glyphs.bullet))
    let isWide = rect.width >= 36
    Panel(
      heading: [
        theme.run(bullet + " ", .lane(index)), theme.run(name, .lane(index), bold: true),
      ],
      labels: GuidedLanePane.overshoot(figure, theme, words: isWide ? "overshoot " : ""),
      bottom: [], isFocused: isFocused, border: isFocused ? .label : .border
    ).draw(into: &screen, in: rect, theme: theme)
    let inner = rect.inset(by: 1)
    guard inner.height > 3 else { return }
    let (foot, plot) = inner.split(bottom: 2)
    screen.fill(foot, style: Style())
    drawCloud(state, index, plots: &plots, into: &screen, in: plot)
    drawRuler(state, index, figure, state.axes(in: plot, lane: index), into: &screen, foot)
    drawNumbers(state, index, figure, into: &screen, foot)
  }

  /// “overshoot +0.45 ×” with a mark that says whether it is small beside the tilt's own deviation.
  static func overshoot(_ figure: GuidedFigure?, _ theme: Theme, words: String = "") -> [Run] {
    guard let figure, let overshoot = figure.overshoot,
      let inDeviations = figure.overshootInDeviations
    else { return [theme.run(words, .label), theme.run(NumberFormat.missing, .value)] }
    let (mark, role): (String, Role) =
      abs(inDeviations) < small
      ? ("✓", .good) : abs(inDeviations) < medium ? ("!", .warn) : ("×", .bad)
    return [
      theme.run(words, .label), theme.run(GuidedLanePane.signed(overshoot), .value, bold: true),
      theme.run(" " + mark, role),
    ]
  }

  /// Overshoots below these, in standard deviations of the tilt, are small and medium.
  private static let (small, medium) = (0.15, 0.6)

  /// What the marks beside overshoots mean.
  static func markKey(_ theme: Theme) -> [Run] {
    [
      theme.run("off by ", .hint), theme.run("✓", .good), theme.run(" < \(small)  ", .hint),
      theme.run("!", .warn), theme.run(" < \(medium)  ", .hint), theme.run("×", .bad),
      theme.run(" more of its sd", .hint),
    ]
  }

  /// A number with its sign, in three digits at most.
  static func signed(_ value: Double) -> String {
    let text =
      abs(value) < 10 ? NumberFormat.fixed(abs(value), 2) : NumberFormat.significant(abs(value))
    return text == "0.00" ? " 0.00" : (value < 0 ? "−" : "+") + text
  }

  private func drawCloud(
    _ state: AppState, _ index: Int, plots: inout PlotCache, into screen: inout Screen,
    in rect: Rect
  ) {
    guard !rect.isEmpty, let target = state.guidanceStudy?.target else { return }
    let axes = state.axes(in: rect, lane: index)
    // All particles are of one class: as dense as that share of the data.
    let maximum =
      plots.backdrop(state, axes: axes).peakShare * Double(state.particleCount)
      / target.classes.weights[target.label]
    let positions = state.lanes.all[index].positions
    let n = positions.count
    plots.scatter.bin(x: positions.values[0..<n], y: positions.values[n..<2 * n], axes: axes)
    plots.scatter.draw(
      into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: maximum, glows: false),
      target: plots.classMask(target, weight: 1, axes: axes))
    // A name needs room beside the cloud.
    for other in target.classes.names.indices where other != target.label && rect.height > 9 {
      guard let centre = plots.classCentre(target, other, axes: axes) else { continue }
      screen.write(
        [theme.run(target.classes.names[other], .hint)], x: centre.column, y: centre.row,
        clip: axes.rect)
    }
    let weight = state.lanes.all[index].settings.guidance?.weight ?? 1
    // Of weight 1 the tilt is the class itself.
    if weight != 1 {
      plots.classMask(target, weight: weight, axes: axes).outline.draw(
        into: &screen, in: axes.rect, style: theme.style(.floor), glyphs: theme.glyphs)
    }
    TagLayer(theme: theme).draw(state, lane: index, axes: axes, into: &screen)
  }

  /// From ◆, the mean that the tilt promises, to the mean of the particles.
  private func drawRuler(
    _ state: AppState, _ index: Int, _ figure: GuidedFigure?, _ axes: PlotAxes,
    into screen: inout Screen, _ foot: Rect
  ) {
    let isPlain = theme.glyphs == .ascii
    for x in foot.x + 1..<max(foot.x + 1, foot.maxX - 1) {
      screen.set(x, foot.y, isPlain ? "-" : "─", style: theme.style(.border))
    }
    guard let figure, let tilt = figure.tilt, let target = state.guidanceStudy?.target else {
      return
    }
    func column(_ place: Double) -> Int {
      let least = foot.x + 1
      let room = max(1, foot.width - 3)
      var share =
        (place - target.range.lowerBound) / (target.range.upperBound - target.range.lowerBound)
      // Along x the ruler is the plot's own axis.
      if abs(target.axis[0]) > 0.999,
        let cell = axes.cell(
          x: target.axis[0] * place, y: 0.5 * (axes.yRange.lowerBound + axes.yRange.upperBound))
      {
        share = Double(cell.column - least) / Double(room)
      }
      return least + Int(saturating: (min(1, max(0, share)) * Double(room)).rounded())
    }
    let (from, to) = (column(tilt.mean), column(figure.mean))
    let style = theme.style(.lane(index)).bold
    for x in min(from, to)...max(from, to) where x != from {
      screen.set(x, foot.y, isPlain ? "=" : "━", style: style)
    }
    if to != from {
      let head: Unicode.Scalar = to > from ? isPlain ? ">" : "▶" : isPlain ? "<" : "◀"
      screen.set(to, foot.y, head, style: style)
    }
    screen.set(from, foot.y, isPlain ? "*" : "◆", style: theme.style(.floor).bold)
  }

  private func drawNumbers(
    _ state: AppState, _ index: Int, _ figure: GuidedFigure?, into screen: inout Screen,
    _ foot: Rect
  ) {
    let y = foot.y + 1
    if let trouble = state.trouble(ofLane: index, columns: foot.width - 3) {
      screen.write([theme.run(trouble, .bad)], x: foot.x + 1, y: y, clip: foot)
      return
    }
    guard let figure else {
      screen.write([theme.run("solving …", .hint)], x: foot.x + 1, y: y, clip: foot)
      return
    }
    let mean = [
      theme.run("mean ", .label), theme.run(NumberFormat.fixed(figure.mean, 2), .value, bold: true),
    ]
    screen.write(mean, x: foot.x + 1, y: y, clip: foot)
    let share = "\(Int(saturating: (100 * figure.outside).rounded())) %"
    let words = foot.width >= 36 ? "off the class " : "off "
    screen.write(
      [theme.run(words, .label), theme.run(share, .value, bold: true)], endingAt: foot.maxX - 1,
      y: y,
      clip: foot)
  }
}

extension PlotCache {
  /// Where 95 % of a class lie, or of its tilt of another weight.
  mutating func classMask(
    _ target: GuidanceTarget, weight: Double, axes: PlotAxes
  ) -> TargetMask {
    let axes = axes.atOrigin
    let key = "\(target.dataset) \(target.label) \(weight)"
    if let known = masks.first(where: { $0.key == key && $0.axes == axes }) { return known.mask }
    let mask: TargetMask
    if let tilt = target.tilt(weight), target.side > 100 {
      mask = TargetMask(axes: axes) { (xs: [Double], y: Double) in
        tilt.logValue(Batch(dimension: 2, values: xs + [Double](repeating: y, count: xs.count)))
      }
    } else {
      let n = target.draws.count
      mask = TargetMask(
        axes: axes, x: target.draws.values[0..<n], y: target.draws.values[n..<2 * n])
    }
    if masks.count >= 16 { masks.removeFirst() }
    masks.append((key, axes, mask))
    return mask
  }

  /// The cell in the middle of another class.
  mutating func classCentre(
    _ target: GuidanceTarget, _ label: Int, axes: PlotAxes
  ) -> (column: Int, row: Int)? {
    // A few draws tell a place well enough for a name.
    var random = Random(seed: 1)
    let mean = GuidanceTarget.mean(target.classes.parts[label].sample(count: 64, using: &random))
    return axes.cell(x: mean[0], y: mean[1])
  }
}
