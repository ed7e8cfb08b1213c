import FlowMatching

/// The mean of a class against the weight of guidance: what is promised, and what the flow with and without
/// noise does.
struct GuidanceStudy: KeyedWork {
  /// What it is of.
  struct Key: RenewedKey, Hashable {
    let dataset: String
    let label: Int
    let generation: Int
    /// Of the network; 0 where every lane follows the exact field.
    var weightsStep: Int
    let lanes: [LaneSettings]
  }

  /// A way to follow the guided field, and where it leads.
  struct Curve: Sendable {
    let name: String
    let settings: LaneSettings
    var means: [(weight: Double, mean: Double)] = []
  }

  let key: Key
  let target: GuidanceTarget
  /// What is known of the tilts, by weight.
  private(set) var tilts: [Double: ClassTilt.Moments] = [:]
  private(set) var curves: [Curve] = []
  private var openTilts: [Double]
  private var open: [(curve: Int, weight: Double)] = []
  private var solve: Solve?
  private let fields: LaneFields
  private let noise: Batch

  /// The weights of the chart.
  static let weights = [1, 1.5, 2, 3, 4, 5, 6.5, 8]
  /// The particles that a mean is of.
  private static let count = 1000

  /// A study that has not begun; what is known of the same class's tilts is kept.
  init?(
    _ key: Key, _ dataset: Dataset, _ classes: LabelledDistribution, _ fields: LaneFields,
    from noise: Batch, keeping known: GuidanceStudy?
  ) {
    if let known, known.target.isOf(dataset, key.label) {
      target = known.target
      tilts = known.tilts
    } else {
      guard let target = GuidanceTarget(dataset, classes, label: key.label) else { return nil }
      self.target = target
    }
    self.key = key
    self.fields = fields
    self.noise = noise.prefix(GuidanceStudy.count)
    let asked = key.lanes.compactMap { $0.guidance?.weight } + GuidanceStudy.weights
    openTilts = Set(asked).subtracting(tilts.keys).sorted()
    curves = GuidanceStudy.curves(key.lanes)
    for curve in curves.indices {
      for weight in GuidanceStudy.weights { open.append((curve, weight)) }
    }
  }

  /// One curve for each way that a lane has, whatever its weight.
  private static func curves(_ lanes: [LaneSettings]) -> [Curve] {
    var curves: [Curve] = []
    let isMixed = Set(lanes.map(\.velocity)).count > 1
    for settings in lanes {
      var plain = settings
      plain.guidance?.weight = 1
      if settings.stochastic == nil {
        plain.method = LaneSolver(.midpoint)
        plain.steps = 20
      }
      guard !curves.contains(where: { $0.settings == plain }) else { continue }
      let known = isMixed ? settings.velocity == .exact ? "exact" : "learned" : "ODE"
      let noise = (settings.noise ?? LaneSettings.usualNoise).formula
      let way =
        settings.guide != nil ? "auto" : settings.stochastic == nil ? known : "SDE, " + noise
      let interval = settings.guidance.map { $0.switches.isEmpty ? "" : " " + $0.interval } ?? ""
      curves.append(Curve(name: way + interval, settings: plain))
    }
    return curves
  }

  var isOver: Bool { openTilts.isEmpty && open.isEmpty }
  /// What is done, so that a frame is drawn when there is more.
  var progress: Int { tilts.count + curves.reduce(0) { $0 + $1.means.count } }

  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      if let weight = openTilts.first {
        openTilts.removeFirst()
        let moments = target.tilt(weight)?
          .moments(around: target.draws, along: target.axis, side: target.side)
        if let moments { tilts[weight] = moments }
        budget -= target.side * target.side
      } else {
        advanceCurve(&budget)
      }
    }
  }

  private mutating func advanceCurve(_ budget: inout Int) {
    let (curve, weight) = open[0]
    if solve == nil {
      var settings = curves[curve].settings
      settings.guidance?.weight = weight
      solve = Solve(
        fields, weightsStep: key.weightsStep, settings: settings, noise: noise,
        memoryLimit: 1 << 20)
    }
    solve?.advance(to: 1, budget: &budget)
    guard let done = solve, done.isOver else { return }
    let places = GuidanceTarget.along(done.end, target.axis)
    let mean = places.isEmpty ? .nan : places.reduce(0, +) / Double(places.count)
    curves[curve].means.append((weight, done.failure == nil ? mean : .nan))
    open.removeFirst()
    solve = nil
  }
}
