import FlowMatching
import TerminalCanvas

/// What the views of flow maps compute.
extension AppState {
  /// Why there is no residual on show; nil where there is.
  var residualComplaint: String? {
    if shownNetwork.map == nil { return "needs a flow map: objective mean-flow, or another" }
    if look.scenery.residual == .end, scene.exact == nil {
      return "the exact flow of these data is not known: c turns to the equations"
    }
    return nil
  }

  private var residualRequest: MapPicture.Request? {
    guard look.scenery.view == .residual, turning == nil, residualComplaint == nil,
      let axes = plotAxes
    else { return nil }
    let residual = look.scenery.residual
    // An equation is looked at from few times, so that a picture is complete before the next.
    let t = residual == .end ? 0 : min(0.95, (20 * focusedLane.t).rounded(.down) / 20)
    let limit = residual == .end ? max(400, 1600 / max(1, scene.exactCost / 8)) : 2000
    return MapPicture.Request(
      grid: PlotGrid(axes, limit: limit), residual: residual, t: t,
      jumps: residual == .end ? focusedLane.settings.jumps ?? [0, 1] : [],
      weightsStep: lanes.ensemble.weightsStep, generation: training.generation,
      training: focusedLane.settings.training)
  }

  /// At once while the residual on show is not the one that is asked for; newer weights wait.
  var residualDelay: Double? {
    if probes.residual.running != nil { return 0 }
    guard let request = residualRequest, let shown = probes.residual.shown?.picture.request,
      shown != request
    else { return residualRequest == nil || probes.residual.shown != nil ? nil : 0 }
    return shown.shows(request) ? max(0, probes.residual.nextTime - now) : 0
  }

  mutating func advanceMaps(_ budget: inout Int) {
    advanceResidual(&budget)
    advanceNoise(&budget)
  }

  private mutating func advanceResidual(_ budget: inout Int) {
    guard let request = residualRequest else { return }
    let shown = probes.residual.shown?.picture.request
    if probes.residual.running == nil, shown != request,
      !(shown?.shows(request) ?? false) || now >= probes.residual.nextTime,
      let map = shownNetwork.map?.inDouble as? any MapFlow
    {
      let particles = request.residual == .end ? particles.noise : focusedLane.positions
      let probe = MapProbe(
        request, map: map, exact: request.residual == .end ? scene.exact : nil,
        exactCost: scene.exactCost, particles: particles)
      probes.update(.residual(probe, until: now + 2))
    }
    if probes.advanceResidual(budget: &budget) { revision += 1 }
  }

  /// The distribution of the conditional velocity; nil where it is not known.
  private var posterior: VelocityPosterior? {
    guard experiment.path == .affine, experiment.coupling == .independent,
      experiment.source == Source.gaussian
    else { return nil }
    return VelocityPosterior(dataset.distribution, scheduler: experiment.scheduler)
  }

  /// Whether the target is that of mean flows, whose noise the map carries along.
  private var isMeanFlow: Bool {
    [.meanFlow, .consistency].contains(experiment.objective)
  }

  /// What the ellipses are.
  var noiseFormula: String {
    isMeanFlow
      ? "∇X Cov(v_c|x,t) ∇Xᵀ to r = 1, in Δt .1" : "Cov(v_c | x, t), as far as in Δt .1"
  }

  /// Why there are no ellipses; nil where there are.
  var noiseComplaint: String? {
    if experiment.objective.isMap, experiment.mapTeacher == .exact {
      return "the exact field is the teacher: its targets have no noise"
    }
    if posterior == nil { return "known of Gaussians and points from N(0, I), paired at random" }
    return nil
  }

  private var noiseRequest: NoisePicture.Request? {
    guard look.scenery.view == .noise, turning == nil, noiseComplaint == nil else { return nil }
    return NoisePicture.Request(
      t: min(0.95, (20 * focusedLane.t).rounded(.down) / 20),
      weightsStep: isMeanFlow ? lanes.ensemble.weightsStep : 0, generation: training.generation,
      training: focusedLane.settings.training)
  }

  var noiseDelay: Double? {
    if probes.noise.running != nil { return 0 }
    guard let request = noiseRequest else { return nil }
    guard let shown = probes.noise.shown?.picture.request else { return 0 }
    if shown == request { return nil }
    return shown.t == request.t && shown.generation == request.generation
      ? max(0, probes.noise.nextTime - now) : 0
  }

  private mutating func advanceNoise(_ budget: inout Int) {
    guard let request = noiseRequest, let posterior else { return }
    let shown = probes.noise.shown?.picture.request
    let isOld = shown?.t != request.t || shown?.generation != request.generation
    if probes.noise.running == nil, shown != request, isOld || now >= probes.noise.nextTime {
      let probe = NoiseProbe(
        request, posterior,
        map: isMeanFlow ? shownNetwork.map?.inDouble as? any MapFlow : nil,
        places: focusedLane.positions)
      probes.update(.noise(probe, until: now + 1))
    }
    if probes.advanceNoise(budget: &budget) { revision += 1 }
  }
}

extension MapPicture.Request {
  /// Whether another differs by the weights alone, so that this picture may stay a while.
  func shows(_ other: MapPicture.Request) -> Bool {
    (grid, residual, t, jumps) == (other.grid, other.residual, other.t, other.jumps)
      && generation == other.generation && training == other.training
  }
}
