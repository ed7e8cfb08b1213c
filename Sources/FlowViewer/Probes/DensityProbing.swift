import FlowMatching
import TerminalCanvas

/// The density view's computations: coarse while t moves, fine when it rests.
extension AppState {
  /// Half cells along the edge of a square in a picture that is refined later.
  private static let coarseStride = 3

  private func densityRequest(coarse: Bool) -> DensityPicture.Request? {
    guard look.scenery.view == .density, let axes = plotAxes else { return nil }
    let finest = PlotGrid(axes, limit: 16_384)
    let grid =
      coarse
      ? PlotGrid(axes, limit: 16_384, stride: AppState.coarseStride * finest.stride) : finest
    return DensityPicture.Request(
      grid: grid, t: focusedLane.t, weightsStep: lanes.ensemble.weightsStep,
      generation: training.generation,
      followed: focusedLane.settings.followed)
  }

  /// The picture to begin; nil where the one on show is the last for what is asked.
  private var nextDensity: (request: DensityPicture.Request, isFinal: Bool)? {
    guard let coarse = densityRequest(coarse: true), let fine = densityRequest(coarse: false) else {
      return nil
    }
    return probes.nextDensity(
      coarse: coarse, fine: fine, isPlaying: playback.clock.isPlaying, now: now)
  }

  /// At once while a picture is wanted; that of older weights waits for its time.
  var densityDelay: Double? {
    guard look.scenery.view == .density, turning == nil else { return nil }
    if probes.densityProbe != nil || nextDensity != nil { return 0 }
    guard !playback.clock.isPlaying, let shown = probes.shownDensity,
      shown.request.weightsStep != lanes.ensemble.weightsStep
    else { return nil }
    return probes.nextDensityTime - now
  }

  mutating func advanceDensity(_ budget: inout Int) {
    guard look.scenery.view == .density else {
      probes.update(.density(nil))
      return
    }
    if let probe = probes.densityProbe, probe.isFinal,
      densityRequest(coarse: false).map({ !probe.request.looksLike($0) }) ?? true
        || playback.clock.isPlaying
    {
      // A fine picture of what is no longer asked would keep the new one waiting.
      probes.update(.density(nil))
    }
    while budget > 0 {
      if probes.densityProbe == nil {
        guard let next = nextDensity else { break }
        if let fine = densityRequest(coarse: false), probes.recallDensity(fine) {
          revision += 1
          break
        }
        let probe = DensityProbe(
          next.request, followedFlow, source: scene.source, isFinal: next.isFinal,
          chunkSize: densityChunk)
        probes.update(.density(probe))
      }
      if probes.advanceDensity(now: now, budget: &budget) { revision += 1 }
    }
    advanceLikelihood(&budget)
    advanceHutchinson(&budget)
  }

  private var hasLikelihoodPane: Bool {
    layout.rect(of: .likelihood) != nil && hasLikelihoodOfData
  }

  /// Whether the points on show are data of the flow on show: those of a file's posterior are parameters of all
  /// its observations, and the flow is of one.
  var hasLikelihoodOfData: Bool { observing.map(\.knowsExact) ?? true }

  private var wantsLikelihood: Bool {
    hasLikelihoodPane && !playback.clock.isPlaying && probes.likelihood.running == nil
      && probes.likelihood.shown?.weightsStep != lanes.ensemble.weightsStep
      && now >= probes.likelihood.nextTime
  }

  /// At once while it is being measured; that of older weights waits for its time.
  var likelihoodDelay: Double? {
    guard look.scenery.view == .density, turning == nil else { return nil }
    if wantsLikelihood || probes.likelihood.running != nil { return 0 }
    guard !playback.clock.isPlaying, hasLikelihoodPane, let shown = probes.likelihood.shown,
      shown.weightsStep != lanes.ensemble.weightsStep
    else { return nil }
    return probes.likelihood.nextTime - now
  }

  private mutating func advanceLikelihood(_ budget: inout Int) {
    if wantsLikelihood {
      let study = LikelihoodStudy(
        network: shownNetwork, weightsStep: lanes.ensemble.weightsStep, scene: scene,
        dataset: dataset)
      probes.update(.likelihood(study, until: now + 3))
    }
    if probes.advanceLikelihood(budget: &budget) { revision += 1 }
  }

  private var hutchinsonRequest: HutchinsonStudy.Request? {
    guard layout.rect(of: .hutchinson) != nil || layout.rect(of: .point) != nil else { return nil }
    return HutchinsonStudy.Request(
      x: probes.cross.x, y: probes.cross.y, t: focusedLane.t,
      weightsStep: lanes.ensemble.weightsStep,
      followed: focusedLane.settings.followed)
  }

  private var wantsHutchinson: Bool {
    guard !playback.clock.isPlaying, probes.hutchinson.running == nil,
      let request = hutchinsonRequest
    else {
      return false
    }
    guard let shown = probes.hutchinson.shown?.request else { return true }
    if shown == request { return false }
    return !shown.isAlike(request) || now >= probes.hutchinson.nextTime
  }

  /// At once while it is being estimated; that of older weights waits for its time.
  var hutchinsonDelay: Double? {
    guard look.scenery.view == .density, turning == nil else { return nil }
    if wantsHutchinson || probes.hutchinson.running != nil { return 0 }
    guard !playback.clock.isPlaying, hutchinsonRequest != nil, let shown = probes.hutchinson.shown,
      shown.request.weightsStep != lanes.ensemble.weightsStep
    else { return nil }
    return probes.hutchinson.nextTime - now
  }

  private mutating func advanceHutchinson(_ budget: inout Int) {
    if wantsHutchinson, let request = hutchinsonRequest {
      let study = HutchinsonStudy(
        request, followedFlow, source: scene.source, chunkSize: densityChunk)
      probes.update(.hutchinson(study, until: now + 3))
    }
    if probes.advanceHutchinson(budget: &budget) { revision += 1 }
  }
}
