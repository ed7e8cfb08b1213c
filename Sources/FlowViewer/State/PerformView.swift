import FlowMatching

/// What the keys of the view do: what is shown, how large, and where keys go.
extension AppState {
  mutating func performView(_ action: Action) {
    switch action {
    case .view(let offset):
      show(scenery.view.moved(by: offset))
    case .show(let view):
      show(view)
    case .density:
      show(scenery.view == .density ? .particles : .density)
    case .arrows:
      changeArrows()
    case .distance:
      scenery.distance = SampleDistance.allCases.moved(from: scenery.distance, by: 1)
      say("distance", scenery.distance.title)
    case .colour:
      changeColour()
    case .follow(let offset):
      if scenery.view != .particles {
        return say("particles", "are followed in their own view")
      }
      follow(picked.map { $0 + offset } ?? 0)
    case .trails:
      scenery.trails.toggle()
      say("trails", scenery.trails ? "on" : "off")
    case .content:
      scenery.content = Content.allCases.moved(from: scenery.content, by: 1)
      say("shown", scenery.content.rawValue)
    case .expand:
      expanded = expanded == nil ? (isComparing ? .plot : focusedPane) : nil
      say(expanded?.rawValue ?? "panes", expanded == nil ? "side by side" : "expanded")
    case .link:
      areLinked.toggle()
      if areLinked { viewports = viewports.map { _ in viewports[focused] } }
      say("windows of lanes", areLinked ? "linked" : "one by one")
    case .zoom(let factor):
      zoom(by: factor)
    case .fit:
      fit()
    case .pan(let x, let y):
      pan(x: x, y: y)
    default:
      break
    }
  }

  /// Turns the main plot to a view.
  mutating func show(_ view: PlotView) {
    scenery.view = view
    if layout.rect(of: focusedPane) == nil { focusedPane = .plot }
    if expanded != nil { expanded = .plot }
    say("view", view.rawValue)
  }

  private mutating func changeColour() {
    switch scenery.view {
    case .particles where isComparing:
      // What lanes share is where their particles start.
      scenery.colouring = scenery.colouring == .angle ? .density : .angle
      let isAngle = scenery.colouring == .angle
      say("colour", isAngle ? scenery.colouring.rawValue : "distance from the exact place")
    case .particles:
      scenery.colouring = Colouring.allCases.moved(from: scenery.colouring, by: 1)
      say("colour", scenery.colouring.rawValue)
    case .field:
      var choices = FieldHeat.allCases
      if !knowsFollowedExact { choices.removeAll { $0 == .error || $0 == .logDensity } }
      scenery.heat = choices.moved(from: fieldHeat, by: 1)
      say("colour", scenery.heat == .speed ? fieldArrows.length : scenery.heat.rawValue)
    case .density:
      say("colour", "log p")
    case .warp:
      say("colour", "ln det ∂ψ")
    case .theory:
      say("colour", "✓ holds, × does not")
    case .paths:
      scenery.coordinate = 1 - scenery.coordinate
      say("coordinate", scenery.coordinate == 0 ? "first" : "second")
    case .coupling:
      scenery.pairs = AppState.pairCounts.moved(from: scenery.pairs, by: 1)
      say("pairs", "\(scenery.pairs)")
    }
  }

  /// Turns the keys to the next lane, or without lanes to the next pane.
  mutating func turnKeys(by offset: Int) {
    if isComparing {
      let before = focusedLane.settings.training
      focused = (focused + offset + lanes.count) % lanes.count
      if comparesTrainings || focusedLane.settings.training != before { forgetProbes() }
      if leadingLane != nil { showLanes(morph: false) }
      ensemble.turnFilm(to: focused)
      filmFrames = []
      return
    }
    let names = [.plot] + (expanded == nil ? layout : collapsedLayout).panes.map(\.pane)
    focusedPane = names.moved(from: focusedPane, by: offset)
    if expanded != nil { expanded = focusedPane }
  }

  /// The layout as it would be without an expanded pane.
  private var collapsedLayout: ScreenLayout {
    var state = self
    state.expanded = nil
    return state.layout
  }
}
