import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// A pane that draws itself into a rectangle.
struct PaneCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let draw:
    @Sendable (AppState, Theme, inout PlotCache, inout FilmStrip, inout Screen, Rect) -> Void

  init(
    _ name: String,
    _ draw:
      @escaping @Sendable (
        AppState, Theme, inout PlotCache, inout FilmStrip, inout Screen, Rect
      ) -> Void
  ) {
    testDescription = name
    self.draw = draw
  }

  static let all = [
    PaneCase("header") { state, theme, _, _, screen, rect in
      HeaderPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("header of a failed run") { state, theme, _, _, screen, rect in
      var state = state
      var report = state.training.report
      report.status = .failed("the loss is not finite")
      _ = state.update(.training(report))
      _ = state.update(.tick(0.3))
      HeaderPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("hints") { state, theme, _, _, screen, rect in
      HintsPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("particles") { state, theme, plots, _, screen, rect in
      ParticlesPane(theme: theme)
        .draw(state, plots: &plots, into: &screen, in: rect)
    },
    PaneCase("particles by their start") { state, theme, plots, _, screen, rect in
      var state = state
      _ = state.update(.event(.key(.character("o"))))
      ParticlesPane(theme: theme)
        .draw(state, plots: &plots, into: &screen, in: rect)
    },
    PaneCase("lane") { state, theme, plots, _, screen, rect in
      for index in state.lanes.all.indices {
        LanePane(theme: theme)
          .draw(state, lane: index, plots: &plots, into: &screen, in: rect)
      }
    },
    PaneCase("loss") { state, theme, _, _, screen, rect in
      LossPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("two trainings") { _, theme, plots, _, screen, rect in
      let state = PaneScenes.trainings
      TrainingsChartPane(theme: theme).draw(state, into: &screen, in: rect)
      TrainingsPane(theme: theme).draw(state, into: &screen, in: rect)
      LanePane(theme: theme).draw(state, lane: 0, plots: &plots, into: &screen, in: rect)
    },
    PaneCase("excess") { state, theme, _, _, screen, rect in
      ExcessPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("distance") { state, theme, _, _, screen, rect in
      DistancePane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("field") { state, theme, _, _, screen, rect in
      var state = state
      for _ in FieldHeat.allCases {
        _ = state.update(.event(.key(.character("v"))))
        _ = state.update(.tick(0))
        FieldPane(theme: theme).draw(state, into: &screen, in: rect)
      }
    },
    PaneCase("density") { state, theme, _, _, screen, rect in
      var state = state
      _ = state.update(.event(.key(.character("h"))))
      _ = state.update(.tick(0))
      DensityPane(theme: theme).draw(state, into: &screen, in: rect)
      LikelihoodPane(theme: theme).draw(state, into: &screen, in: rect)
      HutchinsonPane(theme: theme).draw(state, into: &screen, in: rect)
      PointPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("exact world") { state, theme, plots, _, screen, rect in
      var state = state
      state.look.scenery.view = .world
      _ = state.update(.tick(0))
      _ = state.update(.event(.key(.character("f"))))
      _ = state.update(.event(.key(.backTab)))
      _ = state.update(.tick(0))
      WorldPane(theme: theme).draw(state, plots: &plots, into: &screen, in: rect)
      WorldFiguresPane(theme: theme).draw(state, into: &screen, in: rect)
      WorldPartsPane(theme: theme).draw(state, into: &screen, in: rect)
      WorldDropsPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("warp, paths and coupling") { state, theme, plots, _, screen, rect in
      var state = state
      for _ in PlotView.allCases {
        _ = state.update(.event(.key(.character("v"))))
        _ = state.update(.tick(0))
        WarpPane(theme: theme).draw(state, plots: &plots, into: &screen, in: rect)
        PathsPane(theme: theme).draw(state, into: &screen, in: rect)
        CouplingPane(theme: theme).draw(state, plots: &plots, into: &screen, in: rect)
      }
    },
    PaneCase("particles with trails, by speed and log p, and the target") {
      state, theme, plots, _, screen, rect in
      var state = state
      for key in "tooox" {
        _ = state.update(.event(.key(.character(key))))
        _ = state.update(.tick(0))
        ParticlesPane(theme: theme).draw(state, plots: &plots, into: &screen, in: rect)
      }
    },
    PaneCase("a followed particle and its speed") { state, theme, plots, _, screen, rect in
      var state = state
      _ = state.update(.event(.key(.character("f"))))
      _ = state.update(.tick(0))
      ParticlesPane(theme: theme).draw(state, plots: &plots, into: &screen, in: rect)
      ParticlePane(theme: theme).draw(state, into: &screen, in: rect)
      SpeedPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("a data set that is drawn, and a caption") { state, theme, _, _, screen, rect in
      var drawing = Drawing()
      for k in 0..<20 {
        (drawing.x, drawing.y) = (0.3 * Double(k) - 3, 4 - 0.4 * Double(k))
        drawing.put(spread: 0.5)
      }
      DrawingPane(theme: theme).draw(drawing, state, into: &screen, in: rect)
      let caption = Caption(title: Preset.all[0].title, text: Preset.all[0].text)
      CaptionPane(theme: theme).draw(caption, into: &screen, in: rect)
    },
    PaneCase("cost") { state, theme, _, _, screen, rect in
      CostOverlay(theme: theme).draw(state, into: &screen, in: rect)
      if screen.cells.allSatisfy({ $0.scalar <= 0x20 }) {
        HintsPane(theme: theme).draw(state, into: &screen, in: rect)
      }
    },
    PaneCase("field error") { state, theme, _, _, screen, rect in
      FieldErrorPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("schedule") { state, theme, _, _, screen, rect in
      SchedulePane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("amplification") { state, theme, _, _, screen, rect in
      AmplificationPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("run") { state, theme, _, _, screen, rect in
      // Its three forms follow the layout of the whole screen.
      for size in [(160, 48), (120, 36), (80, 24)] {
        var state = state
        _ = state.update(.event(.resize(Size(columns: size.0, rows: size.1))))
        RunPane(theme: theme).draw(state, into: &screen, in: rect)
      }
    },
    PaneCase("work and precision") { state, theme, _, _, screen, rect in
      WorkPrecisionPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("result") { state, theme, _, _, screen, rect in
      ResultPane(theme: theme).draw(state, into: &screen, in: rect)
    },
    PaneCase("film") { state, theme, _, film, screen, rect in
      let half = FilmStrip.columns / 2
      let room = rect.width - FilmStrip.columns
      guard room >= 0 else { return }
      let centres = (0...10).map { rect.x + half + room * $0 / 10 }
      film.draw(state, centres: centres, into: &screen, in: rect, theme: theme)
    },
  ]
}

@Suite("Panes stay inside their rectangles")
struct PaneBoundsTests {
  private static let sizes = [
    Size(columns: 0, rows: 0), Size(columns: 1, rows: 1), Size(columns: 2, rows: 2),
    Size(columns: 9, rows: 3), Size(columns: 80, rows: 24), Size(columns: 500, rows: 200),
  ]

  @Test(
    "A pane of any size draws and leaves every cell around it blank", arguments: PaneCase.all,
    [1, 2, 3, 4])
  func inside(pane: PaneCase, lanes: Int) {
    let state = PaneScenes.state(lanes: lanes)
    var plots = PlotCache()
    var film = FilmStrip()
    for size in Self.sizes {
      let rect = Rect(x: 7, y: 3, width: size.columns, height: size.rows)
      for theme in [PaneScenes.themes[0], PaneScenes.themes[6]].prefix(size.rows < 200 ? 2 : 1) {
        var screen = Screen(size: Size(columns: size.columns + 16, rows: size.rows + 8))
        pane.draw(state, theme, &plots, &film, &screen, rect)
        #expect(isBlank(screen, outside: rect), "\(size)")
        if size.columns >= 80 { #expect(screen.cells.contains { $0.scalar > 0x20 }) }
      }
    }
  }

  @Test("The time pane keeps to its rows, with film, with lanes and bare", arguments: [1, 2, 3, 4])
  func time(lanes: Int) {
    let extremes = [
      Size(columns: 0, rows: 0), Size(columns: 1, rows: 1), Size(columns: 500, rows: 200),
    ]
    for size in PaneScenes.sizes + extremes {
      let state = PaneScenes.state(lanes: lanes, size: size)
      let layout = ScreenLayout(size: size, lanes: lanes)
      var film = FilmStrip()
      var screen = Screen(size: Size(columns: size.columns + 9, rows: size.rows + 3))
      TimePane(theme: PaneScenes.themes[0])
        .draw(state, layout: layout, film: &film, into: &screen)
      #expect(isBlank(screen, outside: layout.time), "\(size)")
      #expect(layout.isTooSmall || screen.text().contains("t 1.000"))
    }
  }

  @Test("The question covers a box of at most 62×6 in the middle and no character more")
  func confirm() {
    for size in Self.sizes {
      var screen = Screen(size: size)
      screen.fill(screen.bounds, with: "x", style: .plain)
      QuestionOverlay(theme: PaneScenes.themes[0])
        .draw(Question(Experiment(), "batch → 64"), into: &screen)
      screen.fill(screen.bounds.centred(width: 62, height: 6), with: "x", style: .plain)
      #expect(Set(screen.text().unicodeScalars).subtracting(["x", "\n"]) == [])
    }
  }

  @Test("Help fits every size, and its pages list every key of the table")
  func help() {
    for size in Self.sizes + PaneScenes.sizes {
      for theme in [PaneScenes.themes[0], PaneScenes.themes[6]] {
        var text = ""
        for page in 0..<HelpOverlay.pageCount(size, "") {
          var screen = Screen(size: size)
          HelpOverlay(theme: theme).draw(page: page, query: nil, into: &screen)
          text += screen.text()
        }
        guard size.columns >= 80, size.rows >= 24 else { continue }
        for binding in KeyBindings.all {
          let label = theme.glyphs.spelled(binding.label)
          let help = theme.glyphs.spelled(binding.help)
          #expect(text.contains(label), "\(binding.label) at \(size)")
          #expect(text.contains(help), "\(binding.help) at \(size)")
        }
      }
    }
  }

  /// Whether nothing outside the rectangle was drawn.
  private func isBlank(_ screen: Screen, outside rect: Rect) -> Bool {
    var rest = screen
    rest.fill(rect, style: Style(background: .standard))
    return rest.cells == Screen(size: screen.size).cells
  }
}
