import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Whole frames")
struct FrameTests {
  /// Calls `body` with the frame of every size, and at some with each overlay.
  private func frames(
    lanes: Int, theme: Theme, sizes: [Size] = FrameTests.fewSizes,
    _ body: (Screen, AppState, AppState.Overlay?) -> Void
  ) {
    var painter = FramePainter(theme: theme)
    for size in sizes {
      let isPlain = !Self.fewSizes.contains(size)
      let overlays: [AppState.Overlay?] =
        isPlain
        ? [nil]
        : [
          nil, .help, .palette(Palette()), .parameters(ParameterList()), Self.question,
          .drawing(Drawing()), Self.datasets,
        ]
      for overlay in overlays {
        var state = PaneScenes.state(lanes: lanes, size: size)
        switch overlay {
        case .help: _ = state.update(.event(.key(.character("?"))))
        case .palette: _ = state.update(.event(.key(.character(":"))))
        case .parameters: _ = state.update(.event(.key(.down)))
        case .question: _ = state.update(.event(.key(.character("R"))))
        case .datasets: _ = state.update(.event(.key(.character("d"))))
        case .drawing: _ = state.update(.event(.key(.character("B"))))
        case .leave, nil: break
        }
        var screen = Screen(size: size)
        painter.draw(state, into: &screen)
        body(screen, state, overlay)
      }
    }
  }

  private static let datasets = AppState.Overlay.datasets(Question(Experiment(), ""))
  private static let question = AppState.Overlay.question(Question(Experiment(), ""))

  /// One size of each form of the layout: what is asked of colours and glyphs needs no more.
  private static let fewSizes = PaneScenes.sizes.filter { $0.columns % 40 == 0 && $0.rows < 70 }

  @Test(
    "From 40×12 on particles, t, help and quit are never dropped",
    arguments: [PaneScenes.themes[0], PaneScenes.themes[3], PaneScenes.themes[6]], [1, 2, 3, 4])
  func neverDropped(theme: Theme, lanes: Int) {
    frames(lanes: lanes, theme: theme, sizes: PaneScenes.sizes) { screen, state, overlay in
      let size = screen.size
      if let overlay, overlay != Self.question {
        #expect(screen.text().contains("Esc c"), "\(size), \(overlay)")
        return
      }
      #expect(screen.line(size.rows - 1).hasSuffix("? help   q quit "), "\(size)")
      let layout = ScreenLayout(size: size, lanes: lanes)
      #expect(layout.lanes.count == lanes)
      let bottom = layout.time.y..<layout.time.maxY
      #expect(bottom.contains { screen.line($0).contains("t 1.000") }, "\(size)")
      for rect in layout.lanes where overlay == nil {
        #expect(dots(screen, rect.inset(by: 1)) > 0, "no particles in \(rect) of \(size)")
      }
    }
  }

  @Test("A frame in ASCII holds nothing else, and no mark that became a question mark")
  func ascii() {
    var foreign: Set<String> = []
    var unspelled: Set<String> = []
    for theme in PaneScenes.themes where theme.glyphs == .ascii {
      for lanes in [1, 2, 3, 4] {
        frames(lanes: lanes, theme: theme) { screen, _, _ in
          for cell in screen.cells where !(0x20...0x7e).contains(cell.scalar) {
            foreign.insert("\(cell.character) at \(screen.size) with \(lanes) lanes")
          }
          // The question mark itself is a key, and ends a question.
          let text = screen.text().replacing("? help", with: "").replacing("?  ", with: "")
            .replacing("training?", with: "").replacing("? words", with: "")
            .replacing("p_t?", with: "")
          for line in text.split(separator: "\n") where line.contains("?") {
            unspelled.insert(String(line.split(separator: "|").first { $0.contains("?") } ?? ""))
          }
        }
      }
    }
    #expect(foreign == [])
    #expect(unspelled == [])
  }

  @Test("A frame without colour uses the terminal's own ink alone", arguments: [1, 2, 3, 4])
  func mono(lanes: Int) {
    for theme in PaneScenes.themes where theme.depth == .mono {
      frames(lanes: lanes, theme: theme) { screen, _, overlay in
        let isPlain = screen.cells.allSatisfy {
          screen.palette[$0.foreground].isStandard && screen.palette[$0.background].isStandard
        }
        #expect(isPlain, "\(screen.size), \(String(describing: overlay))")
        let lines = (0..<screen.size.rows).map { screen.line($0) }
        let named = lines.filter { $0.contains("· colour: ") || $0.contains("· grey: ") }
        #expect(named == [], "\(screen.size) names colours that it lacks")
      }
    }
  }

  @Test("A frame of 256 or 16 colours names no colour that the terminal lacks", arguments: [1, 4])
  func depths(lanes: Int) {
    for theme in PaneScenes.themes where theme.depth == .indexed256 || theme.depth == .basic16 {
      frames(lanes: lanes, theme: theme) { screen, _, _ in
        let used = Set(screen.cells.flatMap { [$0.foreground, $0.background] })
        for ink in used {
          let paint = screen.palette[ink]
          #expect(paint == paint.narrowed(to: theme.depth), "\(screen.size)")
        }
      }
    }
  }

  @Test("The header never writes over its own title", arguments: [1, 2, 3, 4])
  func header(lanes: Int) {
    let theme = PaneScenes.themes[0]
    frames(lanes: lanes, theme: theme, sizes: PaneScenes.sizes) { screen, state, overlay in
      guard overlay == nil || overlay == Self.question else { return }
      #expect(screen.line(0).contains(state.dataset.title + " "), "\(screen.line(0))")
      #expect(screen.line(0).contains(" 300"), "\(screen.line(0))")
    }
  }

  @Test("A painter that drew other frames before draws the same cells as a new one")
  func painterKeepsNothing() {
    let theme = PaneScenes.themes[0]
    var old = FramePainter(theme: theme)
    for lanes in [1, 2, 4, 1] {
      for size in [Size(columns: 120, rows: 36), Size(columns: 160, rows: 48)] {
        let state = PaneScenes.state(lanes: lanes, size: size)
        var first = Screen(size: size)
        var second = Screen(size: size)
        old.draw(state, into: &first)
        var new = FramePainter(theme: theme)
        new.draw(state, into: &second)
        #expect(first.picture == second.picture)
      }
    }
  }

  @Test(
    "A screen that is too small says what it has and needs",
    arguments: [(39, 12), (40, 11), (30, 1), (200, 5), (24, 40)])
  func tooSmall(columns: Int, rows: Int) {
    for (theme, times) in [(PaneScenes.themes[0], "×"), (PaneScenes.themes[6], "x")] {
      let size = Size(columns: columns, rows: rows)
      let state = PaneScenes.state(lanes: 1, size: size)
      var painter = FramePainter(theme: theme)
      var screen = Screen(size: size)
      painter.draw(state, into: &screen)
      #expect(screen.text().contains("have \(columns)\(times)\(rows), need 40\(times)12"))
      #expect(rows == 1 || screen.text().contains("q quit"))
    }
  }

  @Test("Where not even that fits nothing breaks, and q quits")
  func minute() throws {
    for (columns, rows) in [(0, 0), (1, 1), (5, 1), (1, 50)] {
      var state = PaneScenes.state(lanes: 4, size: Size(columns: columns, rows: rows))
      var painter = FramePainter(theme: PaneScenes.themes[0])
      var screen = Screen(size: state.window.size)
      painter.draw(state, into: &screen)
      let effects = state.update(.event(.key(.character("q"))))
      #expect(effects.contains { if case .quit = $0 { true } else { false } })
    }
  }

  /// Cells that show particles: braille patterns, or in ASCII what stands for several dots.
  private func dots(_ screen: Screen, _ rect: Rect) -> Int {
    var count = 0
    for y in rect.y..<rect.maxY {
      for cell in screen.row(y)[(y * screen.size.columns + rect.x)...].prefix(rect.width) {
        if (0x2801...0x28ff).contains(cell.scalar) || ":+*#".contains(cell.character) { count += 1 }
      }
    }
    return count
  }
}
