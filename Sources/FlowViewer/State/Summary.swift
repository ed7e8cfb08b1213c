import FlowMatching

/// The state in numbers, for scripts that judge a session rather than look at it.
public struct StateSummary: Codable, Sendable {
  /// How the particles at hand cover the clusters of a target that has them.
  public struct Clusters: Codable, Sendable {
    public let radius: Double
    /// The share of particles within `radius` of some centre.
    public let near: Double
    /// The share of those particles that is nearest to each centre.
    public let shares: [Double]
  }

  /// One lane.
  public struct LaneSummary: Codable, Sendable {
    public let solver: String
    /// What the lane keeps; nil where it follows the experiment's own training.
    public let weights: String?
    public let nfe: Int
    /// The time at which the lane stands.
    public let t: Double
    /// The error at t = 1; nil for a lane that stands elsewhere.
    public let endpointError: Double?
    /// The error where the lane stands, and whether it stands where the others are compared.
    public let error: Double?
    public let isCompared: Bool
    public let w2: Double?
  }

  public let dataset: String
  public let seed: UInt64
  public let steps: Int
  public let weightsStep: Int
  public let t: Double
  public let isPlaying: Bool
  public let particles: Int
  public let loss: Double?
  public let floor: Double?
  public let excessLoss: Double?
  public let w2: Double?
  public let w2NoiseFloor: Double?
  /// W2 of the solve that lanes are compared with.
  public let w2Exact: Double?
  public let clusters: Clusters?
  public let lanes: [LaneSummary]
}

extension AppState {
  /// The numbers behind the picture.
  public var summary: StateSummary {
    // Infinities and NaN are no JSON; and they say no more than that nothing is known.
    func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
    return StateSummary(
      dataset: dataset.name, seed: experiment.seed, steps: training.report.step,
      weightsStep: lanes.ensemble.weightsStep, t: playback.clock.t,
      isPlaying: playback.clock.isPlaying,
      particles: particleCount, loss: finite(training.report.averageLoss),
      floor: training.report.lossFloor,
      excessLoss: finite(training.report.measurements.last { $0.excess != nil }?.excess),
      w2: finite(training.report.measurements.last { $0.w2 != nil }?.w2),
      w2NoiseFloor: training.report.noiseFloor?.mean, w2Exact: finite(studies.exactDistance?.w2),
      clusters: clusters(radius: scene.clusterRadius),
      lanes: lanes.all.enumerated().map { index, lane in
        StateSummary.LaneSummary(
          solver: lane.settings.short, weights: kept(lane.settings)?.title,
          nfe: evaluations(ofLane: index), t: lane.t,
          endpointError: lane.t == 1 ? lane.error?.rms : nil, error: lane.error?.rms,
          isCompared: comparison[index] != nil,
          w2: finite(lane.distance?.w2))
      })
  }

  private func clusters(radius: Double?) -> StateSummary.Clusters? {
    let centres = dataset.centres
    guard !centres.isEmpty, let radius else { return nil }
    let positions = focusedLane.positions
    var counts = [Int](repeating: 0, count: centres.count)
    for (place, distance) in NearestNeighbours.nearest(
      to: positions, among: Batch(points: centres)) where distance <= radius
    {
      counts[place] += 1
    }
    let near = counts.reduce(0, +)
    return StateSummary.Clusters(
      radius: radius, near: Double(near) / Double(max(1, positions.count)),
      shares: counts.map { Double($0) / Double(max(1, near)) })
  }
}
