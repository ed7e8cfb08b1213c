import FlowMatching
import TerminalCanvas

/// What the views other than the particles compute: in slices, with what the solves leave over.
extension AppState {
  /// The learned field of the weights on show.
  var shownNetwork: NetworkField { ensemble.network }

  /// The window of the main plot, if it has room.
  var plotAxes: PlotAxes? {
    let layout = self.layout
    guard !layout.isTooSmall, !isComparing, let rect = layout.lanes.first?.inset(by: 1),
      !rect.isEmpty
    else { return nil }
    return axes(in: rect)
  }

  /// Whether some view still works on its picture, so that frames must go on.
  var isProbing: Bool {
    fieldProbe.map { !$0.isOver } ?? false || wantsField
      || errorCurve.map { !$0.isOver } ?? false || isProbingDensity || isCarrying || isWarping
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
      weightsStep: ensemble.weightsStep, generation: generation, heat: fieldHeat)
  }

  /// The heat that can be shown: without an exact field there is no error.
  var fieldHeat: FieldHeat {
    scenery.heat == .error && scene.exact == nil ? .divergence : scenery.heat
  }

  private var wantsField: Bool {
    guard let request = fieldRequest else { return false }
    return shownField?.request != request
  }

  private mutating func advanceField(_ budget: inout Int) {
    if fieldProbe == nil, let request = fieldRequest, shownField?.request != request {
      fieldProbe = FieldProbe(
        request, network: shownNetwork, exact: scene.exact, exactCost: scene.exactCost,
        particles: focusedLane.positions)
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
    guard let exact = scene.exact, layout.rect(of: .fieldError) != nil else { return }
    let isStale = errorCurve?.weightsStep != ensemble.weightsStep
    if isStale, errorCurve?.isOver ?? true, now >= nextErrorCurveTime {
      errorCurve = FieldErrorCurve(
        network: shownNetwork, weightsStep: ensemble.weightsStep, exact: exact, scene: scene)
      nextErrorCurveTime = now + 1
    }
    guard errorCurve?.isOver == false else { return }
    errorCurve?.advance(budget: &budget)
    if let curve = errorCurve, curve.isOver {
      shownErrorCurve = curve
      revision += 1
    }
  }

  /// Forgets every picture of the run before.
  mutating func forgetProbes() {
    fieldProbe = nil
    shownField = nil
    errorCurve = nil
    shownErrorCurve = nil
    nextErrorCurveTime = now
    carrier = nil
    warp = nil
    forgetDensity()
  }
}
