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

  /// Whether the picture on show is not the last one for what is asked.
  private var nextDensity: (request: DensityPicture.Request, isFinal: Bool)? {
    guard let coarse = densityRequest(coarse: true), let fine = densityRequest(coarse: false) else {
      return nil
    }
    guard let shown = probes.shownDensity?.request, shown.shows(coarse) else {
      // Only the weights have moved on: the fine picture stays until the next one is as fine.
      if let shown = probes.shownDensity?.request, !playback.clock.isPlaying,
        shown.looksLike(coarse)
      {
        return now >= probes.nextDensityTime ? (fine, true) : nil
      }
      return (coarse, false)
    }
    if probes.shownDensity?.contours != nil || playback.clock.isPlaying { return nil }
    return (fine, true)
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
      probes.densityProbe = nil
      return
    }
    if let probe = probes.densityProbe, probe.isFinal,
      densityRequest(coarse: false).map({ !probe.request.looksLike($0) }) ?? true
        || playback.clock.isPlaying
    {
      // A fine picture of what is no longer asked would keep the new one waiting.
      probes.densityProbe = nil
    }
    while budget > 0 {
      if probes.densityProbe == nil {
        guard let next = nextDensity else { break }
        probes.densityProbe = DensityProbe(
          next.request, followedFlow, source: scene.source, isFinal: next.isFinal,
          chunkSize: densityChunk)
      }
      guard var probe = probes.densityProbe else { break }
      probe.advance(budget: &budget)
      probes.densityProbe = probe.isOver ? nil : probe
      if probe.isOver {
        probes.shownDensity = probe.picture
        if probe.isFinal { probes.nextDensityTime = now + 2 }
        revision += 1
      }
    }
    advanceLikelihood(&budget)
    advanceHutchinson(&budget)
  }

  private var hasLikelihoodPane: Bool { layout.rect(of: .likelihood) != nil }

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
      probes.likelihood.begin(study, nextTime: now + 3)
    }
    if probes.likelihood.advance(budget: &budget) { revision += 1 }
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
    return !shown.isSamePlace(as: request) || now >= probes.hutchinson.nextTime
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
      probes.hutchinson.begin(study, nextTime: now + 3)
    }
    if probes.hutchinson.advance(budget: &budget) { revision += 1 }
  }

  /// Forgets what was computed of another run.
  mutating func forgetDensity() {
    probes.densityProbe = nil
    probes.shownDensity = nil
    probes.nextDensityTime = now
    probes.likelihood.forget(now: now)
    probes.hutchinson.forget(now: now)
    probes.cross = (scene.sample[0, 0], scene.sample[1, 0])
  }
}
