import FlowMatching
import TerminalCanvas

/// Draws a state into cells. It keeps buffers and what is slow to find out about a target, nothing
/// that the picture depends on: two painters draw the same cells.
struct FramePainter {
  /// What the terminal can show.
  let base: Theme
  /// The same with what a person chose.
  private var theme: Theme
  private var plots = PlotCache()
  private var film = FilmStrip()

  init(theme: Theme) {
    base = theme
    self.theme = theme
  }

  mutating func draw(_ state: AppState, into screen: inout Screen) {
    screen.clear()
    theme = state.look.appearance.applied(to: base)
    let layout = state.layout
    guard !layout.isTooSmall else { return drawTooSmall(state.window.size, into: &screen) }
    let introduction = IntroductionPane(theme: theme)
    if let shown = state.introduction, shown.scene == .name {
      return introduction.drawName(
        shown, aspect: state.window.cellAspect, scatter: &plots.scatter, into: &screen)
    }
    HeaderPane(theme: theme).draw(state, into: &screen, in: layout.header)
    for (index, rect) in layout.lanes.enumerated() where !rect.isEmpty {
      if state.isComparing, state.look.scenery.view == .molecules {
        MoleculesPane(theme: theme).draw(state, lane: index, into: &screen, in: rect)
      } else if state.isComparing, state.traits.tokens != nil {
        WordsPane(theme: theme).draw(state, lane: index, into: &screen, in: rect)
      } else if state.isComparing {
        if state.look.scenery.view == .paths {
          PathsPane(theme: theme)
            .draw(state, lane: index, into: &screen, in: rect.split(bottom: 1).rest)
        } else if index == state.lanes.focused, state.look.scenery.view != .particles {
          drawPlot(state, into: &screen, in: rect.split(bottom: 1).rest)
        }
        if state.comparesGuidance, state.look.scenery.view == .particles {
          GuidedLanePane(theme: theme)
            .draw(state, lane: index, plots: &plots, into: &screen, in: rect)
        } else {
          LanePane(theme: theme)
            .draw(state, lane: index, plots: &plots, into: &screen, in: rect)
        }
      } else {
        drawPlot(state, into: &screen, in: rect)
      }
    }
    drawCharts(state, layout, into: &screen)
    if let rect = layout.clock { ClockPane(theme: theme).draw(state, into: &screen, in: rect) }
    if let caption = state.dialogue.caption, let rect = layout.caption {
      CaptionPane(theme: theme)
        .draw(caption, page: state.dialogue.captionPage, into: &screen, in: rect)
    } else if let rect = layout.caption {
      TourPane(theme: theme).draw(state, into: &screen, in: rect)
    }
    TimePane(theme: theme).draw(state, layout: layout, film: &film, into: &screen)
    HintsPane(theme: theme).draw(state, into: &screen, in: layout.hints)
    if state.look.showsCosts, let plot = layout.lanes.first(where: { !$0.isEmpty }) {
      CostOverlay(theme: theme).draw(state, into: &screen, in: plot)
    }
    if let choices = state.dialogue.flash?.choices, state.dialogue.overlay == nil {
      ChoicesOverlay(theme: theme)
        .draw(choices, into: &screen, in: layout.lanes[state.lanes.focused])
    }
    if let shown = state.introduction {
      introduction.drawLight(shown, layout, into: &screen)
    }
    drawOverlay(state, layout, into: &screen)
  }

  /// What lies over the panes.
  private mutating func drawOverlay(
    _ state: AppState, _ layout: ScreenLayout, into screen: inout Screen
  ) {
    switch state.dialogue.overlay {
    case .help:
      HelpOverlay(theme: theme)
        .draw(
          page: state.dialogue.helpPage, query: state.dialogue.helpQuery,
          inWorld: state.dialogue.helpsWorld, into: &screen)
    case .question(let question):
      QuestionOverlay(theme: theme).draw(question, into: &screen)
    case .datasets(let question):
      DatasetsOverlay(theme: theme).draw(
        question, state, thumbnails: &plots.thumbnails, scatter: &plots.scatter, into: &screen)
    case .leave: LeaveOverlay(theme: theme).draw(state, into: &screen)
    case .palette(let palette): PaletteOverlay(theme: theme).draw(palette, state, into: &screen)
    case .parameters(let list): ParameterOverlay(theme: theme).draw(list, state, into: &screen)
    case .drawing(let drawing):
      let pane = DrawingPane(theme: theme)
      let lane = layout.lanes[state.lanes.focused]
      let room = state.isComparing ? lane.split(bottom: 1).rest : lane
      pane.draw(drawing, state, into: &screen, in: room)
      pane.drawHints(into: &screen, in: layout.hints)
    case nil: break
    }
  }

  private mutating func drawCharts(
    _ state: AppState, _ layout: ScreenLayout, into screen: inout Screen
  ) {
    for placed in layout.panes {
      placed.pane.pane?.init(theme: theme)
        .draw(state, plots: &plots, into: &screen, in: placed.rect)
    }
    drawVerdict(state, layout, into: &screen)
    if state.traits.tokens != nil {
      if let rect = layout.workPrecision {
        RealWordsPane(theme: theme).draw(state, into: &screen, in: rect)
      }
      if let rect = layout.result { LettersPane(theme: theme).draw(state, into: &screen, in: rect) }
      return
    }
    for (index, rect) in layout.courses.enumerated() where !rect.isEmpty {
      CoursePane(theme: theme).draw(state, lane: index, into: &screen, in: rect)
    }
    if state.comparesGuidance { return drawGuidance(state, layout, into: &screen) }
    if let rect = layout.workPrecision {
      if state.comparesProcesses {
        ProcessChartPane(theme: theme).draw(state, into: &screen, in: rect)
      } else if state.comparesTrainings {
        TrainingsChartPane(theme: theme).draw(state, into: &screen, in: rect)
      } else {
        WorkPrecisionPane(theme: theme).draw(state, into: &screen, in: rect)
      }
    }
    if let rect = layout.result {
      if state.comparesProcesses {
        ProcessTablePane(theme: theme).draw(state, into: &screen, in: rect)
      } else if state.comparesTrainings {
        TrainingsPane(theme: theme).draw(state, into: &screen, in: rect)
      } else {
        ResultPane(theme: theme).draw(state, into: &screen, in: rect)
      }
    }
  }

  /// The one row of words on a small screen: who is best, and whether the lanes have one p_t.
  private func drawVerdict(
    _ state: AppState, _ layout: ScreenLayout, into screen: inout Screen
  ) {
    guard let rect = layout.verdict else { return }
    let marginals = MarginalLines(theme: theme)
    let width = rect.width - 4
    if state.ranksLanes, let words = VerdictLines(theme: theme).equalCost(state, width: width) {
      screen.write(words, x: rect.x + 2, y: rect.y, clip: rect)
      let brief = marginals.brief(state)
      if words.columns + brief.columns + 3 <= width {
        screen.write(brief, endingAt: rect.maxX - 2, y: rect.y, clip: rect)
      }
    } else if let words = marginals.line(state, width: width) {
      screen.write(words, x: rect.x + 2, y: rect.y, clip: rect)
    }
  }

  private func drawGuidance(
    _ state: AppState, _ layout: ScreenLayout, into screen: inout Screen
  ) {
    if let rect = layout.workPrecision {
      GuidanceChartPane(theme: theme).draw(state, into: &screen, in: rect)
    }
    if let rect = layout.result {
      GuidanceResultPane(theme: theme).draw(state, into: &screen, in: rect)
    }
    if let rect = layout.verdict {
      screen.fill(rect, style: Style())
      screen.write(
        GuidanceResultPane(theme: theme).warning(width: rect.width - 4), x: rect.x + 2, y: rect.y,
        clip: rect)
    }
  }

  private mutating func drawPlot(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    state.look.scenery.view.pane.init(theme: theme)
      .draw(state, plots: &plots, into: &screen, in: rect)
  }

  private func drawTooSmall(_ size: Size, into screen: inout Screen) {
    let least = ScreenLayout.smallest
    let times = theme.glyphs == .ascii ? "x" : "×"
    let text =
      "have \(size.columns)\(times)\(size.rows), need \(least.columns)\(times)\(least.rows)"
    let y = size.rows / 2
    screen.write(text, x: max(0, (size.columns - text.count) / 2), y: y, style: theme.style(.value))
    if size.rows > 1 {
      let hint = [theme.run("q", .key), theme.run(" quit", .hint)]
      screen.write(hint, x: max(0, (size.columns - hint.columns) / 2), y: y + 1)
    }
  }
}
