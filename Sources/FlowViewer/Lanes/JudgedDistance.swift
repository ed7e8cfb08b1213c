import FlowMatching

/// A W2 with the weights that it judges.
///
/// Everywhere it is the distance between the same 1 000 points of the source, carried to t = 1, and
/// the same 1 000 of the target (`TrainingRun.distanceNoise`), so that it can stand beside the
/// curve of training and its noise floor, whatever the screen shows.
public struct JudgedDistance: Sendable, Equatable {
  public let w2: Double
  /// The training step of the weights.
  public let weightsStep: Int
}

/// What carried the points of a `DistanceRequest`.
public enum JudgedSolve: Sendable, Hashable {
  case lane(Int)
  /// The solve that lanes are compared with.
  case reference
}

extension AppState {
  /// The sample that lanes carry for their W2, where it is shown.
  var judges: Batch? {
    guard traits.tokens == nil, showsUsualObservation else { return nil }
    return isComparing || training.travel != nil ? scene.judges : nil
  }

  /// Asks for the W2 of what is parked, once its sample has arrived at t = 1.
  mutating func distanceRequests() -> [Effect] {
    guard judges != nil, isParked, lanes.successor == nil else { return [] }
    var due: [(solve: Solve, who: JudgedSolve)] = zip(lanes.ensemble.judged, lanes.all.indices)
      .compactMap {
        lanes.all[$1].judgement == .due ? ($0, .lane($1)) : nil
      }
    if let solve = lanes.ensemble.judgedReference, studies.exactJudgement == .due {
      due.append((solve, .reference))
    }
    return due.compactMap { solve, who in
      guard solve.isOver, solve.failure == nil else { return nil }
      training.nextDistanceID += 1
      switch who {
      case .lane(let index): lanes.update(.ask(training.nextDistanceID, lane: index))
      case .reference: studies.update(.ask(training.nextDistanceID))
      }
      return .trainer(
        .distance(
          DistanceRequest(id: training.nextDistanceID, of: who, points: solve.position(at: 1))))
    }
  }

  /// Takes the answers in a report.
  mutating func takeDistances(_ report: TrainingReport) {
    func answer(_ judgement: Lane.Judgement) -> JudgedDistance? {
      guard case .asked(let id) = judgement, let w2 = report.distances[id] else { return nil }
      return JudgedDistance(w2: w2, weightsStep: lanes.ensemble.weightsStep)
    }
    for index in lanes.all.indices {
      guard let distance = answer(lanes.all[index].judgement) else { continue }
      lanes.update(.answer(distance, lane: index))
      revision += 1
    }
    if let distance = answer(studies.exactJudgement) {
      studies.update(.answer(distance))
      revision += 1
    }
  }

  /// Soon while an answer is still to come.
  var distanceDelay: Double? {
    let isWaiting = (lanes.all.map(\.judgement) + [studies.exactJudgement]).contains {
      if case .asked = $0 { true } else { false }
    }
    return isWaiting ? 0.1 : nil
  }

  /// Other weights or another solve: what was judged is judged anew.
  mutating func judgeAnew(forgetting: Bool) {
    lanes.update(.judge(forgetting: forgetting))
    studies.update(.judge(forgetting: forgetting))
  }
}
