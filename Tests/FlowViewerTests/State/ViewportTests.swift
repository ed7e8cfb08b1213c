import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Windows, panes and views")
struct ViewportTests {
  private func mouse(_ action: MouseEvent.Action, _ x: Int, _ y: Int) -> Message {
    .event(.mouse(MouseEvent(action: action, button: .left, x: x, y: y)))
  }

  @Test("The wheel keeps the place under the pointer")
  func wheel() throws {
    var state = slowState(columns: 120, rows: 36)
    let before = try #require(state.plotAxes).world(column: 20, row: 9)
    for _ in 0..<5 { _ = state.update(mouse(.wheelUp, 20, 9)) }
    let axes = try #require(state.plotAxes)
    let after = axes.world(column: 20, row: 9)
    #expect(state.window.viewports[0].zoom > 3)
    // Ticks are put on whole cells, which moves the window by up to a cell.
    #expect(abs(after.x - before.x) <= 2 * 2 * axes.unitsPerDotX)
    #expect(abs(after.y - before.y) <= 2 * 4 * axes.unitsPerDotY)
    state.press("=")
    #expect(state.window.viewports[0] == .fitted)
  }

  @Test("Dragging moves the window with the pointer, and a drag is no click")
  func drag() throws {
    var state = slowState(columns: 120, rows: 36)
    _ = state.update(mouse(.press, 30, 10))
    _ = state.update(mouse(.drag, 40, 12))
    let moved = try #require(state.plotAxes)
    #expect(state.window.viewports[0].x < 0 && state.window.viewports[0].y > 0)
    _ = state.update(mouse(.release, 40, 12))
    #expect(state.window.drag == nil)
    #expect(try #require(state.plotAxes) == moved)
  }

  @Test(
    "The border between a plot and its charts follows the pointer, as far as both stay readable")
  func split() throws {
    for keys in ["", "|"] {
      var state = slowState(columns: 160, rows: 48)
      if !keys.isEmpty { state.press("|") }
      let column = try #require(state.layout.splitColumn)
      _ = state.update(mouse(.press, column, 20))
      _ = state.update(mouse(.drag, 70, 20))
      #expect(state.layout.splitColumn == 70)
      #expect(state.window.viewports[0] == .fitted)
      _ = state.drawn()
      for x in [0, 159] {
        _ = state.update(mouse(.drag, x, 20))
        let now = try #require(state.layout.splitColumn)
        #expect(now >= ScreenLayout.leastSide && now <= 160 - ScreenLayout.leastSide)
        _ = state.drawn()
      }
      _ = state.update(mouse(.release, 159, 20))
      _ = state.update(.event(.resize(Size(columns: 80, rows: 24))))
      _ = state.drawn()
    }
  }

  @Test("Zoom and pan stay inside their ranges whatever is pressed")
  func ranges() {
    var state = slowState(columns: 120, rows: 36)
    for _ in 0..<60 { state.press("+") }
    #expect(state.window.viewports[0].zoom == 64)
    for _ in 0..<2000 { state.press("L", "K") }
    #expect(state.window.viewports[0].x == 1 && state.window.viewports[0].y == 1)
    for _ in 0..<90 { state.press("-") }
    #expect(state.window.viewports[0].zoom == 0.5)
    _ = state.drawn()
  }

  @Test("Linked windows of lanes move together, others alone")
  func links() {
    var state = slowState()
    state.press("|", "|", "+")
    #expect(Set(state.window.viewports).count == 1 && state.window.viewports[3] != .fitted)
    state.press("y", "Tab", "+")
    #expect(state.window.viewports[1] != state.window.viewports[0])
    state.press("y")
    #expect(Set(state.window.viewports).count == 1 && state.window.areLinked)
  }

  @Test("Tab goes round the panes, e gives the one that has the keys the whole body and back")
  func expand() throws {
    var state = slowState()
    var seen: [PaneName] = []
    for _ in 0..<5 {
      seen.append(state.window.focusedPane)
      state.press("Tab")
    }
    #expect(seen == [.plot, .loss, .excess, .distance, .run] && state.window.focusedPane == .plot)
    state.press("Tab", "e")
    #expect(try #require(state.layout.rect(of: .loss)).width == 160)
    state.press("Tab")
    #expect(state.window.expanded == .excess && state.layout.rect(of: .loss) == nil)
    state.press("e")
    #expect(state.window.expanded == nil && state.layout.lanes[0].width == 96)
  }

  @Test("v goes round all views and V back")
  func views() {
    var state = slowState()
    for view in PlotView.ofPoints.dropFirst() {
      state.press("v")
      #expect(state.look.scenery.view == view)
    }
    state.press("v")
    #expect(state.look.scenery.view == .particles)
    state.press("V")
    #expect(state.look.scenery.view == PlotView.ofPoints.last)
  }
}
