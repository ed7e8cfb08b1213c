import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The layout of the screen")
struct ScreenLayoutTests {
  @Test("At 160×48 the panes have the extents of the design")
  func large() throws {
    let layout = ScreenLayout(size: Size(columns: 160, rows: 48), lanes: 1)
    #expect(layout.lanes == [Rect(x: 0, y: 1, width: 96, height: 38)])
    #expect(layout.loss == Rect(x: 96, y: 1, width: 64, height: 13))
    #expect(layout.excess == Rect(x: 96, y: 14, width: 64, height: 9))
    #expect(layout.distance == Rect(x: 96, y: 23, width: 64, height: 9))
    #expect(layout.run == Rect(x: 96, y: 32, width: 64, height: 7))
    #expect(layout.time == Rect(x: 0, y: 39, width: 160, height: 8))
    #expect(layout.filmRows == 5)
  }

  @Test("At 120×36 there are no excess pane and no film")
  func medium() {
    let layout = ScreenLayout(size: Size(columns: 120, rows: 36), lanes: 1)
    #expect(layout.lanes == [Rect(x: 0, y: 1, width: 75, height: 31)])
    #expect(layout.excess == nil)
    #expect(layout.loss?.height == 12)
    #expect(layout.distance?.height == 12)
    #expect(layout.run?.height == 7)
    #expect(layout.time.height == 3)
    #expect(layout.filmRows == 0)
  }

  @Test("A lecture has its clock beside compared lanes too, and nothing meets it", arguments: 2...4)
  func lectureOfLanes(lanes: Int) throws {
    for size in [Size(columns: 120, rows: 36), Size(columns: 160, rows: 48)] {
      let layout = ScreenLayout(size: size, lanes: lanes, lecture: true)
      let clock = try #require(layout.clock)
      #expect(clock.width >= 26 && clock.height >= ClockPane.rows + 2)
      let others =
        layout.lanes + [layout.result, layout.workPrecision, layout.time].compactMap { $0 }
        + layout.panes.map(\.rect)
      for other in others {
        #expect(
          clock.maxX <= other.x || other.maxX <= clock.x || clock.maxY <= other.y
            || other.maxY <= clock.y)
      }
      #expect(layout.result != nil && layout.lanes.count == lanes)
      #expect(ScreenLayout(size: size, lanes: lanes).clock == nil)
    }
  }

  @Test("At 80×24 only loss and run stand beside the particles")
  func small() {
    let layout = ScreenLayout(size: Size(columns: 80, rows: 24), lanes: 1)
    #expect(layout.lanes == [Rect(x: 0, y: 1, width: 48, height: 19)])
    #expect(layout.loss == Rect(x: 48, y: 1, width: 32, height: 10))
    #expect(layout.run == Rect(x: 48, y: 11, width: 32, height: 9))
    #expect(layout.distance == nil)
  }

  @Test("At 40×12 the particles have everything but one row of time")
  func tiny() {
    let layout = ScreenLayout(size: Size(columns: 40, rows: 12), lanes: 1)
    #expect(layout.lanes == [Rect(x: 0, y: 1, width: 40, height: 9)])
    #expect(layout.loss == nil && layout.run == nil)
    #expect(layout.time.height == 1 && !layout.timeHasBorder)
  }

  @Test("Below 40×12 it is too small", arguments: [(39, 12), (40, 11), (1, 1), (0, 0)])
  func tooSmall(columns: Int, rows: Int) {
    let layout = ScreenLayout(size: Size(columns: columns, rows: rows), lanes: 1)
    #expect(layout.isTooSmall)
    #expect(layout.lanes.isEmpty)
  }

  @Test("Panes cover the screen exactly once, whatever its size", arguments: [1, 2, 3, 4])
  func covers(lanes: Int) {
    for columns in stride(from: 40, through: 260, by: 11) {
      for rows in stride(from: 12, through: 90, by: 5) {
        let layout = ScreenLayout(size: Size(columns: columns, rows: rows), lanes: lanes)
        #expect(layout.lanes.count == lanes)
        var panes = layout.lanes + [layout.header, layout.time, layout.hints]
        panes += layout.panes.map(\.rect)
        panes += [layout.workPrecision, layout.result, layout.verdict].compactMap { $0 }
        var covered = [Int](repeating: 0, count: columns * rows)
        for pane in panes {
          for y in pane.y..<pane.maxY {
            for x in pane.x..<pane.maxX { covered[y * columns + x] += 1 }
          }
        }
        #expect(covered.allSatisfy { $0 == 1 }, "\(columns)×\(rows) with \(lanes) lanes")
        #expect(layout.lanes.allSatisfy { $0.width >= 18 && $0.height >= 4 })
      }
    }
  }

  @Test("Four lanes at 160×48 leave room for work and precision")
  func four() {
    let layout = ScreenLayout(size: Size(columns: 160, rows: 48), lanes: 4)
    #expect(layout.lanes.map(\.width) == [40, 40, 40, 40])
    #expect(layout.lanes[0].height == 22)
    #expect(layout.workPrecision?.width == 84)
    #expect(layout.result?.width == 76)
    #expect(layout.time.height == 7)
    #expect(ScreenLayout(size: Size(columns: 100, rows: 40), lanes: 4).workPrecision == nil)
  }

  @Test("Three lanes are a row where there is room, else two and one below")
  func three() {
    let wide = ScreenLayout(size: Size(columns: 160, rows: 48), lanes: 3)
    #expect(wide.lanes.map(\.width) == [53, 53, 54] && wide.workPrecision != nil)
    let small = ScreenLayout(size: Size(columns: 80, rows: 24), lanes: 3)
    #expect(small.lanes.map(\.width) == [40, 40, 80])
    #expect(small.lanes[2].y == small.lanes[0].maxY)
  }

  @Test("An expanded pane has the whole body, and the others none", arguments: PaneName.allCases)
  func expanded(pane: PaneName) throws {
    let layout = ScreenLayout(
      size: Size(columns: 120, rows: 36), lanes: 2, expanded: pane, focused: 1)
    let body = Rect(x: 0, y: 1, width: 120, height: 34 - layout.time.height)
    #expect(layout.lanes.count == 2 && layout.lanes[0].isEmpty)
    guard pane == .plot else {
      #expect(layout.rect(of: pane) == body)
      return
    }
    // What a square leaves is the table's and the curve's.
    let beside = try #require(layout.result)
    #expect(layout.lanes[1].height == body.height && layout.lanes[1].maxX == beside.x)
    #expect(beside.maxX == body.maxX && layout.workPrecision?.maxY == beside.y)
    let small = ScreenLayout(
      size: Size(columns: 100, rows: 36), lanes: 2, expanded: pane, focused: 1)
    #expect(small.lanes[1].width == 100 && small.result == nil)
  }

  @Test("At 240×70 two columns of charts stand beside the plot")
  func grand() throws {
    let layout = ScreenLayout(size: Size(columns: 240, rows: 70), lanes: 1)
    let names: [PaneName] = [.loss, .excess, .distance, .schedule, .fieldError, .run]
    #expect(layout.panes.map(\.pane) == names)
    #expect(try #require(layout.loss).maxX == #require(layout.run).x)
  }

  @Test(
    "At 240×70 no pane stands twice",
    arguments: [
      SidePanes.training, .excess, .following, .steps, .posterior, .words, .pictures, .molecules,
      .transport, .world, .field, .density, .estimate, .paths, .dimensions, .spaceParticle,
      .particle,
    ])
  func once(side: SidePanes) {
    let panes = ScreenLayout(size: Size(columns: 240, rows: 70), lanes: 1, side: side).panes
    #expect(Set(panes.map(\.pane)).count == panes.count && panes.count > 3)
    #expect(panes.allSatisfy { !$0.rect.isEmpty })
  }
}
