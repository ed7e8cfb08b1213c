import FlowMatching
import TerminalCanvas

/// Two lanes that show what was trained rather than how it is solved: flow matching beside a flow by
/// likelihood, or a flow of layers.
extension AppState {
  /// Whether the lanes show trainings, so that numbers of solvers say nothing.
  var comparesTrainings: Bool {
    guard isComparing else { return false }
    if !experiment.traits.needsSolver { return true }
    return lanes.ensemble.rival != nil && lanes.all.contains { $0.settings.training == .matching }
  }

  /// Whether the lanes differ by how they solve alone.
  var comparesSolvers: Bool {
    !comparesProcesses
      && lanes.all.allSatisfy {
        $0.settings.velocity == nil && !$0.settings.keepsWeights && $0.settings.guidance == nil
      }
  }

  /// What a lane is called.
  func name(ofLane index: Int) -> String {
    guard comparesTrainings else {
      let settings = lanes.all[index].settings
      // As long as the longest name of a solver.
      if let kept = kept(settings) { return CellText.truncated(kept.title, to: 14) }
      if settings.guidance != nil { return guidedName(settings) }
      let others = lanes.all.indices.filter { $0 != index }.map { lanes.all[$0].settings }
      let isTold = !others.contains {
        $0.title == settings.title && !$0.keepsWeights && $0.scheduler != settings.scheduler
      }
      guard isTold else { return settings.scheduler?.title ?? settings.title }
      let isPlacedAlike = !others.contains {
        $0.title == settings.title && !$0.keepsWeights && $0.grid != settings.grid
      }
      return isPlacedAlike ? settings.title : settings.gridName
    }
    if isMatching(index) { return Objective.flowMatching.title }
    guard !experiment.traits.needsSolver else { return ownTraining }
    return index == lanes.focused && look.scenery.view != .particles
      ? look.scenery.view.rawValue : "particles"
  }

  /// What a guided lane is called: what tells it from the others is in it.
  private func guidedName(_ settings: LaneSettings) -> String {
    if lanes.all.contains(where: { $0.settings.velocity != settings.velocity }) {
      return settings.title.replacing(
        "ODE", with: settings.velocity == .exact ? "exact" : "learned")
    }
    guard let noise = settings.noise,
      lanes.all.contains(where: {
        $0.settings.title == settings.title && $0.settings.noise != noise
      })
    else { return settings.title }
    return settings.title.replacing(
      "SDE", with: "g " + NumberFormat.significant(noise.scale ?? 0, 2))
  }

  /// Whether a lane follows the training beside the experiment's own.
  func isMatching(_ lane: Int) -> Bool {
    lanes.all[lane].settings.training == .matching && lanes.ensemble.rival != nil
  }

  /// The experiment's own training in a few letters.
  var ownTraining: String { experiment.kind.shortTitle }

  /// The negative log-likelihood that was measured last: its excess over the entropy's floor, and the
  /// floor itself.
  func likelihood(ofMatching isMatching: Bool) -> (value: Double, excess: Double)? {
    guard let floor = training.shownReport.lossFloor,
      let last = training.shownReport.measurements.last,
      let excess = isMatching ? last.rival?.excess : last.excess
    else { return nil }
    return (floor + excess, excess)
  }

  /// The lanes of the next press of a key: one, two and four, three by name; of layers one or two, the
  /// second with another view.
  var nextLaneCount: Int {
    if !experiment.traits.needsSolver { return lanes.all.count == 1 ? 2 : 1 }
    return lanes.all.count == 1 ? 2 : lanes.all.count < 4 ? 4 : 1
  }

  /// The settings of so many lanes; a flow of layers has no solvers to compare.
  func settings(ofLanes count: Int) -> [LaneSettings] {
    if !experiment.traits.needsSolver {
      return [LaneSettings](repeating: AppState.usualSolver(of: experiment), count: min(2, count))
    }
    return count == 1 ? [lanes.soloSettings] : Array(lanes.comparedSettings.prefix(count))
  }
}

extension TrainingReport {
  /// The report before the first step: fresh weights, and the same for a run beside it.
  init(of experiment: Experiment) {
    self.init(weights: Trainer.initialWeights(experiment))
    guard let beside = experiment.kind.rival else { return }
    let weights = Trainer.initialWeights(beside)
    rival = Rival(weights: weights, step: 0, stepsPerSecond: 0)
  }
}
