import Kernels
import Testing

@testable import FlowMatching

@Suite("What flow maps learn by")
struct MapObjectiveTests {
  @Test("Lagrangian jumps along the exact field of a board, steep at its edges, are learned too")
  func steepTeacher() throws {
    var experiment = FlowMapTests.experiment(.lagrangian)
    experiment.mapTeacher = .exact
    let board = try DatasetCatalog.named("checkerboard-small")
    experiment.dataset = board.name
    var trainer = Trainer(experiment, dataset: board)
    var (early, late) = (0.0, 0.0)
    for step in 0..<800 {
      trainer.step()
      if step < 200 { early += trainer.lastLoss / 200 }
      if step >= 600 { late += trainer.lastLoss / 200 }
    }
    #expect(late < 0.7 * early && early < 20, "\(early) \(late)")
  }

  @Test("With the wrong tangent a jump goes astray, though the velocity is right")
  func wrongTangent() throws {
    let x = FlowMapTests.points(500)
    let exact = GaussianMap(FlowMapTests.gaussian.mixture!).map { $0.carried(x, from: 0, to: 1) }!
    for tangent in [MapTangent.still, .reversed] {
      var experiment = FlowMapTests.experiment(.meanFlow)
      experiment.mapTangent = tangent
      experiment.mapTeacher = .exact
      var trainer = Trainer(experiment, dataset: FlowMapTests.gaussian)
      for _ in 0..<800 { trainer.step() }
      let flow = trainer.velocityField(of: trainer.averagedWeights)
      var plan = TransportPlan()
      plan.jumps = [0, 1]
      let jump = flow.carried(x, plan)!.rootMeanSquareDistance(to: exact)
      let steps = flow.carried(x, TransportPlan(.rk4, control: .fixed(steps: 32)))!
        .rootMeanSquareDistance(to: exact)
      #expect(jump > 0.15 && steps < 0.15 && jump > 3 * steps, "\(tangent): \(jump) \(steps)")
    }
    var experiment = FlowMapTests.experiment(.lagrangian)
    experiment.mapTangent = .still
    #expect(throws: IncompatibleChoice.self) { try experiment.validate() }
  }

  @Test(
    "A map is told classes by every objective: a jump leads into the class that it is asked for",
    arguments: Objective.allCases.filter(\.isMap))
  func classes(objective: Objective) throws {
    var experiment = FlowMapTests.experiment(objective)
    experiment.dataset = DatasetCatalog.twoClasses.name
    experiment.labels = Experiment.ownLabels
    try experiment.validate()
    var error = try #require(MapError(experiment, to: DatasetCatalog.twoClasses))
    var trainer = Trainer(experiment, dataset: DatasetCatalog.twoClasses)
    let before = error.measure(trainer.velocityField(of: trainer.averagedWeights)).value
    for _ in 0..<1500 { trainer.step() }
    let weights = trainer.averagedWeights
    let after = error.measure(trainer.velocityField(of: weights)).value
    #expect(after < 0.25 * before, "\(before) \(after)")
    var plan = TransportPlan()
    plan.jumps = [0, 1]
    let x = FlowMapTests.points(400)
    let means = try [0, 1, nil].map { label -> Double in
      let flow = experiment.velocityField(of: weights, Guidance(label: label))
      let ends = try #require(flow.carried(x, plan))
      return ends.row(0).reduce(0, +) / 400
    }
    let exact = try (0..<2).map { k in
      try #require(DatasetCatalog.twoClasses.part(k).mixture?.mean[0])
    }
    for k in 0..<2 { #expect(abs(means[k] - exact[k]) < 0.25, "\(means) \(exact)") }
    #expect(means[2] > min(means[0], means[1]) && means[2] < max(means[0], means[1]))
    experiment.mapTeacher = .exact
    #expect(throws: IncompatibleChoice.self) { try experiment.validate() }
  }

  @Test(
    "What the exact map leaves of each loss is its floor: .7854, .7409 and .4293 of drawn pairs")
  func sampledFloors() throws {
    let map = try #require(GaussianMap(FlowMapTests.gaussian.mixture!))
    let (n, h) = (40_000, 1e-4)
    var random = Random(seed: 9).stream("floors")
    let x0 = StandardNormal(dimension: 2).sample(count: n, using: &random)
    let x1 = FlowMapTests.gaussian.distribution.sample(count: n, using: &random)
    let draws = (0..<n).map { _ in [random.uniform(), random.uniform()] }
    /// The mean square of v + (r − t)·D_{(w, 1, 0)}ū − ū, w the pair's velocity or the map's own.
    func loss(_ times: [[Double]], isImproved: Bool = false) -> Double {
      let (t, r) = (times.map { $0.min()! }, times.map { $0.max()! })
      var (x, v) = (x0, x0)
      for k in x.values.indices {
        x.values[k] += t[k % n] * (x1.values[k] - x0.values[k])
        v.values[k] = x1.values[k] - x0.values[k]
      }
      var w = v
      if isImproved { map.meanVelocity(x, from: .each(t), to: .each(t), into: &w) }
      func mean(_ shift: Double) -> Batch {
        var (moved, mean) = (x, x)
        for k in x.values.indices { moved.values[k] += shift * w.values[k] }
        map.meanVelocity(moved, from: .each(t.map { $0 + shift }), to: .each(r), into: &mean)
        return mean
      }
      let (below, now, above) = (mean(-h), mean(0), mean(h))
      return x.values.indices.reduce(0) { sum, k in
        let change = (above.values[k] - below.values[k]) / (2 * h)
        let error = v.values[k] + (r[k % n] - t[k % n]) * change - now.values[k]
        return sum + error * error / Double(2 * n)
      }
    }
    let inside = draws.map { $0.map { 2 * h + (1 - 4 * h) * $0 } }
    let apart = inside.filter { abs($0[0] - $0[1]) > 4 * h }.count
    #expect(apart > n - 100)
    let toEnd = inside.map { [$0[0], 1] }
    let between = inside.map { abs($0[0] - $0[1]) > 4 * h ? $0 : [0.3, 0.6] }
    #expect(abs(loss(toEnd) / 0.7409 - 1) < 0.03, "\(loss(toEnd))")
    #expect(abs(loss(between) / 0.4293 - 1) < 0.03, "\(loss(between))")
    #expect(abs(loss(toEnd, isImproved: true) / 0.7854 - 1) < 0.03)
  }

  @Test("The gradient of the Lagrangian is that of |∂_r X − v|² with the velocity held")
  func lagrangianGradient() {
    var experiment = FlowMapTests.experiment(.lagrangian, [8, 8])
    experiment.mapTeacher = .exact
    experiment.mapShare = 1
    let objective = FlowMapObjective(
      experiment, from: StandardNormal(dimension: 2), to: FlowMapTests.gaussian,
      teacher: MarginalField(target: FlowMapTests.gaussian.mixture!), instructionSet: .best,
      threads: 1)
    let weights = Trainer.initialWeights(experiment).values
    var (own, gradient) = (objective, [Float](repeating: 0, count: weights.count))
    _ = own.loss(of: weights, gradient: &gradient)
    // A step against the gradient lowers the loss by its square; where ∂_r ū were held, by less than half.
    let square = gradient.reduce(0) { $0 + Double($1) * Double($1) }
    let step = 1e-3 / square.squareRoot()
    func loss(_ sign: Double) -> Double {
      var (own, unused) = (objective, gradient)
      return own.loss(
        of: zip(weights, gradient).map { $0 + Float(sign * step) * $1 }, gradient: &unused)
    }
    let slope = (loss(1) - loss(-1)) / (2 * step)
    #expect(slope > 0.6 * square && slope < 1.6 * square, "\(slope) \(square)")
  }

  @Test("The exact map jumps where the exact flow leads, with the determinant of its Jacobian")
  func exactMap() throws {
    let experiment = FlowMapTests.experiment(.meanFlow)
    let flow = try #require(
      experiment.exactMapFlow(to: FlowMapTests.gaussian, tolerance: 1e-11))
    let x = FlowMapTests.points(20)
    var plan = TransportPlan()
    plan.jumps = [0, 1]
    let state = DensityFlow.state(x, logDensity: [Double](repeating: 0, count: 20))
    var transport = flow.transport(state, as: .density, from: 0, to: 1, plan)
    transport.finish()
    for j in 0..<20 {
      #expect(abs(transport.state[0, j] - (1 + 0.5 * x[0, j])) < 1e-12)
      // ln|det| = 2 ln ½.
      #expect(abs(transport.state[2, j] - 2 * logarithm(2)) < 1e-9)
    }
  }

  @Test("Where the map is solved for, its determinant is that of differences")
  func solvedMap() throws {
    let experiment = FlowMapTests.experiment(.meanFlow)
    var flow = try #require(
      experiment.exactMapFlow(to: DatasetCatalog.eightGaussians, tolerance: 1e-10))
    let x = FlowMapTests.points(12)
    let columns = flow.jacobian(x, from: 0.1, to: 0.8)
    var (there, found) = (x, [Double](repeating: 0, count: 12))
    flow.carry(&there, from: 0.1, to: 0.8, logDeterminant: &found)
    for j in 0..<12 {
      let exact = SquareMatrix.logDeterminant(
        [columns[0][0, j], columns[1][0, j], columns[0][1, j], columns[1][1, j]], 2)
      #expect(abs(found[j] - exact) < 1e-5, "\(found[j]) \(exact)")
    }
  }
}
