import FlowMatching

/// Where one set of weights carries the judged points by t = 1, solved so tightly that every other
/// solve is measured by it, and what its own error is; in slices, so that no key waits for it.
struct ExactPlaces: Sendable {
  /// Evaluations of the network in Float that one in Double takes the time of, about.
  static let costInDouble = 4

  /// The training step of the weights.
  let weightsStep: Int
  /// The places with their own error; nil until all have arrived, and where one cannot.
  private(set) var solve: ReferenceSolve?
  private var progress: ReferenceSolve.Progress?

  init(_ network: LearnedField, step: Int, from points: Batch) {
    weightsStep = step
    // Twelve stages of a unit of work stay as far below a frame as those of a lane.
    let unit = Solve.chunkSize(for: network.weights.shape) / (4 * ExactPlaces.costInDouble)
    progress = ReferenceSolve.Progress(network, from: points, chunkSize: max(8, unit))
  }

  /// Whether nothing is left to do.
  var isOver: Bool { progress == nil }

  /// What the places may be off, √(mean |x − x′|²); nil while they are solved, infinite where it
  /// cannot be known.
  var error: Double? { isOver ? solve?.error ?? .infinity : nil }

  /// Works on until the budget of evaluations in Float is used up.
  mutating func advance(budget: inout Int) {
    guard budget > 0, var solving = progress.take() else { return }
    let share = max(1, budget / ExactPlaces.costInDouble)
    budget -= ExactPlaces.costInDouble * solving.advance(budget: share)
    if solving.isOver { solve = try? ReferenceSolve(solving) } else { progress = solving }
  }
}

extension AppState {
  /// The exact places of the weights on show, once they are known.
  var exactPlaces: ReferenceSolve? {
    [studies.study?.places, studies.known?.places].lazy.compactMap { $0 }.first {
      $0.weightsStep == lanes.ensemble.weightsStep
    }?.solve
  }

  /// Whether the errors at the clock's t are against them.
  var comparesExactly: Bool {
    let comparison = comparison
    return lanes.all.indices.contains { comparison[$0]?.isExact == true }
  }

  /// Compares every lane with the exact places, or on the way there with the reference's.
  mutating func compareLanes() {
    guard lanes.ensemble.reference != nil else { return }
    let exact = exactPlaces
    if let exact, let approximate = lanes.ensemble.judgedReference, approximate.isOver,
      approximate.failure == nil
    {
      let error = approximate.end.rootMeanSquareDistance(
        to: exact.ends, on: experiment.curvedSpace)
      studies.update(.reference(error: error))
    }
    let (resolution, space) = (studies.referenceSolveError, experiment.curvedSpace)
    if lanes.compare(
      exact: exact, resolution: resolution, on: space, scratch: &playback.scratch)
    {
      revision += 1
    }
  }
}
