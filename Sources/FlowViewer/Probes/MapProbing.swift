import FlowMatching
import TerminalCanvas

/// What the views of flow maps compute.
extension AppState {
  /// Why there is no residual on show; nil where there is.
  var residualComplaint: String? {
    if shownNetwork.map == nil { return "needs a flow map: objective mean-flow, or another" }
    let settings = focusedLane.settings
    guard settings.jumps != nil, [nil, .learned].contains(settings.velocity) else {
      return "a residual is of jumps that are learned, and this lane is “\(settings.short)”"
    }
    if look.scenery.residual == .end, scene.exact == nil {
      return "the exact flow of these data is not known: o turns to the equations"
    }
    return nil
  }

  var residualRequest: MapPicture.Request? {
    guard look.scenery.view == .residual, turning == nil, residualComplaint == nil,
      let axes = plotAxes
    else { return nil }
    let residual = look.scenery.residual
    // An equation is looked at from few times, so that a picture is complete before the next.
    let t = residual == .end ? 0 : min(0.95, (20 * focusedLane.t).rounded(.down) / 20)
    let limit = residual == .end ? max(400, 1600 / max(1, scene.exactCost / 8)) : 2000
    return MapPicture.Request(
      grid: PlotGrid(axes, limit: limit), residual: residual, t: t,
      jumps: focusedLane.settings.jumps ?? [0, 1],
      weightsStep: lanes.ensemble.weightsStep, generation: training.generation,
      noiseIndex: particles.noiseIndex, training: focusedLane.settings.training)
  }

  /// At once while the residual on show is not the one that is asked for; newer weights wait.
  var residualDelay: Double? {
    residualRequest.flatMap { probes.residual.delay(for: $0, now: now) }
  }

  /// The residual's picture where it is of what is on show: no number of older weights, of another window or
  /// of other jumps is said beside them.
  var currentResidual: MapPicture? {
    probes.residual.shown.flatMap { $0.key.isAtAnyTime(residualRequest) ? $0.picture : nil }
  }

  /// The same of the target's noise.
  var currentNoise: NoisePicture? {
    probes.noise.shown.flatMap { $0.key.isAtAnyTime(noiseRequest) ? $0.picture : nil }
  }

  /// Where the focused lane's particles are at a time on their way to where they stand; nil before that is
  /// known.
  private func places(at t: Double) -> Batch? {
    let solve = lanes.ensemble.lanes[lanes.focused]
    guard solve.knows(t) else { return nil }
    return solve.trajectory.times.isEmpty ? focusedLane.positions : solve.position(at: t)
  }

  mutating func advanceMaps(_ budget: inout Int) {
    advanceResidual(&budget)
    advanceNoise(&budget)
    advanceGrid(&budget)
  }

  private mutating func advanceResidual(_ budget: inout Int) {
    guard let request = residualRequest else { return }
    // What t has overtaken is finished all the same: else a slow machine would never see one.
    if probes.residual.running == nil, probes.residual.wants(request, now: now),
      let map = shownNetwork.map?.inDouble as? any MapFlow,
      let particles = request.residual == .end ? particles.noise : places(at: request.t)
    {
      let probe = MapProbe(
        request, map: map,
        exact: request.residual == .end ? experiment.exactMap(to: dataset, tolerance: 1e-5) : nil,
        exactCost: scene.exactCost, particles: particles)
      probes.update(.residual(probe, until: now + 2))
    }
    if probes.advanceResidual(budget: &budget) { revision += 1 }
  }

  /// The distribution of the conditional velocity; nil where it is not known.
  private var posterior: VelocityPosterior? {
    let experiment = followedExperiment
    guard experiment.path == .affine, experiment.coupling == .independent,
      experiment.source == Source.gaussian, experiment.dataset == dataset.name
    else { return nil }
    return VelocityPosterior(dataset.distribution, scheduler: experiment.scheduler)
  }

  /// Whether the target is that of mean flows, whose noise the map carries along.
  private var isMeanFlow: Bool {
    [.meanFlow, .consistency].contains(followedExperiment.objective)
  }

  /// What the ellipses are.
  var noiseFormula: String {
    isMeanFlow
      ? "∇X Cov(v_c|x,t) ∇Xᵀ to r = 1, in Δt .1" : "Cov(v_c | x, t), as far as in Δt .1"
  }

  /// Why there are no ellipses; nil where there are.
  var noiseComplaint: String? {
    let experiment = followedExperiment
    if experiment.objective.isMap, experiment.mapTeacher == .exact {
      return "the exact field is the teacher: its targets have no noise"
    }
    if !traits.followsPath { return "a likelihood draws to no target" }
    if experiment.traits.hasConstantNoise { return "an interpolant's target has another noise" }
    if experiment.prediction != .velocity {
      return
        "known of velocities, and what is predicted here is the \(experiment.prediction.rawValue)"
    }
    if experiment.loss != .squared {
      return "the least loss is known of the squared error, and here it is \(experiment.loss.title)"
    }
    if !traits.classes.isEmpty { return "known without classes: given one a target scatters less" }
    if posterior == nil { return "known of Gaussians and points from N(0, I), paired at random" }
    return nil
  }

  fileprivate var noiseRequest: NoisePicture.Request? {
    guard look.scenery.view == .noise, turning == nil, noiseComplaint == nil else { return nil }
    return NoisePicture.Request(
      t: min(0.95, (20 * focusedLane.t).rounded(.down) / 20),
      weightsStep: isMeanFlow ? lanes.ensemble.weightsStep : 0, generation: training.generation,
      training: focusedLane.settings.training)
  }

  var noiseDelay: Double? { noiseRequest.flatMap { probes.noise.delay(for: $0, now: now) } }

  private mutating func advanceNoise(_ budget: inout Int) {
    guard let request = noiseRequest, let posterior else { return }
    if probes.noise.running == nil, probes.noise.wants(request, now: now) {
      let probe = NoiseProbe(
        request, posterior,
        map: isMeanFlow ? shownNetwork.map?.inDouble as? any MapFlow : nil,
        places: draws(at: request.t, posterior.scheduler))
      probes.update(.noise(probe, until: now + 1))
    }
    if probes.advanceNoise(budget: &budget) { revision += 1 }
  }

  /// Draws of X_t as training makes them: a loss is a mean over these, not over where a lane has its points.
  private func draws(at t: Double, _ scheduler: Scheduler) -> Batch {
    let path = scheduler.coefficients(at: t)
    var x = scene.noise.prefix(NoiseProbe.count)
    let data = scene.sample.prefix(NoiseProbe.count)
    for k in x.values.indices {
      x.values[k] = path.sigma * x.values[k] + path.alpha * data.values[k]
    }
    return x
  }
}
