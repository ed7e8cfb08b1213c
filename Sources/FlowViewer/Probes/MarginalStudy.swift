import FlowMatching

/// Whether any two lanes have the same p_t: the energy distance of half of one's points and the other half of
/// the other's, beside what two samples of one distribution are apart, for every pair of lanes.
///
/// Lanes carry the same starts, so that whole samples are not independent: `TwoSampleTest(paired:)`. All pairs
/// together call something different that is the same once in a hundred times.
struct MarginalStudy: KeyedWork {
  /// What it is of.
  struct Key: RenewedKey, Hashable {
    let t: Double
    let lanes: [LaneSettings]
    var weightsStep: [Int]
    let generation, noiseIndex: Int
  }

  /// Two lanes and what was found of them; nil where points were lost.
  struct Pair: Sendable, Hashable {
    let first, second: Int
    var outcome: TwoSampleTest.Outcome?
  }

  /// How often one of the pairs at least is called different by chance.
  static let level = 0.01

  let key: Key
  private(set) var pairs: [Pair] = []
  private var tests: [TwoSampleTest] = []

  /// A study of the lanes' points, `d×n` each and from the same starts.
  init(_ key: Key, _ points: [Batch]) {
    self.key = key
    for first in points.indices {
      for second in points.indices where second > first {
        pairs.append(Pair(first: first, second: second))
        tests.append(TwoSampleTest(paired: points[first], points[second]))
      }
    }
  }

  var isOver: Bool { tests.isEmpty }

  mutating func advance(budget: inout Int) {
    while budget > 0, !tests.isEmpty {
      let place = pairs.count - tests.count
      // A distance in all divisions takes about the time of an evaluation.
      budget -= max(1, tests[0].advance(budget: budget))
      guard tests[0].isOver else { return }
      pairs[place].outcome = tests[0].outcome
      tests.removeFirst()
    }
  }

  /// How often each pair may be called different by chance.
  var pairLevel: Double { MarginalStudy.level / Double(pairs.count) }

  /// Whether a pair is told apart.
  func isDifferent(_ pair: Pair) -> Bool? {
    pair.outcome.map { $0.isDifferent(level: pairLevel) }
  }
}

/// What can be said of the lanes' p_t.
enum MarginalVerdict: Sendable, Equatable {
  /// Time moves.
  case moving
  /// The lanes stand at different times.
  case apart
  /// Lanes that did not arrive, or lost points.
  case lost
  /// It is being found out.
  case measuring
  /// No pair is further apart than two samples may be; the largest distance among them, and what it may be.
  case same(TwoSampleTest.Outcome, limit: Double)
  /// These are, the largest distance first.
  case different([MarginalStudy.Pair])
  /// A lane follows another p_t, which has the same ends: there is nothing to find out there.
  case ends(lane: Int)
}

extension AppState {
  /// The most letters of which distances are counted: every one is a coordinate for each letter.
  private static let comparedWords = 256

  /// What can be said of the lanes' p_t; nil for one lane.
  var marginalVerdict: MarginalVerdict? {
    guard isComparing else { return nil }
    guard isParked else { return .moving }
    if lanes.all.contains(where: { abs($0.t - playback.clock.t) >= 1e-9 }) { return .apart }
    if lanes.all.indices.contains(where: { failure(ofLane: $0) != nil }) { return .lost }
    let t = playback.clock.t
    if t == 0 || t == 1,
      let lane = lanes.all.firstIndex(where: {
        $0.settings.leaps && !$0.settings.method.keepsMarginals
      })
    {
      return .ends(lane: lane)
    }
    // What older weights gave says nothing of these.
    guard let study = probes.marginals.shown(of: marginalKey) else { return .measuring }
    guard !study.pairs.contains(where: { $0.outcome == nil }) else { return .lost }
    let different = study.pairs.filter { study.isDifferent($0) == true }
      .sorted { ratio($0) > ratio($1) }
    if !different.isEmpty { return .different(different) }
    let largest = study.pairs.max { ratio($0) < ratio($1) }?.outcome
    return largest.map { .same($0, limit: $0.limit(level: study.pairLevel)) } ?? .lost
  }

  private func ratio(_ pair: MarginalStudy.Pair) -> Double {
    pair.outcome.map { $0.distance / $0.noise } ?? 0
  }

  /// The points of which lanes are compared: the same on every screen, but letters, of which the first.
  private var marginalSolves: [Solve] {
    traits.tokens == nil && lanes.ensemble.judged.count == lanes.all.count
      ? lanes.ensemble.judged : lanes.ensemble.lanes
  }

  private var marginalKey: MarginalStudy.Key? {
    let (solves, t) = (marginalSolves, playback.clock.t)
    guard isComparing, isParked, solves.count == lanes.all.count,
      lanes.all.allSatisfy({ abs($0.t - t) < 1e-9 }),
      solves.allSatisfy({ $0.knows(t) && $0.failure == nil && !$0.trajectory.times.isEmpty })
    else { return nil }
    return MarginalStudy.Key(
      t: t, lanes: lanes.all.map(\.settings),
      weightsStep: solves.map { $0.settings.followsKnown ? 0 : $0.weightsStep },
      generation: training.generation, noiseIndex: particles.noiseIndex)
  }

  /// At once while the verdict for what is parked is being found; that of newer weights waits.
  var marginalDelay: Double? {
    marginalKey.flatMap { probes.marginals.delay(for: $0, now: now) }
  }

  mutating func advanceMarginals(_ budget: inout Int) {
    guard let key = marginalKey else { return }
    if probes.marginals.wants(key, now: now) {
      let points = marginalSolves.map { comparable($0.position(at: key.t)) }
      probes.update(.marginals(MarginalStudy(key, points), until: now + 4))
    }
    if probes.advanceMarginals(budget: &budget) { revision += 1 }
  }

  /// Points between which Euclid's distance tells every two distributions apart: on a curved space what a
  /// network is told, of letters a coordinate for each letter at each place.
  private func comparable(_ points: Batch) -> Batch {
    if let space = experiment.curvedSpace {
      var inputs = Batch(dimension: space.inputs, count: points.count)
      space.writeInputs(points, into: &inputs)
      return inputs
    }
    guard let tokens = traits.tokens else { return points }
    let words = points.prefix(AppState.comparedWords)
    let letters = tokens.space.letters + 1
    var inputs = Batch(dimension: words.dimension * letters, count: words.count)
    for i in 0..<words.dimension {
      for j in 0..<words.count {
        let letter = min(letters - 1, max(0, Int(saturating: words[i, j])))
        inputs[i * letters + letter, j] = 1
      }
    }
    return inputs
  }
}
