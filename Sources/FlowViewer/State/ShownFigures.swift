import FlowMatching
import TerminalCanvas

/// A figure of training with the step of the weights that it is of.
struct SteppedFigure: Sendable, Equatable {
  let step: Int
  let value: Double
}

/// What charts and numbers say of training: the newest, or those of the weights that a person went
/// back to. Each says of which step it is.
extension AppState {
  /// The newest measured figure, or the one of exactly the step that a person went back to.
  func figure(_ value: (TrainingRun.Measurement) -> Double?) -> SteppedFigure? {
    for measurement in charted.measurements.reversed() {
      if let travel = training.travel, measurement.step != travel { continue }
      if let value = value(measurement) {
        return SteppedFigure(step: measurement.step, value: value)
      }
    }
    return nil
  }

  /// The excess of the loss.
  var excessFigure: SteppedFigure? { figure(\.excess) }

  /// W₂ to the target at t = 1; of older weights what the lane's own sample says where the run did
  /// not measure.
  var distanceFigure: SteppedFigure? {
    if let measured = distanceFigure(.w2) { return measured }
    guard showsUsualObservation else { return nil }
    guard let travel = training.travel, !isComparing, let own = focusedLane.distance,
      own.weightsStep == travel
    else {
      return nil
    }
    return SteppedFigure(step: travel, value: own.w2)
  }

  /// A distance that the run measured; of another observation than the usual one it measured none.
  func distanceFigure(_ kind: SampleDistance) -> SteppedFigure? {
    guard showsUsualObservation else { return nil }
    return figure { kind == .w2 ? $0.w2 : $0.distances[kind] }
  }

  /// The average loss.
  var lossFigure: SteppedFigure? {
    guard let travel = training.travel else {
      return charted.averageLoss.map { SteppedFigure(step: charted.step, value: $0) }
    }
    // The history is thinned to steps .6 % apart.
    return charted.history.points.last { $0.step <= travel }.map {
      SteppedFigure(step: $0.step, value: $0.average)
    }
  }

  /// “weights of step 64” where a person went back to older ones.
  var travelBadge: String? {
    training.travel.map { "weights of step " + NumberFormat.grouped($0) }
  }

  /// What the charts of training are of, where that is not what is drawn; nil where it is.
  var chartedField: String? {
    let settings = focusedLane.settings
    if settings.keepsWeights { return "of the run that trains" }
    return settings.velocity == nil ? nil : "of the learned field"
  }

  /// How the samples behind the W₂ chart are solved, where that is not as what is drawn is.
  var chartedSolve: String? {
    let settings = focusedLane.settings
    if let chartedField { return chartedField }
    if settings.leaps { return "by \(settings.solver.title)" }
    if settings.stochastic != nil { return "without noise" }
    if isComparing { return "by \(lanes.soloSettings.short)" }
    return settings.scheduler == nil ? nil : "by \(experiment.scheduler.title)"
  }
}
