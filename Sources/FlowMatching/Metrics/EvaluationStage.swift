/// What an evaluation is about to measure, for who waits for it.
public enum EvaluationStage: String, Sendable, CaseIterable {
  case samples = "samples"
  case distances = "distances"
  case noiseFloor = "distances of the target to itself"
  case fields = "energies and field error"
  case likelihood = "log p"

  /// The share of the work that comes before it, and that up to its end, of 5000 points and a small
  /// network: an estimate, as what a likelihood needs is not known before.
  private var shares: (first: Double, last: Double) {
    switch self {
    case .samples: (0, 0.05)
    case .distances: (0.05, 0.15)
    case .noiseFloor: (0.15, 0.5)
    case .fields: (0.5, 0.6)
    case .likelihood: (0.6, 1)
    }
  }

  /// Tells that a share of this stage is done, as one of the whole.
  func tell(_ progress: (EvaluationStage, Double) -> Void, _ share: Double) {
    progress(self, shares.first + (shares.last - shares.first) * share)
  }
}
