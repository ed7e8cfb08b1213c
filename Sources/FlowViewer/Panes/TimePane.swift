import FlowMatching
import TerminalCanvas

/// Time: the film, the steps of every lane, the line with its head.
struct TimePane {
  let theme: Theme

  func draw(
    _ state: AppState, layout: ScreenLayout, film: inout FilmStrip, into screen: inout Screen
  ) {
    let rect = layout.time
    guard layout.timeHasBorder else { return drawBare(state, into: &screen, in: rect) }
    let line = TimePane.line(in: layout, lanes: state.lanes.all.count)
    let showsLanes = rect.height >= state.lanes.all.count + 3 && state.isComparing
    Panel(
      heading: heading(state), labels: labels(state, width: rect.width, showsLanes: showsLanes),
      bottom: numbers(state, in: line)
    ).draw(into: &screen, in: rect, theme: theme)
    if layout.filmRows > 0 {
      let centres = state.filmTimes.map { TimeLine.column(of: $0, in: line) }
      let strip = Rect(
        x: rect.x + 1, y: rect.y + 1, width: rect.width - 2, height: layout.filmRows)
      if state.traits.tokens != nil {
        WordFilm(theme: theme)
          .draw(state, centres: centres, into: &screen, in: strip, line: line)
      } else if state.showsPictures {
        PictureFilm(theme: theme).draw(state, centres: centres, into: &screen, in: strip)
      } else if state.showsMolecules {
        MoleculeFilm(theme: theme).draw(state, centres: centres, into: &screen, in: strip)
      } else {
        film.draw(state, centres: centres, into: &screen, in: strip, theme: theme)
      }
    }
    if showsLanes { drawLanes(state, into: &screen, in: rect, line: line) }
    let steps = showsLanes ? [] : attempts(state, lane: state.lanes.focused, width: line.width)
    TimeLine(t: state.playback.clock.t, steps: steps).draw(into: &screen, in: line, theme: theme)
  }

  /// The cells of the line itself; a click on them means a time.
  static func line(in layout: ScreenLayout, lanes: Int) -> Rect {
    let rect = layout.time
    guard layout.timeHasBorder else {
      return Rect(x: rect.x + 12, y: rect.y, width: rect.width - 14, height: rect.height)
    }
    let y = rect.maxY - 2
    if lanes > 1 && rect.height >= lanes + 3 {
      return Rect(x: rect.x + 19, y: y, width: rect.width - 23, height: 1)
    }
    let margin = layout.filmRows > 0 ? 7 : 2
    return Rect(x: rect.x + margin, y: y, width: rect.width - 2 * margin, height: 1)
  }

  /// The times under the line; of a flow of layers those.
  private func numbers(_ state: AppState, in line: Rect) -> [BorderNumber] {
    guard let layers = state.experiment.traits.layers else { return TimeLine.numbers(in: line) }
    let stride = max(1, (4 * layers + line.width - 1) / max(1, line.width))
    return Swift.stride(from: 0, through: layers, by: stride).map {
      BorderNumber(
        column: TimeLine.column(of: Double($0) / Double(layers), in: line), text: "\($0)")
    }
  }

  /// t; in a flow of layers the layer stands before it.
  private func now(_ state: AppState) -> [Run] {
    let t = NumberFormat.fixed(state.playback.clock.t, 3)
    guard let layers = state.experiment.traits.layers,
      let layer = state.layer(at: state.playback.clock.t)
    else {
      return [theme.run("t ", .label), theme.run(t, .accent, bold: true)]
    }
    return [
      theme.run("layer ", .label), theme.run("\(layer)/\(layers)", .accent, bold: true),
      theme.run("  t ", .label), theme.run(t, .value),
    ]
  }

  private func heading(_ state: AppState) -> [Run] {
    var runs = now(state) + [theme.run("   ", .label)]
    if let flash = state.dialogue.flash {
      runs.append(theme.run(flash.text, .accent))
    } else if let end = brokenEnd(state) {
      let time = NumberFormat.fixed(end, 3)
      runs.append(theme.run("! the solve broke off at t \(time)", .bad, bold: true))
    } else if state.playback.clock.isPlaying {
      runs.append(theme.run(solve(state) + "▶ playing", .good))
    } else if let openingEnd = state.playback.openingEnd {
      let seconds = Int(saturating: (openingEnd - state.now).rounded(.up))
      runs.append(theme.run(solve(state) + "■ parked", .label))
      runs.append(theme.run(", plays in \(max(1, seconds)) s", .hint))
    } else {
      runs.append(theme.run(solve(state) + "■ parked", .label))
    }
    return runs
  }

  /// Where the header has little room, what plays or is parked is named: training has its own mark.
  private func solve(_ state: AppState) -> String {
    state.window.size.columns < 100 ? "solve " : ""
  }

  /// Where the focused lane's solve ended before the t that it should show; nil for a sound one.
  private func brokenEnd(_ state: AppState) -> Double? {
    let solve = state.timedSolve
    guard solve.failure != nil, state.focusedLane.t > solve.frontier else {
      return nil
    }
    return solve.frontier
  }

  private func labels(_ state: AppState, width: Int, showsLanes: Bool) -> [Run] {
    let isWide = width >= 100
    if showsLanes, !state.experiment.traits.needsSolver {
      return thinned(state) + [
        theme.run("speed ", .label), theme.run(speed(state), .value),
        theme.run("   " + state.playback.clock.mode.rawValue, .value),
      ]
    }
    if showsLanes {
      return thinned(state) + [
        theme.run("ends of steps   accepted ", .label), theme.run("•", .value),
        theme.run("   rejected ", .label), theme.run("×", .warn),
        theme.run("   speed ", .label), theme.run(speed(state), .value),
        theme.run("   " + state.playback.clock.mode.rawValue, .value),
      ]
    }
    let solve = state.timedSolve
    let step = solve.steps(at: state.pathTime)
    let total =
      solve.settings.isAdaptive
      ? (solve.isOver ? "\(solve.stepsAccepted)" : "…") : "\(solve.settings.steps)"
    return thinned(state) + share(state, isWide: isWide) + [
      theme.run("step ", .label), theme.run("\(step)", .value, bold: true),
      theme.run(" of \(total)", .label), theme.run(isWide ? "   speed " : "   ", .label),
      theme.run(speed(state), .value),
      theme.run("   " + state.playback.clock.mode.rawValue, .value),
    ]
  }

  /// The share of letters that are those of the data, where letters jump.
  private func share(_ state: AppState, isWide: Bool) -> [Run] {
    guard let tokens = state.traits.tokens else { return [] }
    let kappa = tokens.path.schedule.kappa(state.playback.clock.t)
    return [
      theme.run("κ ", .label), theme.run(NumberFormat.fixed(kappa, 3), .series, bold: true),
      theme.run(isWide ? " of the letters are set   " : "   ", .label),
    ]
  }

  /// Scrubbing meets every knot only as long as memory holds them all.
  private func thinned(_ state: AppState) -> [Run] {
    state.lanes.ensemble.isThinned ? [theme.run("knots thinned   ", .warn)] : []
  }

  private func speed(_ state: AppState) -> String {
    "×" + NumberFormat.fixed(state.playback.clock.speed, state.playback.clock.speed < 0.95 ? 2 : 1)
  }

  /// Steps as marks; fixed steps that are too many to tell apart on a line so wide get none.
  private func attempts(_ state: AppState, lane: Int, width: Int) -> [TimeLine.Step] {
    let solve = state.isInWorld ? state.timedSolve : state.lanes.ensemble.lanes[lane]
    if let layers = state.experiment(of: solve.settings).traits.layers {
      return (0...layers).map { TimeLine.Step(t: Double($0) / Double(layers)) }
    }
    if !solve.settings.isAdaptive {
      let steps = solve.settings.steps
      guard 2 * steps < width else { return [] }
      let times = solve.settings.gridTimes ?? (0...steps).map { Double($0) / Double(steps) }
      return times.map { TimeLine.Step(t: $0) }
    }
    return [TimeLine.Step(t: 0)]
      + solve.attempts.map {
        TimeLine.Step(t: $0.t + $0.h, isAccepted: $0.accepted)
      }
  }

  private func drawLanes(
    _ state: AppState, into screen: inout Screen, in rect: Rect, line: Rect
  ) {
    for (index, lane) in state.lanes.all.enumerated() {
      let y = rect.y + 1 + index
      screen.write(
        [theme.run(state.name(ofLane: index), .lane(index), bold: index == state.lanes.focused)],
        x: rect.x + 3, y: y)
      TimeLine(t: lane.t, steps: attempts(state, lane: index, width: line.width)).drawLane(
        into: &screen, in: Rect(x: line.x, y: y, width: line.width, height: 1),
        role: .lane(index), end: end(of: index, state), theme: theme)
      if state.failure(ofLane: index) != nil {
        // In what room is left behind its end; the whole reason stands in its pane.
        let x = TimeLine.column(of: end(of: index, state), in: line) + 2
        let trouble = state.trouble(ofLane: index, columns: line.maxX - x) ?? ""
        screen.write(
          [theme.run(trouble, .bad)], x: min(x, line.maxX - CellText.columns(trouble)), y: y)
      }
    }
  }

  /// How far a lane's row goes: as far as its solve where that failed, and as it stands where
  /// evaluations and not t match it with the others; else to the end.
  private func end(of index: Int, _ state: AppState) -> Double {
    if state.failure(ofLane: index) != nil { return state.lanes.ensemble.lanes[index].frontier }
    return state.leadingLane == nil ? 1 : state.lanes.all[index].t
  }

  private func drawBare(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let mark = state.playback.clock.isPlaying ? "▶" : "■"
    let text = [
      theme.run("t ", .label),
      theme.run(NumberFormat.fixed(state.playback.clock.t, 3), .accent, bold: true),
      theme.run(" " + mark, state.playback.clock.isPlaying ? .good : .label),
    ]
    screen.write(text, x: rect.x + 1, y: rect.y, clip: rect)
    if let flash = state.dialogue.flash {
      // Where nothing but one row is left, a change is named in the line's place.
      let named = CellText.truncated(flash.text, to: rect.width - 14)
      screen.write([theme.run(named, .accent)], x: rect.x + 12, y: rect.y, clip: rect)
      return
    }
    TimeLine(t: state.playback.clock.t).draw(
      into: &screen,
      in: Rect(x: rect.x + 12, y: rect.y, width: rect.width - 14, height: rect.height),
      theme: theme)
  }
}
