import FlowMatching
import TerminalCanvas

/// The screen and what of the plane it shows: its size, the panes and the lanes' viewports.
public struct Window: Sendable {
  public private(set) var size: Size
  /// Height over width of a cell, as the terminal has it.
  public private(set) var cellAspect = 2.0
  /// The window of each lane.
  public private(set) var viewports = [Viewport](repeating: .fitted, count: 4)
  /// Whether all lanes show the same window.
  public private(set) var areLinked = true
  /// The share of the columns that the plot takes, where a person has dragged its border.
  public private(set) var plotShare: Double?
  /// The pane that has the whole body, and the one that keys are turned to.
  public private(set) var expanded: PaneName?
  public private(set) var focusedPane = PaneName.plot
  /// Where a button went down, and whether the pointer has moved since.
  private(set) var drag: Drag?
  /// What is written where a button was used last.
  private(set) var pointed: PointedText?

  /// A button that is held.
  struct Drag: Sendable, Hashable {
    var x, y: Int
    var hasMoved = false
    let isOnLine: Bool
    /// Whether it is the border between the plot and the panes beside it.
    let isOnSplit: Bool
  }

  /// What can happen to it.
  enum Change {
    case resize(Size)
    /// A cell is so many times as high as wide.
    case aspect(Double)
    /// Magnifies a lane's window around a place, in extents of the fitted one, or around its middle.
    case magnify(by: Double, around: (x: Double, y: Double)?, lane: Int)
    /// Moves it by shares of itself.
    case pan(x: Double, y: Double, lane: Int)
    /// Shows everything again.
    case fit(lane: Int)
    /// Links the windows to a lane's, or lets each go its way.
    case link(lane: Int)
    /// Gives a pane the whole body; nil sets all side by side.
    case expand(PaneName?)
    /// Turns the keys to a pane; `follows` if the one that has the whole body is to be that one too.
    case focus(PaneName, follows: Bool = false)
    /// Moves the border beside the plot to a column.
    case split(column: Int)
    case press(Drag)
    case drag(x: Int, y: Int)
    case release
    /// A button was used where that is written.
    case pointed(PointedText?)
    /// Goes back to windows that were kept, as many as there are.
    case recall([Viewport])
    case restore(areLinked: Bool, plotShare: Double?)
  }

  /// A screen of that size, on which everything fits.
  init(size: Size) { self.size = size }

  /// Applies a change, and says what it became.
  @discardableResult
  mutating func update(_ change: Change) -> Saying? {
    switch change {
    case .resize(let size): self.size = size
    case .aspect(let aspect): cellAspect = aspect
    case .magnify(let factor, let place, let lane):
      let (x, y) = place ?? (viewports[lane].x, viewports[lane].y)
      view(lane) { $0.magnify(by: factor, aroundX: x, y: y) }
      return Saying("zoom", "×" + NumberFormat.significant(viewports[lane].zoom, 2))
    case .pan(let x, let y, let lane): view(lane) { $0.pan(x: x, y: y) }
    case .fit(let lane):
      view(lane) { $0 = .fitted }
      return Saying("zoom", "fitted")
    case .link(let lane):
      areLinked.toggle()
      view(lane) { _ in }
      return Saying("windows of lanes", areLinked ? "linked" : "one by one")
    case .expand(let pane):
      expanded = pane
      return Saying(pane?.rawValue ?? "panes", pane == nil ? "side by side" : "expanded")
    case .focus(let pane, let follows):
      focusedPane = pane
      if follows, expanded != nil { expanded = pane }
    case .split(let column): share(Double(column) / Double(max(1, size.columns)))
    case .press(let drag): self.drag = drag
    case .drag(let x, let y): move(toX: x, y: y)
    case .release: drag = nil
    case .pointed(let text): pointed = text
    case .recall(let kept):
      for (index, viewport) in kept.prefix(viewports.count).enumerated() {
        viewports[index] = viewport
      }
    case .restore(let areLinked, let plotShare):
      self.areLinked = areLinked
      self.plotShare = nil
      if let plotShare { share(plotShare) }
    }
    return nil
  }

  /// Changes a lane's window, and the others with it where they are linked.
  private mutating func view(_ lane: Int, _ change: (inout Viewport) -> Void) {
    change(&viewports[lane])
    if areLinked { viewports = viewports.map { [shown = viewports[lane]] _ in shown } }
  }

  private mutating func share(_ share: Double) { plotShare = min(0.9, max(0.1, share)) }

  private mutating func move(toX x: Int, y: Int) {
    guard var held = drag else { return }
    held.hasMoved = held.hasMoved || x != held.x || y != held.y
    (held.x, held.y) = (x, y)
    drag = held
  }
}

extension AppState {
  /// Changes the window, and says what it says.
  mutating func change(_ change: Window.Change) {
    if let saying = window.update(change) { say(saying) }
    revision += 1
  }

  /// Shows the plot, where another pane has the whole body, and turns the keys there if theirs is gone.
  mutating func showPlot() {
    keepFocusVisible()
    if window.expanded != nil { window.update(.expand(.plot)) }
  }

  /// Turns the keys to the plot where the pane that had them is no longer on the screen.
  mutating func keepFocusVisible() {
    if layout.rect(of: window.focusedPane) == nil { window.update(.focus(.plot)) }
  }
}
