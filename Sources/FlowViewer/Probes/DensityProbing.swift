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
      scheduler: focusedLane.settings.scheduler)
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
      || likelihood.map { !$0.isOver } ?? false || hutchinson.map { !$0.isOver } ?? false
  }

  /// When the pictures of older weights are to be made anew; nil where none is.
  var nextProbeTime: Double? {
    var times: [Double] = []
    let step = ensemble.weightsStep
    if scenery.view == .density, !clock.isPlaying {
      if let shown = shownDensity, shown.request.weightsStep != step {
        times.append(nextDensityTime)
      }
      if hasLikelihoodPane, let shown = shownLikelihood, shown.weightsStep != step {
        times.append(nextLikelihoodTime)
      }
      if hutchinsonRequest != nil, let shown = shownHutchinson, shown.request.weightsStep != step {
        times.append(nextHutchinsonTime)
      }
    }
    if scene.exact != nil, layout.rect(of: .fieldError) != nil, let shown = shownErrorCurve,
      shown.weightsStep != step
    {
      times.append(nextErrorCurveTime)
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
    hasLikelihoodPane && !clock.isPlaying && (likelihood?.isOver ?? true)
      && shownLikelihood?.weightsStep != ensemble.weightsStep && now >= nextLikelihoodTime
  }

  private mutating func advanceLikelihood(_ budget: inout Int) {
    if wantsLikelihood {
      likelihood = LikelihoodStudy(
        network: shownNetwork, weightsStep: ensemble.weightsStep, scene: scene, dataset: dataset)
      nextLikelihoodTime = now + 3
    }
    guard budget > 0, likelihood?.isOver == false else { return }
    likelihood?.advance(budget: &budget)
    if let study = likelihood, study.isOver {
      shownLikelihood = study
      revision += 1
    }
  }

  private var hutchinsonRequest: HutchinsonStudy.Request? {
    guard layout.rect(of: .hutchinson) != nil || layout.rect(of: .point) != nil else { return nil }
    return HutchinsonStudy.Request(
      x: cross.x, y: cross.y, t: focusedLane.t, weightsStep: ensemble.weightsStep,
      scheduler: focusedLane.settings.scheduler)
  }

  private var wantsHutchinson: Bool {
    guard !clock.isPlaying, hutchinson?.isOver ?? true, let request = hutchinsonRequest,
      let shown = shownHutchinson?.request
    else { return !clock.isPlaying && hutchinson == nil && hutchinsonRequest != nil }
    if shown == request { return false }
    let isSamePlace = shown.isSamePlace(as: request)
    return !isSamePlace || now >= nextHutchinsonTime
  }

  private mutating func advanceHutchinson(_ budget: inout Int) {
    if wantsHutchinson, let request = hutchinsonRequest {
      hutchinson = HutchinsonStudy(
        request, network: followedField, source: scene.source)
      nextHutchinsonTime = now + 3
    }
    guard budget > 0, hutchinson?.isOver == false else { return }
    hutchinson?.advance(budget: &budget)
    if let study = hutchinson, study.isOver {
      shownHutchinson = study
      revision += 1
    }
  }

  /// Forgets what was computed of another run.
  mutating func forgetDensity() {
    densityProbe = nil
    shownDensity = nil
    likelihood = nil
    shownLikelihood = nil
    hutchinson = nil
    shownHutchinson = nil
    nextDensityTime = now
    nextLikelihoodTime = now
    nextHutchinsonTime = now
    cross = (scene.sample[0, 0], scene.sample[1, 0])
  }
}
