import FlowMatching
import TerminalCanvas

/// What the views other than the particles compute: in slices, with what the solves leave over.
extension AppState {
  /// The learned field of the weights on show, in the focused lane.
  var shownNetwork: LearnedField { lanes.ensemble.fields.network(focusedLane.settings) }

  /// The window of the main plot, if it has room.
  var plotAxes: PlotAxes? {
    let layout = self.layout
    guard !layout.isTooSmall, layout.lanes.indices.contains(isComparing ? lanes.focused : 0) else {
      return nil
    }
    let rect = plotRect(layout.lanes[isComparing ? lanes.focused : 0])
    return rect.isEmpty ? nil : axes(in: rect)
  }

  /// The cells of a pane's plot: inside its border, and in a lane above its numbers.
  func plotRect(_ pane: Rect) -> Rect {
    let inner = pane.inset(by: 1)
    return isComparing ? inner.split(bottom: 1).rest : inner
  }

  /// Works on whatever the view on show needs.
  mutating func advanceProbes(budget: inout Int) {
    if turning == nil {
      advanceField(&budget)
      advanceErrorCurve(&budget)
      advanceDensity(&budget)
    } else {
      advanceSpaceViews(&budget)
    }
    advanceCarrier(&budget)
    advanceWarp(&budget)
    advanceInspection(&budget)
    advanceSpace(&budget)
    drawPairs()
    prepareLesson()
    advanceWords(&budget)
    advancePictures(&budget)
    advanceMaps(&budget)
    advanceMarginals(&budget)
    advanceProcesses(&budget)
    advanceGuidance(&budget)
    advanceCalibration(&budget)
    advanceMolecules(&budget)
    advanceTransport(&budget)
  }

  /// The most samples of a picture: what some frames can pay for on this machine.
  private var sampleLimit: Int {
    let cost = scene.exact == nil ? 1 : scene.exactCost
    return min(16_384, max(512, pace.evaluationBudget), max(2048, 32_768 / cost))
  }

  private var fieldRequest: FieldPicture.Request? {
    guard look.scenery.view == .field, turning == nil, let axes = plotAxes else { return nil }
    return FieldPicture.Request(
      grid: PlotGrid(axes, limit: sampleLimit), t: focusedLane.t,
      weightsStep: lanes.ensemble.weightsStep, generation: training.generation, heat: fieldHeat,
      arrows: fieldArrows, followed: focusedLane.settings.followed)
  }

  /// The heat that can be shown: without an exact field there is no error and no density.
  var fieldHeat: FieldHeat {
    let needsExact = look.scenery.heat == .error || look.scenery.heat == .logDensity
    return needsExact && !knowsFollowedExact ? .divergence : look.scenery.heat
  }

  /// What the arrows can show: the score follows from the velocity of independent pairs alone.
  var fieldArrows: FieldArrows { traits.impliesScore ? look.scenery.arrows : .velocity }

  /// The next thing that the arrows can show.
  mutating func changeArrows() {
    if look.scenery.view == .density {
      look.scenery.showsEstimate = look.scenery.showsEstimate == true ? nil : true
      return say("estimate at the cross", look.scenery.showsEstimate == true ? "shown" : "hidden")
    }
    guard traits.impliesScore else {
      return say("the score", "needs independent pairs from a Gaussian")
    }
    if look.scenery.view != .field { show(.field) }
    look.scenery.arrows = FieldArrows.allCases.moved(from: look.scenery.arrows, by: 1)
    say("arrows", look.scenery.arrows.rawValue)
  }

  private var wantsField: Bool {
    guard let request = fieldRequest else { return false }
    return probes.shownField?.request != request
  }

  /// At once while the picture on show is not the one that is asked for.
  var fieldDelay: Double? { probes.fieldProbe != nil || wantsField ? 0 : nil }

  private mutating func advanceField(_ budget: inout Int) {
    if probes.fieldProbe == nil, let request = fieldRequest, probes.shownField?.request != request {
      let probe = FieldProbe(
        request, network: followedFlow, exact: followedExact, exactCost: scene.exactCost,
        path: followedScheduler, particles: focusedLane.positions)
      probes.update(.field(probe))
    }
    if probes.advanceField(budget: &budget) { revision += 1 }
  }

  /// Whether there is a pane of it.
  private var showsErrorCurve: Bool {
    scene.exact != nil && (layout.rect(of: .fieldError) ?? layout.rect(of: .steps)) != nil
  }

  /// At once while the curve is being measured; that of older weights waits for its time.
  var errorCurveDelay: Double? {
    if probes.errorCurve.running != nil { return 0 }
    guard turning == nil, showsErrorCurve, knowsFollowedExact, isErrorCurveStale else { return nil }
    return max(0, probes.errorCurve.nextTime - now)
  }

  /// The map by whose jumps the focused lane goes, where it is learned.
  private var followedMap: (any TwoTimeMap)? {
    let settings = focusedLane.settings
    return settings.method.isMap && settings.velocity == nil ? shownNetwork.map : nil
  }

  /// The curve of what the focused lane follows, maybe of older weights; nil where there is none yet.
  var shownErrorCurve: FieldErrorCurve? {
    probes.errorCurve.shown.flatMap { $0.followed == focusedLane.settings.followed ? $0 : nil }
  }

  private var isErrorCurveStale: Bool {
    shownErrorCurve?.weightsStep != lanes.ensemble.weightsStep
  }

  private mutating func advanceErrorCurve(_ budget: inout Int) {
    guard showsErrorCurve else { return }
    if isErrorCurveStale, probes.errorCurve.running == nil, now >= probes.errorCurve.nextTime,
      let exact = followedExact
    {
      let curve = FieldErrorCurve(
        network: followedFlow, map: followedMap, weightsStep: lanes.ensemble.weightsStep,
        exact: exact, scene: scene,
        focusedLane.settings.followed)
      probes.update(.errorCurve(curve, until: now + 1))
    }
    if probes.advanceErrorCurve(budget: &budget) { revision += 1 }
  }

  /// Forgets every picture of the run before.
  mutating func forgetProbes() {
    probes.update(.forget(now: now))
    probes.update(.cross(x: scene.sample[0, 0], y: scene.sample[scene.lastRow, 0]))
  }
}
