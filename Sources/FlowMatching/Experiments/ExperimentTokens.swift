/// The letters of an experiment, and what goes with them.
extension Experiment {
  /// The space of its sequences: L letters, which are the dimension, of an alphabet; nil for points.
  public var tokenSpace: TokenSpace? {
    letters.map { TokenSpace(length: dimension, letters: $0) }
  }

  /// The path of its sequences, κ being the scheduler's α; from masks where the source is none of letters.
  public var tokenPath: TokenPath {
    TokenPath(
      schedule: TokenSchedule(scheduler) ?? .quadratic,
      source: TokenSource(rawValue: source) ?? .mask)
  }

  /// Takes the letters of other data, nil for points. Where letters take the place of points, or points
  /// theirs, source, schedule and loss become the usual ones.
  mutating func take(letters space: TokenSpace?) {
    if (space == nil) != (letters == nil) {
      scheduler = space == nil ? .conditionalOT : .polynomial(2)
      loss = space == nil ? .squared : .generalisedKL
      source = space == nil ? Source.gaussian : TokenSource.mask.rawValue
      path = .affine
      coupling = .independent
      prediction = .velocity
      if space != nil { choose(FlowModel.velocity) }
      if space != nil { choose(Objective.flowMatching) }
    }
    if let space {
      self.space = nil
      dimension = space.length
    } else if letters != nil {
      dimension = 2
    }
    letters = space?.letters
  }
}
