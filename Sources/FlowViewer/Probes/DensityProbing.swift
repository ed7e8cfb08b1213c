import FlowMatching
import TerminalCanvas

/// The density view's computations: coarse while t moves, fine when it rests.
extension AppState {
  /// Half cells along the edge of a square in a picture that is refined later.
  private static let coarseStride = 3

  private func densityRequest(coarse: Bool) -> DensityPicture.Request? {
    guard scenery.view == .density, let axes = plotAxes else { return nil }
    let finest = PlotGrid(axes, limit: 16_384)
    let grid =
      coarse
      ? PlotGrid(axes, limit: 16_384, stride: AppState.coarseStride * finest.stride) : finest
    return DensityPicture.Request(
      grid: grid, t: focusedLane.t, weightsStep: ensemble.weightsStep, generation: generation,
      followed: focusedLane.settings.followed)
  }

  /// Whether the picture on show is not the last one for what is asked.
  private var nextDensity: (request: DensityPicture.Request, isFinal: Bool)? {
    guard let coarse = densityRequest(coarse: true), let fine = densityRequest(coarse: false) else {
      return nil
    }
    guard let shown = shownDensity?.request, shown.shows(coarse) else {
      // Only the weights have moved on: the fine picture stays until the next one is as fine.
      if let shown = shownDensity?.request, !clock.isPlaying, shown.looksLike(coarse) {
        return now >= nextDensityTime ? (fine, true) : nil
      }
      return (coarse, false)
    }
    if shownDensity?.contours != nil || clock.isPlaying { return nil }
    return (fine, true)
  }

  /// Whether the density view still has something to compute.
  var isProbingDensity: Bool {
    guard scenery.view == .density else { return false }
    return densityProbe != nil || nextDensity != nil || wantsLikelihood || wantsHutchinson
      || likelihood.running != nil || hutchinson.running != nil
  }

  /// When the pictures of older weights are to be made anew; nil where none is.
  var nextProbeTime: Double? {
    var times: [Double] = []
    let step = ensemble.weightsStep
    if scenery.view == .density, !clock.isPlaying {
      if let shown = shownDensity, shown.request.weightsStep != step {
        times.append(nextDensityTime)
      }
      if hasLikelihoodPane, let shown = likelihood.shown, shown.weightsStep != step {
        times.append(likelihood.nextTime)
      }
      if hutchinsonRequest != nil, let shown = hutchinson.shown, shown.request.weightsStep != step {
        times.append(hutchinson.nextTime)
      }
    }
    if scene.exact != nil, layout.rect(of: .fieldError) != nil, let shown = errorCurve.shown,
      shown.weightsStep != step
    {
      times.append(errorCurve.nextTime)
    }
    return times.min()
  }

  mutating func advanceDensity(_ budget: inout Int) {
    guard scenery.view == .density else {
      densityProbe = nil
      return
    }
    if let probe = densityProbe, probe.isFinal,
      densityRequest(coarse: false).map({ !probe.request.looksLike($0) }) ?? true || clock.isPlaying
    {
      // A fine picture of what is no longer asked would keep the new one waiting.
      densityProbe = nil
    }
    while budget > 0 {
      if densityProbe == nil {
        guard let next = nextDensity else { break }
        densityProbe = DensityProbe(
          next.request, network: followedField, source: scene.source, isFinal: next.isFinal)
      }
      guard var probe = densityProbe else { break }
      probe.advance(budget: &budget)
      densityProbe = probe.isOver ? nil : probe
      if probe.isOver {
        shownDensity = probe.picture
        if probe.isFinal { nextDensityTime = now + 2 }
        revision += 1
      }
    }
    advanceLikelihood(&budget)
    advanceHutchinson(&budget)
  }

  private var hasLikelihoodPane: Bool { layout.rect(of: .likelihood) != nil }

  private var wantsLikelihood: Bool {
    hasLikelihoodPane && !clock.isPlaying && likelihood.running == nil
      && likelihood.shown?.weightsStep != ensemble.weightsStep && now >= likelihood.nextTime
  }

  private mutating func advanceLikelihood(_ budget: inout Int) {
    if wantsLikelihood {
      let study = LikelihoodStudy(
        network: shownNetwork, weightsStep: ensemble.weightsStep, scene: scene, dataset: dataset)
      likelihood.begin(study, nextTime: now + 3)
    }
    if likelihood.advance(budget: &budget) { revision += 1 }
  }

  private var hutchinsonRequest: HutchinsonStudy.Request? {
    guard layout.rect(of: .hutchinson) != nil || layout.rect(of: .point) != nil else { return nil }
    return HutchinsonStudy.Request(
      x: cross.x, y: cross.y, t: focusedLane.t, weightsStep: ensemble.weightsStep,
      followed: focusedLane.settings.followed)
  }

  private var wantsHutchinson: Bool {
    guard !clock.isPlaying, hutchinson.running == nil, let request = hutchinsonRequest else {
      return false
    }
    guard let shown = hutchinson.shown?.request else { return true }
    if shown == request { return false }
    return !shown.isSamePlace(as: request) || now >= hutchinson.nextTime
  }

  private mutating func advanceHutchinson(_ budget: inout Int) {
    if wantsHutchinson, let request = hutchinsonRequest {
      let study = HutchinsonStudy(request, network: followedField, source: scene.source)
      hutchinson.begin(study, nextTime: now + 3)
    }
    if hutchinson.advance(budget: &budget) { revision += 1 }
  }

  /// Forgets what was computed of another run.
  mutating func forgetDensity() {
    densityProbe = nil
    shownDensity = nil
    nextDensityTime = now
    likelihood.forget(now: now)
    hutchinson.forget(now: now)
    cross = (scene.sample[0, 0], scene.sample[1, 0])
  }
}
