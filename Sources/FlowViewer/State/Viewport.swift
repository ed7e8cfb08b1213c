import TerminalCanvas

/// Which part of the plane a plot shows: the fitted window, magnified and moved.
public struct Viewport: Codable, Sendable, Hashable {
  /// How much larger than fitted, ½…64.
  public private(set) var zoom = 1.0
  /// Where the middle lies, in extents of the fitted window from its own middle; −1…1.
  public private(set) var x = 0.0, y = 0.0

  /// The whole target and the bulk of the source.
  public static let fitted = Viewport()

  /// Magnifies by a factor around a place that keeps its spot, in extents from the fitted middle.
  mutating func magnify(by factor: Double, aroundX px: Double, y py: Double) {
    let next = min(64, max(0.5, zoom * factor))
    let ratio = zoom / next
    zoom = next
    move(toX: px + (x - px) * ratio, y: py + (y - py) * ratio)
  }

  /// Moves by shares of what is seen; positive looks further right and up.
  mutating func pan(x dx: Double, y dy: Double) { move(toX: x + dx / zoom, y: y + dy / zoom) }

  private mutating func move(toX nextX: Double, y nextY: Double) {
    x = min(1, max(-1, nextX.isFinite ? nextX : 0))
    y = min(1, max(-1, nextY.isFinite ? nextY : 0))
  }

  /// The part of a fitted range along one axis, `shift` being this window's x or y.
  func range(_ fitted: ClosedRange<Double>, shift: Double) -> ClosedRange<Double> {
    if self == .fitted { return fitted }
    let span = fitted.upperBound - fitted.lowerBound
    let middle = (fitted.lowerBound + fitted.upperBound) / 2 + shift * span
    return (middle - span / zoom / 2)...(middle + span / zoom / 2)
  }
}

extension AppState {
  /// Columns at the right of a single plot that belong to its colour bar.
  static let barColumns = 6

  /// The layout of the present screen.
  var layout: ScreenLayout {
    let known = window.expanded.flatMap { pane in
      pane == .plot || !isComparing ? pane : nil
    }
    return ScreenLayout(
      size: window.size, lanes: lanes.all.count, side: side, expanded: known,
      focused: lanes.focused,
      caption: dialogue.caption ?? tourCaption, plotShare: window.plotShare,
      courses: comparesProcesses, lecture: look.isLecture)
  }

  /// What stands beside the plots; beside lanes only what is not about one solve.
  private var side: SidePanes {
    if traits.tokens != nil { return .words }
    if look.scenery.view == .world, !isComparing { return .world }
    if look.scenery.view == .molecules, !isComparing { return .molecules }
    if showsTransport { return .transport }
    if isComparing {
      return look.scenery.view == .paths
        ? .pathsOfLanes : look.scenery.view == .field ? .field : usualSide
    }
    if let space = experiment.picturedSpace, turning != nil {
      return followed == nil ? .space(wholeRows: space.wholeRows) : .spaceParticle
    }
    if scene.axes != nil, look.scenery.view == .paths { return .dimensions }
    if followed != nil { return .particle }
    if look.scenery.view == .density, look.scenery.showsEstimate == true { return .estimate }
    return look.scenery.view.side == .training ? usualSide : look.scenery.view.side
  }

  /// How training goes, and where a time has more weight than another, what is known of t.
  private var usualSide: SidePanes {
    if observing != nil { return .posterior }
    if look.scenery.chartsExcess == true, turning == nil { return .excess }
    if options.follows != nil, training.report.doctor != nil, !isComparing { return .following }
    let isEven =
      experiment.timeDensity == .uniform && experiment.timeWeight == .uniform
      && lanes.all.allSatisfy { $0.settings.grid == nil } && look.scenery.view != .noise
    return isEven || turning != nil ? .training : .steps
  }

  /// The window of a lane on the cells inside its border.
  func axes(in inner: Rect, lane: Int? = nil) -> PlotAxes {
    let viewport = window.viewports[(lane ?? lanes.focused) % window.viewports.count]
    let x = viewport.range(xRange, shift: viewport.x)
    let y = viewport.range(yRange, shift: viewport.y)
    let aligns = turning == nil
    let axes = PlotAxes(
      rect: inner, x: x, y: y, cellAspect: window.cellAspect, alignsTicks: aligns)
    let isView = look.scenery.view != .particles && (lane ?? lanes.focused) == lanes.focused
    guard !isComparing || isView, inner.width >= 40, inner.height >= 12 else { return axes }
    // Where the data would reach under the colour bar the window leaves it its columns.
    let spare = (axes.xRange.upperBound - x.upperBound) / (2 * axes.unitsPerDotX)
    if spare >= Double(AppState.barColumns) { return axes }
    return PlotAxes(
      rect: inner.inset(right: AppState.barColumns), x: x, y: y, cellAspect: window.cellAspect,
      alignsTicks: aligns)
  }

  /// The numbers of a window's x axis, unless axes are off.
  func borderNumbers(_ axes: PlotAxes) -> [BorderNumber] {
    look.appearance.showsAxes ? axes.borderNumbers : []
  }

  /// The rows of a window's y ticks, unless axes are off.
  func leftTicks(_ axes: PlotAxes) -> [Int] { look.appearance.showsAxes ? axes.leftTicks : [] }

  /// Magnifies the focused window, or all where they are linked; around a cell or the middle.
  mutating func zoom(by factor: Double, at cell: (x: Int, y: Int)? = nil) {
    var place: (x: Double, y: Double)?
    if let cell, layout.lanes.indices.contains(lanes.focused) {
      let axes = self.axes(in: plotRect(layout.lanes[lanes.focused]))
      let world = axes.world(column: cell.x, row: cell.y)
      place = (extent(world.x, xRange), extent(world.y, yRange))
    }
    change(Window.Change.magnify(by: factor, around: place, lane: lanes.focused))
  }

  /// Moves what is seen by shares of the window: the window on the plane, a body before the viewer.
  mutating func move(x: Double, y: Double) {
    guard turning != nil else {
      return change(Window.Change.pan(x: x, y: y, lane: lanes.focused))
    }
    turnByHand(around: 100 * x, lean: 100 * y)
    say(dial?.saying(self) ?? Saying("turned", ""))
  }

  private func extent(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    let middle = (range.lowerBound + range.upperBound) / 2
    return (value - middle) / (range.upperBound - range.lowerBound)
  }
}
