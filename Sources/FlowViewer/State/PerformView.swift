import FlowMatching

/// What the keys of the view do: what is shown, how large, and where keys go.
extension AppState {
  mutating func perform(_ action: ViewAction) {
    switch action {
    case .view(let offset):
      show(views.moved(from: look.scenery.view, by: offset))
      show(viewChoices)
    case .show(let view):
      show(view)
    case .density:
      show(look.scenery.view == .density ? .particles : .density)
    case .arrows:
      changeArrows()
    case .distance:
      look.scenery.distance = SampleDistance.allCases.moved(from: look.scenery.distance, by: 1)
      say("distance", look.scenery.distance.title)
    case .colour:
      changeColour()
    case .follow(let offset):
      if ![.particles, .words, .molecules].contains(look.scenery.view) {
        return say("particles", "are followed in their own view")
      }
      follow(particles.picked.map { $0 + offset } ?? 0)
    case .trails:
      look.scenery.trails.toggle()
      say("trails", look.scenery.trails ? "on" : "off")
    case .content:
      look.scenery.content = Content.allCases.moved(from: look.scenery.content, by: 1)
      say("shown", look.scenery.content.rawValue)
    case .expand:
      let pane = isComparing ? .plot : window.focusedPane
      change(Window.Change.expand(window.expanded == nil ? pane : nil))
    case .link:
      change(Window.Change.link(lane: lanes.focused))
    case .zoom(let factor):
      zoom(by: factor)
    case .fit:
      change(Window.Change.fit(lane: lanes.focused))
    case .pan(let x, let y) where window.focusedPane == .observation && observing != nil:
      observe(movedBy: x, y)
    case .pan(let x, let y):
      move(x: x, y: y)
    case .tag:
      change(Particles.Change.tag(focusedLane.positions, on: experiment.curvedSpace))
    }
  }

  /// The views of what is learned, one after the other.
  var views: [PlotView] {
    (traits.tokens.map { PlotView.ofWords(length: $0.space.length) }
      ?? (traits.isLatent ? [.pictures] : []) + (showsMolecules ? [.molecules] : [])
        + PlotView.ofPoints
        + (traits.isMap ? PlotView.ofMaps : []))
      .filter { complaint(of: $0) == nil }
  }

  /// Whether there is such a view; the noise of targets is one of any flow of points, by its name.
  func has(_ view: PlotView) -> Bool {
    views.contains(view)
      || traits.tokens == nil && PlotView.ofMaps.contains(view) && complaint(of: view) == nil
  }

  /// Turns to a view that there is, where what is learned has become another thing.
  mutating func suitView() {
    if !has(look.scenery.view) || showsMolecules { look.scenery.view = views[0] }
    if traits.isMap, lanes.comparedSettings == LaneBoard.usualCompared {
      lanes.update(.settle(solo: lanes.soloSettings, compared: AppState.comparedMaps))
    }
    if !traits.isMap, lanes.comparedSettings == AppState.comparedMaps {
      lanes.update(.settle(solo: lanes.soloSettings, compared: LaneBoard.usualCompared))
    }
    if traits.tokens == nil, lanes.comparedSettings.contains(where: { $0.letters != nil }) {
      lanes.update(.settle(solo: lanes.soloSettings, compared: LaneBoard.usualCompared))
    }
    if traits.tokens != nil, lanes.comparedSettings.contains(where: { $0.letters == nil }) {
      lanes.update(.settle(solo: lanes.soloSettings, compared: AppState.comparedLetters))
    }
  }

  /// Turns the main plot to a view.
  mutating func show(_ view: PlotView) {
    if let complaint = complaint(of: view) { return say(view.rawValue, complaint) }
    guard has(view) else {
      let what = traits.tokens == nil ? "points" : "letters jump and"
      return say("view \(view.rawValue)", "\(what) have none such")
    }
    look.scenery.view = view
    showPlot()
    say("view", view.rawValue)
  }

  private mutating func changeColour() {
    switch look.scenery.view {
    case .particles where isComparing:
      // What lanes share is where their particles start.
      look.scenery.colouring = look.scenery.colouring == .angle ? .density : .angle
      let isAngle = look.scenery.colouring == .angle
      say("colour", isAngle ? look.scenery.colouring.rawValue : "distance from the exact place")
    case .particles:
      look.scenery.colouring = Colouring.allCases.moved(from: look.scenery.colouring, by: 1)
      say("colour", look.scenery.colouring.rawValue)
    case .field:
      var choices = FieldHeat.allCases
      if !knowsFollowedExact { choices.removeAll { $0 == .error || $0 == .logDensity } }
      look.scenery.heat = choices.moved(from: fieldHeat, by: 1)
      say("colour", look.scenery.heat == .speed ? fieldArrows.length : look.scenery.heat.rawValue)
    case .density:
      say("colour", "log p")
    case .warp:
      say("colour", "ln det ∂ψ")
    case .theory:
      say("colour", "✓ holds, × does not")
    case .residual:
      look.scenery.residual = MapResidual.allCases.moved(from: look.scenery.residual, by: 1)
      say("residual", look.scenery.residual.formula)
    case .noise:
      say("ellipses", noiseFormula)
    case .paths:
      look.scenery.coordinate = 1 - look.scenery.coordinate
      say("coordinate", coordinateName)
    case .molecules:
      say("colour", "energy, −25 brightest")
    case .words, .board:
      say("colour", "words of the list, and others")
    case .pictures:
      say("colour", "the class asked for")
    case .world:
      say("colour", "particles per cell")
    case .step:
      say("colour", "wanted, said, said after the step")
    case .coupling:
      look.scenery.pairs = AppState.pairCounts.moved(from: look.scenery.pairs, by: 1)
      say("pairs", "\(look.scenery.pairs)")
    }
  }

  /// Turns the keys to the next lane, or without lanes to the next pane.
  mutating func turnKeys(by offset: Int) {
    if isComparing {
      let before = focusedLane.settings.training
      lanes.update(.focus(lanes.focused + offset))
      if comparesTrainings || focusedLane.settings.training != before { forgetProbes() }
      if leadingLane != nil { showLanes(morph: false) }
      lanes.turnFilm()
      playback.filmFrames = []
      return
    }
    let names = [.plot] + (window.expanded == nil ? layout : collapsedLayout).panes.map(\.pane)
    window.update(.focus(names.moved(from: window.focusedPane, by: offset), follows: true))
  }

  /// The layout as it would be without an expanded pane.
  private var collapsedLayout: ScreenLayout {
    var state = self
    state.window.update(.expand(nil))
    return state.layout
  }

  /// Why a view cannot be shown of this flow; nil where it can.
  func complaint(of view: PlotView) -> String? {
    if view == .pictures, isComparing { return "needs a single lane: | joins them" }
    if view == .residual, !traits.isMap { return "needs a flow map: objective mean-flow, …" }
    if traits.ownNoise > 0, [.density, .warp].contains(view) {
      return "needs a flow: a process with noise has no density that is known"
    }
    if view == .molecules, !showsMolecules { return "needs four particles: --dataset dw4" }
    if scene.axes != nil, !view.suitsAxes {
      return "needs the plane: points here have \(experiment.dimension) coordinates"
    }
    if view == .world, let complaint = complaintOfWorld { return complaint }
    if view == .step, let complaint = complaintOfSteps { return complaint }
    guard turning != nil, view.needsPlane else { return nil }
    return view == .theory
      ? "of the \(experiment.spaceName): flowscope theory"
      : "needs the plane: its grid is of straight lines"
  }

  /// What the paths view's coordinate is called.
  var coordinateName: String {
    let isFirst = look.scenery.coordinate == 0
    return seenAxes.map { isFirst ? $0.x.name : $0.y.name } ?? (isFirst ? "first" : "second")
  }
}
