import FlowMatching
import TerminalCanvas

/// One lane of a comparison: its cloud, coloured by how far each particle is from its exact place.
struct LanePane {
  let theme: Theme

  func draw(
    _ state: AppState, lane index: Int, plots: inout PlotCache, into screen: inout Screen,
    in rect: Rect
  ) {
    let lane = state.lanes.all[index]
    let isFocused = index == state.lanes.focused
    // Another view of the lane has been drawn where its cloud would stand.
    let showsView =
      state.look.scenery.view == .paths || isFocused && state.look.scenery.view != .particles
    // In a narrow pane a long solver's name leaves no room in the title: the work goes below.
    let isWide = rect.width >= 36
    let evaluations = state.evaluations(ofLane: index)
    let bullet = String(Character(theme.glyphs.bullet))
    let name = state.name(ofLane: index)
    // What is compared with no other lane is grey; its mark still tells which it is.
    let isApart = state.isOutOfComparison(index)
    let detail =
      state.experiment(of: lane.settings).traits.needsSolver
      ? LanePane.detail(
        lane.settings, title: name,
        saysMethod: name != lane.settings.title && !state.comparesTrainings, width: rect.width,
        besideWork: isWide) : ""
    Panel(
      heading: [
        theme.run(bullet + " ", .lane(index)),
        theme.run(name, isApart ? .hint : .lane(index), bold: true),
        theme.run(
          detail.isEmpty ? "" : " " + detail, isApart ? .hint : isFocused ? .value : .label),
      ],
      labels: isWide ? work(evaluations) : [],
      // Lane colours are taken by the titles, so here the border tells where keys go.
      isFocused: isFocused, border: isFocused ? .label : .border
    ).draw(into: &screen, in: rect, theme: theme)
    let inner = rect.inset(by: 1)
    guard inner.height > 1 else { return }
    let (footer, plot) = inner.split(bottom: 1)
    drawNumbers(state, index, evaluations, isWide: isWide, into: &screen, in: footer)
    if !showsView { drawCloud(state, index, plots: &plots, into: &screen, in: plot) }
  }

  /// The steps or the tolerance as far as the border has room for them beside “NFE 123”, else beside
  /// the number alone: what a lane has cost is never the part that goes.
  /// Where the weights or a schedule are its name the method is said too, and never a number alone: it
  /// would read on from “kept 14 134”.
  static func detail(
    _ settings: LaneSettings, title: String, saysMethod: Bool = false, width: Int,
    besideWork: Bool = true
  ) -> String {
    let short = settings.isAdaptive ? "1e\(settings.toleranceExponent)" : "\(settings.steps)"
    func fits(_ detail: String, _ cost: Int) -> Bool {
      // A bullet and the title, blanks on both sides of both texts, two corners and three strokes;
      // in a narrow pane the work stands elsewhere.
      title.count + 3 + detail.count + (besideWork ? cost + 9 : 6) <= width
    }
    if saysMethod {
      return [settings.short, settings.detail].first { fits($0, 7) } ?? ""
    }
    if fits(settings.detail, 7) { return settings.detail }
    return fits(short, 7) || fits(short, 3) ? short : ""
  }

  private func drawCloud(
    _ state: AppState, _ index: Int, plots: inout PlotCache, into screen: inout Screen,
    in rect: Rect
  ) {
    guard !rect.isEmpty else { return }
    if let surface = state.surface {
      return drawSurface(state, surface, index, plots: &plots, into: &screen, in: rect)
    }
    let lane = state.lanes.all[index]
    let axes = state.axes(in: rect, lane: index)
    let backdrop = plots.backdrop(state, axes: axes)
    let maximum = backdrop.peakShare * Double(state.particleCount)
    let n = lane.positions.count
    let dots = state.projection.picture(lane.positions)
    let (x, y) = (dots.values[0..<n], dots.values[n..<2 * n])
    // A followed particle stands out before a fainter cloud.
    let fade = state.particles.picked != nil ? 0.6 : state.showsWays ? 0.42 : 0
    let look: ScatterLook
    let isByStart = state.look.scenery.colouring == .angle && lane.positions.dimension == 2
    if state.isOutOfComparison(index), !isByStart {
      let grey = theme.style(.hint)
      plots.scatter.bin(x: x, y: y, axes: axes)
      look = ScatterLook(.uniform(grey), maximum: maximum, glows: false, fade: fade)
    } else if isByStart || state.colour(ofLane: index) == .start {
      let hues = plots.startAngles(state.seenNoise)
      plots.scatter.bin(x: x, y: y, axes: axes, hues: hues.prefix(n))
      look = ScatterLook(.hue, maximum: maximum, glows: false, fade: fade)
    } else if state.colour(ofLane: index) == .error, let error = lane.error {
      let (theme, scale) = (theme, state.scene.errorScale)
      plots.scatter.bin(x: x, y: y, axes: axes, values: error.particles[0..<n])
      look = ScatterLook(
        .mean { theme.endErrorStyle(theme.endErrorLevel($0 / scale)) }, maximum: maximum,
        glows: false, fade: fade)
    } else {
      plots.scatter.bin(x: x, y: y, axes: axes)
      look = ScatterLook(maximum: maximum, glows: false, fade: fade)
    }
    plots.scatter.draw(
      into: &screen, axes: axes, theme: theme, look: look, target: backdrop.mask)
    TagLayer(theme: theme).draw(state, lane: index, axes: axes, into: &screen)
    if index == state.lanes.focused { drawJoins(state, axes, into: &screen) }
    if state.showsWays {
      WaysLayer(theme: theme).draw(state, lane: index, axes: axes, into: &screen)
    }
    drawPicked(state, index, axes, into: &screen)
    AxisNamesLayer(theme: theme).draw(state, into: &screen, in: rect)
  }

  /// The data points that are all the target of a lane, and the followed particle with a ray to each
  /// place where it may end.
  func drawPicked(
    _ state: AppState, _ index: Int, _ axes: PlotAxes, into screen: inout Screen
  ) {
    let projection = state.projection
    let positions = projection.picture(state.lanes.all[index].positions)
    let picked = state.particles.picked.flatMap { $0 < positions.count ? $0 : nil }
    if let picked {
      InspectionLayer(theme: theme).drawRays(
        state, lane: index, from: (positions[0, picked], positions[1, picked]), axes, into: &screen)
    }
    if case .points(let count) = state.lanes.all[index].settings.velocity {
      let data = projection.picture(state.scene.someData.prefix(count))
      for j in 0..<data.count {
        guard let cell = axes.cell(x: data[0, j], y: data[1, j]) else { continue }
        screen.set(
          cell.column, cell.row, theme.glyphs.bullet, style: theme.style(.floor).bold)
      }
    }
    if let picked, let cell = axes.cell(x: positions[0, picked], y: positions[1, picked]) {
      screen.set(cell.column, cell.row, theme.glyphs.bullet, style: theme.style(.accent).bold)
    }
  }

  /// A stroke from some particles to where the partner has them, in the partner's colour.
  func drawJoins(_ state: AppState, _ axes: PlotAxes, into screen: inout Screen) {
    guard let partner = state.partner else { return }
    let (from, to) = (state.focusedLane.positions, state.lanes.all[partner].positions)
    var grid = DotGrid(axes.rect.size)
    // So few that single strokes can be told apart.
    let shown = min(from.count, to.count, axes.rect.width * axes.rect.height / 6)
    grid.segments(axes, from: from, to: to, through: state.projection, prefix: shown)
    grid.draw(
      into: &screen, in: axes.rect, style: theme.style(.lane(partner)), glyphs: theme.glyphs)
  }

  private func work(_ evaluations: Int) -> [Run] {
    [
      theme.run("NFE ", .label),
      theme.run(NumberFormat.padded("\(evaluations)", to: 3), .value, bold: true),
    ]
  }

  private func drawNumbers(
    _ state: AppState, _ index: Int, _ evaluations: Int, isWide: Bool, into screen: inout Screen,
    in rect: Rect
  ) {
    if let trouble = state.trouble(ofLane: index, columns: rect.width - 3) {
      screen.fill(rect, style: Style())
      screen.write([theme.run(trouble, .bad)], x: rect.x + 2, y: rect.y, clip: rect)
      return
    }
    screen.fill(rect, style: Style())
    let left = figures(state, index, isWide: isWide, width: rect.width)
    screen.write(left, x: rect.x + 2, y: rect.y, clip: rect)
    let right = isWide ? place(state, index) : work(evaluations)
    // Beside a formula the evaluations have no room in a narrow pane.
    guard left.columns + right.columns + 5 <= rect.width else { return }
    screen.write(right, endingAt: rect.maxX - 2, y: rect.y, clip: rect)
  }

  /// What the lane is judged by, or what sets it apart from the others.
  private func figures(_ state: AppState, _ index: Int, isWide: Bool, width: Int) -> [Run] {
    var left = [
      theme.run("error ", .label), theme.run(state.error(ofLane: index), .value, bold: true),
    ]
    if let standing = state.standing(ofLane: index, isBrief: !isWide) {
      left = [theme.run(standing, .hint)]
    }
    if state.comparesTrainings {
      let nll = state.likelihood(ofMatching: state.isMatching(index))
      let text = nll.map { NumberFormat.fixed($0.value, 3) } ?? NumberFormat.missing
      left = [theme.run("NLL ", .label), theme.run(text, .value, bold: true)]
    }
    if let kept = state.kept(state.lanes.all[index].settings) {
      // Before the figure at the right, which is nine columns wide at most.
      let words = CellText.truncated(kept.words(beside: state.experiment), to: width - 14)
      left = [theme.run(words, .value)]
    }
    if index == state.lanes.focused, let partner = state.partner,
      let apart = state.distanceToPartner
    {
      left = [
        theme.run("● ", .lane(partner)), theme.run("distance ", .label),
        theme.run(NumberFormat.significant(apart), .value, bold: true),
      ]
    } else if state.lanes.all[index].settings.stochastic != nil {
      let noise = state.lanes.all[index].settings.noise ?? LaneSettings.usualNoise
      left =
        state.comparesProcesses || state.traits.hasConstantNoise
        ? [theme.run(noise.formula, .value)]
        : [theme.run("noise ", .label), theme.run(noise.name, .value)]
    } else if state.lanes.all[index].settings.leaps {
      let keeps = state.lanes.all[index].settings.method.keepsMarginals
      left = [theme.run("rate ", .label), theme.run(keeps ? "[∂p]₋/p" : "κ′p₀/p_t", .value)]
    }
    if let velocity = state.lanes.all[index].settings.velocity,
      state.lanes.all[index].settings.isDeterministic
    {
      left = [theme.run(velocity.formula, .value)]
    }
    if let off = state.offSpace(ofLane: index), off > 0.005 {
      left = [
        theme.run("off the \(state.experiment.spaceName) ", .bad),
        theme.run("|x| \(NumberFormat.fixed(1 - off, 2))", .value, bold: true),
      ]
    }
    if isWide, let scheduler = state.lanes.all[index].settings.scheduler {
      left += [theme.run("  " + scheduler.title, .hint)]
    }
    return left
  }

  /// Its W₂ at t = 1, which is known there only; on the way, where lanes stand apart, its t.
  private func place(_ state: AppState, _ index: Int) -> [Run] {
    // A lane that stands elsewhere says so at the left.
    guard state.standing(ofLane: index) == nil else { return [] }
    let lane = state.lanes.all[index]
    if lane.t == 1 {
      let style: Role = state.isCurrent(lane.distance) ? .value : .hint
      return [theme.run("W₂ ", .label), theme.run(state.distance(ofLane: index), style)]
    }
    guard state.leadingLane != nil else { return [] }
    return [theme.run("t ", .label), theme.run(NumberFormat.fixed(lane.t, 3), .value)]
  }
}
