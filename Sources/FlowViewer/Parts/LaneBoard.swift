import FlowMatching
import TerminalCanvas

/// The lanes: how each solves, along which weights, and the solves themselves.
public struct LaneBoard: Sendable {
  public internal(set) var all: [Lane] = []
  public internal(set) var focused = 0
  public internal(set) var matching = AppState.Matching.time
  var ensemble: Ensemble
  /// The solve of newer weights that replaces a parked one when it is ready.
  var successor: Ensemble?
  var nextSuccessorTime = 0.0
  var soloSettings: LaneSettings
  var comparedSettings: [LaneSettings] = LaneBoard.usualCompared

  /// What is compared of points unless a person chooses.
  static let usualCompared = [
    LaneSettings(.euler, steps: 8), LaneSettings(.midpoint, steps: 4),
    LaneSettings(.rk4, steps: 2), LaneSettings(.dormandPrince, toleranceExponent: -3),
  ]
  /// Weights that lanes keep, by number.
  var kept: [Int: KeptTraining] = [:]
  var nextKept = 0

  /// One lane along the weights that training begins with.
  init(_ ensemble: Ensemble, settings: LaneSettings, noise: Batch) {
    self.ensemble = ensemble
    soloSettings = settings
    all = [Lane(settings: settings, positions: noise)]
  }
}
