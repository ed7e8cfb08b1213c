import FlowMatching
import Testing

@Suite("The doctor, on exact fields with a slip each")
struct DoctorTests {
  /// The exact field of a path as somebody's network would be that has a slip: no network, no error.
  private struct Slipped: VelocityField {
    var exact: any ExactField
    let scheduler: Scheduler
    /// The time of the field for what it is told.
    var clock: @Sendable (Double) -> Double = { $0 }
    var sign = 1.0
    var prediction = Prediction.velocity
    var isTimeFirst = false

    var dimension: Int { 2 }

    mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
      var (points, told) = (x, (0..<x.count).map { t[$0] })
      if isTimeFirst {
        // It is shown a, b, c and takes a for t.
        for j in 0..<x.count {
          (points[0, j], points[1, j], told[j]) = (x[1, j], told[j], x[0, j])
        }
      }
      // Whatever else it is told: its own times are in [0, 1].
      let times = told.map { min(max(clock($0), 0.001), 0.999) }
      exact.evaluate(points, at: .each(times), into: &velocity)
      for j in 0..<x.count {
        let c = prediction.predictionCoefficients(scheduler.coefficients(at: times[j]))
        for i in 0..<2 { velocity[i, j] = sign * (c.x * points[i, j] + c.other * velocity[i, j]) }
      }
    }
  }

  private static func slipped(
    _ dataset: Dataset, _ scheduler: Scheduler = .conditionalOT, _ change: (inout Slipped) -> Void
  ) throws -> Slipped {
    var field = Slipped(
      exact: try #require(dataset.exactField(scheduler: scheduler)), scheduler: scheduler)
    change(&field)
    return field
  }

  /// An arc, a blob and three points far off, not centred.
  private static var cloud: Dataset {
    var random = Random(seed: 3)
    var points = [[Double]]()
    for _ in 0..<200 {
      let angle = Double.pi * random.uniform()
      points.append([
        2 * cosine(angle) + 0.1 * random.normal() + 1,
        sine(angle) + 0.1 * random.normal(),
      ])
      points.append([-2 + 0.3 * random.normal(), -1 + 0.2 * random.normal()])
    }
    points += [[30, 5], [-20, 25], [12, -40]]
    return Dataset(name: "cloud", points: Batch(points: points))
  }

  private static func diagnosis(
    of field: any VelocityField, on dataset: Dataset,
    _ change: (inout Experiment) -> Void = { _ in }
  ) throws -> Diagnosis {
    var experiment = Experiment()
    change(&experiment)
    return Diagnosis(
      NetworkDoctor(try #require(DoctorCase(experiment, to: dataset))).table(of: field))
  }

  private static var datasets: [Dataset] {
    [DatasetCatalog.eightGaussians, DatasetCatalog.moons, cloud]
  }

  @Test("A field without a slip is sound, its residual 0, and the next other slip far off")
  func sound() throws {
    for dataset in Self.datasets {
      let found = try Self.diagnosis(of: try Self.slipped(dataset) { _ in }, on: dataset)
      #expect(found.verdict == .sound, "\(dataset.name)")
      #expect(found.best.residual.mean < 1e-20)
      #expect(
        try #require(found.margin).mean > 0.1, "\(dataset.name): \(found.next!.hypothesis.names)")
    }
  }

  @Test("Every slip is named, on mixtures, curves and points with outliers")
  func slips() throws {
    let cases: [(names: [String], change: (inout Slipped) -> Void)] = [
      (["time-reversed"], { $0.clock = { 1 - $0 } }),
      (["sign-flipped"], { $0.sign = -1 }),
      (["time-reversed", "sign-flipped"], { ($0.clock, $0.sign) = ({ 1 - $0 }, -1) }),
      (["time-scaled"], { $0.clock = { $0 / 1000 } }),
      (["time-scaled"], { $0.clock = { $0 / 999 } }),
      (["predicts-target"], { $0.prediction = .target }),
      (["predicts-source"], { $0.prediction = .source }),
      (["predicts-score"], { $0.prediction = .score }),
      (
        ["time-reversed", "predicts-source"], { ($0.clock, $0.prediction) = ({ 1 - $0 }, .source) }
      ),
      (["inputs-time-first"], { $0.isTimeFirst = true }),
      (
        ["inputs-time-first", "time-reversed", "sign-flipped"],
        { ($0.isTimeFirst, $0.clock, $0.sign) = (true, { 1 - $0 }, -1) }
      ),
      (
        ["shifted-twice"],
        // The noise 1 − t it is told is three times too large in odds; it takes that back.
        { $0.clock = { 1 - (1 - $0) / (3 - 2 * (1 - $0)) } }
      ),
    ]
    for dataset in Self.datasets {
      for (names, change) in cases {
        let field = try Self.slipped(dataset, .conditionalOT, change)
        let found = try Self.diagnosis(of: field, on: dataset)
        #expect(found.verdict == .slips(names), "\(dataset.name), \(names): \(found.verdict)")
        #expect(found.best.residual.mean < 1e-10, "\(dataset.name), \(names)")
      }
    }
  }

  @Test("Schedules are told apart, VP and linear VP too, the closest pair on these data")
  func schedules() throws {
    for dataset in Self.datasets {
      for scheduler in Scheduler.all where scheduler != .conditionalOT {
        let found = try Self.diagnosis(
          of: try Self.slipped(dataset, scheduler) { _ in }, on: dataset)
        #expect(
          found.verdict == .slips(["schedule-\(scheduler.name)"]),
          "\(dataset.name), \(scheduler.name): \(found.verdict)")
        #expect(try #require(found.margin).mean > 0.05)
      }
    }
  }

  @Test("Data learned in other units are found with the units")
  func units() throws {
    let cloud = try #require(Self.cloud.distribution as? PointCloud)
    let units = try #require(Standardisation(of: cloud.points))
    let scaled = Dataset(name: "scaled", points: units.applied(to: cloud.points))
    let found = try Self.diagnosis(of: try Self.slipped(scaled) { _ in }, on: Self.cloud)
    #expect(found.verdict == .slips(["data-unscaled"]))
    #expect(found.best.hypothesis.units == 0)
  }

  @Test(
    "Where the data cannot tell, the verdict is the set: of N(0, I) t reversed and sign flipped are one field"
  )
  func sets() throws {
    let normal = Dataset(
      name: "normal", title: "", summary: "", mixture: .standardNormal(dimension: 2),
      entropyFloor: nil)
    let flipped = try Self.diagnosis(of: try Self.slipped(normal) { $0.sign = -1 }, on: normal)
    guard case .undecided(let sets) = flipped.verdict else {
      Issue.record("\(flipped.verdict)")
      return
    }
    #expect(sets.contains(["time-reversed"]) && sets.contains(["sign-flipped"]))
    let sound = try Self.diagnosis(of: try Self.slipped(normal) { _ in }, on: normal)
    #expect(sound.verdict == .sound)
    #expect(sound.equals.contains(["time-reversed", "sign-flipped"]))
  }

  @Test("Nothing at all is not trained, a rotated field fits no hypothesis")
  func nothing() throws {
    struct Fixed: VelocityField {
      let dimension = 2
      mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
        for k in velocity.values.indices { velocity.values[k] = 0 }
      }
    }
    struct Whirl: VelocityField {
      let dimension = 2
      mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
        for j in 0..<x.count { (velocity[0, j], velocity[1, j]) = (-3 * x[1, j], 3 * x[0, j]) }
      }
    }
    for dataset in Self.datasets {
      #expect(try Self.diagnosis(of: Fixed(), on: dataset).verdict == .notTrained)
      #expect(try Self.diagnosis(of: Whirl(), on: dataset).verdict == .undecided([]))
    }
  }

  @Test("What has learned little is undecided, though nothing else is as near")
  func little() throws {
    for dataset in Self.datasets {
      // Of a share of the true velocity the residual is (1 − share)².
      let half = try Self.diagnosis(of: try Self.slipped(dataset) { $0.sign = 0.45 }, on: dataset)
      #expect(half.verdict == .undecided([]), "\(dataset.name): \(half.verdict)")
      let most = try Self.diagnosis(of: try Self.slipped(dataset) { $0.sign = 0.8 }, on: dataset)
      #expect(most.verdict == .sound, "\(dataset.name): \(most.verdict)")
    }
  }

  @Test("What the settings say is no slip: a target under cosine that is said to be one is sound")
  func told() throws {
    let dataset = DatasetCatalog.moons
    let field = try Self.slipped(dataset, .cosine) { $0.prediction = .target }
    let found = try Self.diagnosis(of: field, on: dataset) {
      ($0.prediction, $0.scheduler) = (.target, .cosine)
    }
    #expect(found.verdict == .sound)
    let untold = try Self.diagnosis(of: field, on: dataset)
    #expect(untold.verdict == .slips(["predicts-target", "schedule-cosine"]))
  }

  @Test("Scale and place of the data change no verdict", arguments: [1e-3, 1e6])
  func scales(scale: Double) throws {
    var random = Random(seed: 5)
    let points = Batch(
      points: (0..<200).map { _ in
        let side = random.uniform() < 0.5 ? -1.0 : 1
        return [1000 * scale + scale * (side + 0.2 * random.normal()), scale * random.normal()]
      })
    let dataset = Dataset(name: "far", points: points)
    let found = try Self.diagnosis(of: try Self.slipped(dataset) { $0.sign = -1 }, on: dataset)
    #expect(found.verdict == .slips(["sign-flipped"]))
    #expect(
      try Self.diagnosis(of: try Self.slipped(dataset) { _ in }, on: dataset).verdict == .sound)
  }

  @Test("A network that never reads its first input was given the time there, unlike its last")
  func silentInputs() throws {
    // (t, x, y) to 2(x, y), and (x, y, t) to 2(x, y): no path's field on these data.
    for (values, names) in [
      ([0, 2, 0, 0, 0, 2, 0, 0], [[Slip.inputsTimeFirst.name]]),
      ([2, 0, 0, 0, 2, 0, 0, 0], []),
    ] as [([Float], [[String]])] {
      let network = MLPWeights(
        shape: MLPShape(dimension: 2, widths: [], activation: .elu), values: values)
      let doctor = NetworkDoctor(try #require(DoctorCase(Experiment(), to: Self.cloud)))
      var examination = NetworkExamination(network, by: doctor, isActivationTold: true)
      let found = examination.finish().diagnosis
      #expect(found.isToldByWeights == !names.isEmpty)
      if let names = names.first {
        #expect(found.verdict == .slips(names))
      } else {
        guard case .undecided = found.verdict else {
          Issue.record("\(found.verdict)")
          continue
        }
      }
    }
  }

  @Test("Fresh weights are told from trained ones, and units that say one thing are counted")
  func weights() {
    var random = Random(seed: 1)
    let shape = MLPShape(dimension: 2, widths: [64, 64], activation: .relu)
    var weights = MLPWeights(shape: shape, using: &random)
    #expect(WeightSurvey(weights).isFresh)
    // Unit 0 of the first layer never rises above 0.
    for i in 0..<3 { weights.values[i] = 0 }
    weights.values[64 * 3] = -1
    var probes = Batch(dimension: 3, count: 100)
    for k in probes.values.indices { probes.values[k] = random.normal() }
    #expect(WeightSurvey(weights, probes: probes).deadUnits.first == 1)
    for k in weights.values.indices { weights.values[k] += Float(0.2 * random.normal()) }
    #expect(WeightSurvey(weights).freshLayers.isEmpty)
  }

  @Test("Points far off are found at any scale, and a second cluster is none")
  func outliers() {
    var random = Random(seed: 2)
    var points = (0..<300).map { _ in [1000 + 1e-3 * random.normal(), 1e6 * random.normal()] }
    points += [[1000.1, 0], [1000, 1e8], points[0]]
    let survey = PointSurvey(Batch(points: points))
    #expect(survey.far == [300, 301])
    #expect(survey.inner.count == 301 && survey.duplicates == 1)
    let clusters = (0..<200).map { [$0 < 60 ? 50.0 : 0, random.normal()] }
    #expect(PointSurvey(Batch(points: clusters)).far.isEmpty)
  }
}
