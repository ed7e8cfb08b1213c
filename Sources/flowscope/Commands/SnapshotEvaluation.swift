import FlowMatching
import Foundation

/// What `evaluate` tells of a population seen at several times: how near the points that a flow carries from
/// the first snapshot are to each of the others.
struct SnapshotEvaluation: Encodable {
  let dataset: String
  let seed: UInt64
  let steps: Int?
  /// The points that are carried, and evaluations of the network for each.
  let count, nfe: Int
  /// The noise of the process; 0 of a flow.
  let actionNoise: Double
  let units: String
  let snapshots: [At]
  let lost: Int

  /// One snapshot.
  struct At: Encodable {
    /// When, in the unit of the file.
    let time: Double
    /// How many points it has, and how many of each side are compared.
    let points, compared: Int
    /// The energy distance between those, and that of the snapshot's own halves; nil of a single point.
    let energyDistance: Double
    let energyDistanceNoiseFloor: Double?
    /// W₂ between as many, at most 1 000 of each.
    let w2: Double
    let w2NoiseFloor: Double?
    /// The distance of the first snapshot as it was, which a flow that stands still would have.
    let energyDistanceStandingStill: Double
  }

  /// Lines for people.
  var text: String {
    var lines = [
      "\(Output.visible(dataset)), \(count) points of the first snapshot carried, NFE \(nfe)"
        + (actionNoise > 0 ? ", noise g = \(TableFigure.short(actionNoise, 6))" : "")
        + ", lengths in units of the \(units == "file" ? "file" : "standardised points")",
      "",
      "time          points   energy distance   of halves   standing still   W₂        of halves",
    ]
    func cell(_ value: Double?, _ width: Int) -> String {
      (value.map { TableFigure.text($0, digits: 3) } ?? "unknown").padding(
        toLength: width, withPad: " ", startingAt: 0)
    }
    for at in snapshots {
      lines.append(
        TableFigure.short(at.time, 6).padding(toLength: 14, withPad: " ", startingAt: 0)
          + "\(at.points)".padding(toLength: 9, withPad: " ", startingAt: 0)
          + cell(at.energyDistance, 18) + cell(at.energyDistanceNoiseFloor, 12)
          + cell(at.energyDistanceStandingStill, 17) + cell(at.w2, 10) + cell(at.w2NoiseFloor, 9))
    }
    if lost > 0 { lines.append("\(lost) points left the numbers on the way") }
    return lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n") + "\n"
  }
}

extension Evaluate {
  /// Carries the first snapshot through all times, and compares it with each.
  func evaluateSnapshots(
    _ stored: StoredRun, _ experiment: Experiment, of dataset: Dataset, _ known: Snapshots,
    _ plan: TransportPlan, seed: UInt64
  ) throws {
    let flow = experiment.velocityField(of: stored.weights)
    var random = Random(seed: seed).stream("snapshots")
    let most = count ?? 2000
    var state = known.points[0].shuffled(most, &random)
    var progress = WorkProgress("evaluate", isShown: !options.quiet)
    var results: [SnapshotEvaluation.At] = []
    let start = known.points[0]
    let times = known.flowTimes
    var (evaluations, lost) = (0, 0)
    for k in 1..<times.count {
      var part = plan
      part.random = random.stream("way \(k)")
      let share = times[k] - times[k - 1]
      if case .fixed(let steps) = plan.control {
        part.control = .fixed(steps: max(1, Int(saturating: (share * Double(steps)).rounded(.up))))
      }
      var transport = flow.transport(
        state, as: .points, from: times[k - 1], to: times[k], part)
      transport.finish { progress.update(times[k - 1] + share * $0, "carry") }
      if let failure = transport.failure {
        throw Failure(code: .checkFailed, message: "the solve broke off: \(failure)").exit()
      }
      state = transport.state
      guard transport.lostCount < state.count else {
        throw Failure(
          code: .checkFailed,
          message: "all points left the numbers on the way: more --steps may help"
        ).exit()
      }
      evaluations += transport.evaluations
      lost = max(lost, transport.lostCount)
      results.append(
        SnapshotEvaluation.At(
          time: known.times[k], state, to: known.points[k], from: start, &random))
    }
    progress.finish()
    let report = SnapshotEvaluation(
      dataset: dataset.name, seed: seed, steps: stored.step, count: state.count, nfe: evaluations,
      actionNoise: experiment.actionNoise,
      units: stored.units.name, snapshots: results, lost: lost)
    try options.json ? Output.json(report) : Output.data(report.text)
  }
}

extension SnapshotEvaluation.At {
  /// Compares carried points with a snapshot: as many of both as half of it has, so that its own halves are
  /// compared at the same number.
  fileprivate init(
    time: Double, _ carried: Batch, to snapshot: Batch, from start: Batch, _ random: inout Random
  ) {
    self.time = time
    points = snapshot.count
    compared = max(1, min(snapshot.count / 2, carried.count, start.count))
    let finite = carried.choosing(
      (0..<carried.count).filter { j in carried.point(j).allSatisfy(\.isFinite) })
    let rounds = 5
    var (energy, floor, still) = (0.0, 0.0, 0.0)
    var (distance, distanceFloor) = (0.0, 0.0)
    for _ in 0..<rounds {
      let both = snapshot.shuffled(2 * compared, &random)
      let (one, other) = (
        both.points(0..<compared),
        both.count >= 2 * compared ? both.points(compared..<2 * compared) : both
      )
      let moved = finite.shuffled(compared, &random)
      energy += EnergyDistance.distance(moved, one) / Double(rounds)
      floor += EnergyDistance.distance(one, other) / Double(rounds)
      still += EnergyDistance.distance(start.shuffled(compared, &random), one) / Double(rounds)
      let n = min(compared, 1000)
      distance += Wasserstein.w2(moved.prefix(n), one.prefix(n)) / Double(rounds)
      distanceFloor += Wasserstein.w2(other.prefix(n), one.prefix(n)) / Double(rounds)
    }
    let hasHalves = snapshot.count >= 2
    (energyDistance, energyDistanceNoiseFloor) = (energy, hasHalves ? floor : nil)
    energyDistanceStandingStill = still
    (w2, w2NoiseFloor) = (distance, hasHalves ? distanceFloor : nil)
  }
}

extension Batch {
  /// At most so many of its points, each once, in a random order.
  fileprivate func shuffled(_ most: Int, _ random: inout Random) -> Batch {
    var places = Array(0..<count)
    places.shuffle(using: &random)
    return choosing(Array(places.prefix(most)))
  }
}
