import FlowMatching
import TerminalCanvas

/// What the views other than the particles compute: in slices, with what the solves leave over.
extension AppState {
  /// The learned field of the weights on show, in the focused lane.
  var shownNetwork: LearnedField { ensemble.fields.network(focusedLane.settings) }

  /// The window of the main plot, if it has room.
  var plotAxes: PlotAxes? {
    let layout = self.layout
    guard !layout.isTooSmall, layout.lanes.indices.contains(isComparing ? focused : 0) else {
      return nil
    }
    let rect = plotRect(layout.lanes[isComparing ? focused : 0])
    return rect.isEmpty ? nil : axes(in: rect)
  }

  /// The cells of a pane's plot: inside its border, and in a lane above its numbers.
  func plotRect(_ pane: Rect) -> Rect {
    let inner = pane.inset(by: 1)
    return isComparing ? inner.split(bottom: 1).rest : inner
  }

  /// Whether some view still works on its picture, so that frames must go on.
  var isProbing: Bool {
    fieldProbe.map { !$0.isOver } ?? false || wantsField
      || errorCurve.running != nil || isProbingDensity || isCarrying || isWarping
      || isInspecting
  }

  /// Works on whatever the view on show needs.
  mutating func advanceProbes(budget: inout Int) {
    advanceField(&budget)
    advanceErrorCurve(&budget)
    advanceDensity(&budget)
    advanceCarrier(&budget)
    advanceWarp(&budget)
    advanceInspection(&budget)
    drawPairs()
  }

  /// The most samples of a picture: what some frames can pay for on this machine.
  private var sampleLimit: Int {
    let cost = scene.exact == nil ? 1 : scene.exactCost
    return min(16_384, max(512, evaluationBudget), max(2048, 32_768 / cost))
  }

  private var fieldRequest: FieldPicture.Request? {
    guard scenery.view == .field, let axes = plotAxes else { return nil }
    return FieldPicture.Request(
      grid: PlotGrid(axes, limit: sampleLimit), t: focusedLane.t,
      weightsStep: ensemble.weightsStep, generation: generation, heat: fieldHeat,
      arrows: fieldArrows, followed: focusedLane.settings.followed)
  }

  /// The heat that can be shown: without an exact field there is no error and no density.
  var fieldHeat: FieldHeat {
    let needsExact = scenery.heat == .error || scenery.heat == .logDensity
    return needsExact && !knowsFollowedExact ? .divergence : scenery.heat
  }

  /// What the arrows can show: the score follows from the velocity of independent pairs alone.
  var fieldArrows: FieldArrows { allowsNoise ? scenery.arrows : .velocity }

  /// The next thing that the arrows can show.
  mutating func changeArrows() {
    guard allowsNoise else { return say("the score", "needs independent pairs from a Gaussian") }
    if scenery.view != .field { show(.field) }
    scenery.arrows = FieldArrows.allCases.moved(from: scenery.arrows, by: 1)
    say("arrows", scenery.arrows.rawValue)
  }

  private var wantsField: Bool {
    guard let request = fieldRequest else { return false }
    return shownField?.request != request
  }

  private mutating func advanceField(_ budget: inout Int) {
    if fieldProbe == nil, let request = fieldRequest, shownField?.request != request {
      fieldProbe = FieldProbe(
        request, network: followedField, exact: followedExact, exactCost: scene.exactCost,
        path: followedScheduler, particles: focusedLane.positions)
    }
    guard var probe = fieldProbe else { return }
    probe.advance(budget: &budget)
    // A probe that a newer request has overtaken is finished all the same: else, while t moves, a
    // slow machine would never see one.
    fieldProbe = probe.isOver ? nil : probe
    if probe.isOver {
      shownField = probe.picture
      revision += 1
    }
  }

  private mutating func advanceErrorCurve(_ budget: inout Int) {
    guard scene.exact != nil, layout.rect(of: .fieldError) != nil else { return }
    let (shown, followed) = (errorCurve.shown, focusedLane.settings.followed)
    let isStale = shown?.weightsStep != ensemble.weightsStep || shown?.followed != followed
    if isStale, errorCurve.running == nil, now >= errorCurve.nextTime, let exact = followedExact {
      let curve = FieldErrorCurve(
        network: followedField, weightsStep: ensemble.weightsStep, exact: exact, scene: scene,
        followed)
      errorCurve.begin(curve, nextTime: now + 1)
    }
    if errorCurve.advance(budget: &budget) { revision += 1 }
  }

  /// Forgets every picture of the run before.
  mutating func forgetProbes() {
    fieldProbe = nil
    shownField = nil
    errorCurve.forget(now: now)
    carrier = nil
    warp = nil
    nextWarp = nil
    forgetDensity()
  }
}
