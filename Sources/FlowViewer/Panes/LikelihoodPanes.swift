import FlowMatching
import TerminalCanvas

/// The density in numbers: its integral, how likely it finds fresh data, how it is computed.
struct LikelihoodPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let inner = Panel(
      title: "likelihood", labels: [theme.run("nats", .label)],
      isFocused: state.window.focusedPane == .likelihood
    ).draw(into: &screen, in: rect, theme: theme)
    let wide = rect.width >= 38
    var lines: [(String, [Run])] = []
    lines.append(("∫p dx", integral(state)))
    let study = state.probes.likelihood.shown
    let nll = study?.nll.map { NumberFormat.fixed($0.mean, 3) } ?? NumberFormat.missing
    var runs = [theme.run(nll, .value, bold: true)]
    if wide, let error = study?.nll?.error {
      runs.append(theme.run(" ± " + NumberFormat.fixed(error, 3), .hint))
    }
    if let floor = state.dataset.entropyFloor {
      runs.append(theme.run(wide ? "   floor " : "  ", .label))
      runs.append(theme.run(NumberFormat.fixed(floor, 3), .floor))
    }
    lines.append(("NLL", runs))
    let divergence = study?.divergence.map { NumberFormat.fixed($0, 3) } ?? NumberFormat.missing
    let word =
      state.dataset.distribution is any DensityDistribution ? "E[log p* − log p]" : "NLL − floor"
    lines.append(
      (
        "KL",
        [theme.run(divergence, .value, bold: true)]
          + (wide ? [theme.run("   " + word, .label)] : [])
      ))
    lines += ways(state, isWide: wide)
    lines.append(("grid", grid(state)))
    for (row, line) in lines.enumerated() where row < inner.height {
      screen.write([theme.run(line.0, .label)], x: inner.x + 2, y: inner.y + row, clip: inner)
      screen.write(line.1, x: inner.x + 11, y: inner.y + row, clip: inner)
    }
  }

  /// How the density is solved for.
  private func ways(_ state: AppState, isWide: Bool) -> [(String, [Run])] {
    guard let layers = state.experiment.traits.layers else {
      let solver = ButcherTableau.dormandPrince
      let tolerance = "  tol " + NumberFormat.scientific(BackwardDensity.exact)
      return [
        (
          "solve",
          [
            theme.run(isWide ? solver.title : solver.name, .value), theme.run(tolerance, .label),
          ]
        ), ("div", [theme.run("exact", .value), theme.run("  two tangents", .label)]),
      ]
    }
    return [
      (
        "solve",
        [
          theme.run("none", .value),
          theme.run("  \(layers) layers" + (isWide ? " undone" : ""), .label),
        ]
      ),
      (
        "det",
        [
          theme.run("exact", .value), theme.run(isWide ? "  Σ of log-scales" : "  Σ s", .label),
        ]
      ),
    ]
  }

  private func integral(_ state: AppState) -> [Run] {
    guard let picture = state.probes.shownDensity else {
      return [theme.run(NumberFormat.missing, .value)]
    }
    var runs = [theme.run(NumberFormat.fixed(picture.integral, 4), .value, bold: true)]
    if abs(picture.integral - 1) < 0.01 {
      runs.append(theme.run("  ✓ one", .good))
    } else if state.window.viewports[state.lanes.focused] != .fitted {
      runs.append(theme.run("  in this window", .label))
    }
    return runs
  }

  private func grid(_ state: AppState) -> [Run] {
    guard let shown = state.probes.shownDensity else { return [theme.run("…", .value)] }
    let grid = shown.request.grid
    var runs = [theme.run("\(grid.columns)×\(grid.rows)", .value)]
    if let probe = state.probes.densityProbe {
      runs.append(theme.run("  \(Int(saturating: 100 * probe.progress)) % of the next", .label))
    }
    return runs
  }
}

/// Hutchinson's estimate of log p at the cross: many draws beside the exact value.
struct HutchinsonPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let inner = Panel(
      title: "Hutchinson",
      heading: rect.width >= 34 ? [theme.run("at the cross", .label)] : [],
      isFocused: state.window.focusedPane == .hutchinson
    ).draw(into: &screen, in: rect, theme: theme)
    guard let study = state.probes.hutchinson.shown, let exact = study.exact, inner.width >= 16
    else {
      let text = state.playback.clock.isPlaying ? "drawn when the clock rests" : "drawing …"
      screen.write([theme.run(text, .hint)], x: inner.x + 2, y: inner.y, clip: inner)
      return
    }
    let numbers = self.numbers(study, exact, isWide: inner.width >= 36)
    let rows = min(numbers.count, inner.height)
    let (text, plot) = inner.split(bottom: rows)
    for (row, line) in numbers.prefix(rows).enumerated() {
      screen.write(line, x: text.x + 2, y: text.y + row, clip: text)
    }
    guard plot.height >= 3 else { return }
    let finite = study.draws.filter(\.isFinite).sorted()
    guard finite.count > 10 else { return }
    let low = min(finite[finite.count / 200], exact - 0.1)
    let high = max(finite[finite.count * 199 / 200], exact + 0.1)
    let (axis, bars) = plot.inset(left: 2, right: 2).split(bottom: 1)
    DotHistogram(values: finite, range: low...high, marker: exact)
      .draw(into: &screen, in: bars, theme: theme)
    for tick in Ticks.linear(low...high, about: max(2, axis.width / 8)) {
      let place = (tick.value - low) / (high - low)
      let text = theme.glyphs.spelled(tick.label)
      let x = axis.x + Int(saturating: place * Double(axis.width - 1)) - text.count / 2
      // A number that lost its minus at the edge would be another one.
      let inside = max(axis.x, min(x, axis.maxX - text.count))
      screen.write(text, x: inside, y: axis.y, style: theme.style(.axis), clip: axis)
    }
  }

  private func numbers(_ study: HutchinsonStudy, _ exact: Double, isWide: Bool) -> [[Run]] {
    let mean = study.mean
    // In a narrow pane a verdict is its mark alone.
    func line(
      _ name: String, _ value: Double, _ role: Role, mark: String = "", _ words: String,
      _ tone: Role = .label
    ) -> [Run] {
      let pad = String(repeating: " ", count: max(1, 13 - name.count))
      return [
        theme.run(name + pad, .label),
        theme.run(
          NumberFormat.padded(NumberFormat.fixed(value, 3), to: 7), role, bold: true),
        theme.run("  ", .label), theme.run(isWide ? mark + words : mark, tone),
      ]
    }
    return [
      line("exact", exact, .accent, "log p"),
      line("mean", mean.value, .value, mark: "✓", " unbiased", .good),
      line("log mean p", study.logOfMean, .value, mark: "!", " biased", .warn),
      line(
        "spread", mean.deviation, .value, NumberFormat.grouped(HutchinsonStudy.count) + " draws"),
    ]
  }
}

/// The density at one point: the model's beside the exact one.
struct PointPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let inner = Panel(
      title: "where", heading: [theme.run("at the cross", .label)],
      isFocused: state.window.focusedPane == .point
    ).draw(into: &screen, in: rect, theme: theme)
    let study = state.probes.hutchinson.shown
    let value = study?.exact
    var model = [
      theme.run(value.map { NumberFormat.fixed($0, 2) } ?? NumberFormat.missing, .value, bold: true)
    ]
    if let study, var exact = state.followedExact {
      let point = Batch(points: [[study.request.x, study.request.y]])
      if let known = exact.logDensity(point, at: .shared(study.request.t)).first {
        model += [
          theme.run("   exact ", .label), theme.run(NumberFormat.fixed(known, 2), .floor),
        ]
      }
    }
    let place =
      state.coordinate(state.probes.cross.x) + ", " + state.coordinate(state.probes.cross.y)
    let lines: [(String, [Run])] = [
      ("x", [theme.run(place, .value)]), ("log p", model),
      (
        "p",
        [
          theme.run(
            value.map { NumberFormat.significant(BackwardDensity.density($0)) }
              ?? NumberFormat.missing, .value)
        ]
      ),
      ("", [theme.run("a click asks elsewhere", .hint)]),
    ]
    for (row, line) in lines.enumerated() where row < inner.height {
      screen.write([theme.run(line.0, .label)], x: inner.x + 2, y: inner.y + row, clip: inner)
      // A line without a name may begin where names do, so that it is whole.
      let x = line.0.isEmpty ? inner.maxX - line.1.columns - 1 : inner.x + 11
      screen.write(
        line.1, x: max(inner.x + 2, min(inner.x + 11, x)), y: inner.y + row, clip: inner)
    }
  }
}
