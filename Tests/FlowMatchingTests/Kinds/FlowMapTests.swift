import Kernels
import Testing

@testable import FlowMatching

@Suite("Flow maps that are learned")
struct FlowMapTests {
  private static let maps = Objective.allCases.filter(\.isMap)

  static let gaussian = Dataset(
    name: "one gaussian", title: "one gaussian", summary: "",
    mixture: GaussianMixture(weights: [1], means: [[1, -1]], standardDeviation: 0.5),
    entropyFloor: nil)

  static func experiment(_ objective: Objective, _ widths: [Int] = [32, 32]) -> Experiment {
    var experiment = Experiment()
    experiment.dataset = gaussian.name
    experiment.objective = objective
    experiment.widths = widths
    experiment.batch = 256
    experiment.learningRate = 4e-3
    return experiment
  }

  /// A map with fresh weights.
  private static func map(seed: UInt64 = 1, inDouble: Bool = false) -> LearnedMap {
    var random = Random(seed: seed).stream("weights")
    let shape = experiment(.meanFlow, [16, 24]).shape
    return LearnedMap(
      MLPWeights(shape: shape, using: &random), traits: FlowTraits(), inDouble: inDouble)
  }

  static func points(_ count: Int) -> Batch {
    var random = Random(seed: 5).stream("points")
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  @Test("The network is told x, t and r, and a flow of it x and t")
  func shape() {
    let shape = Self.experiment(.meanFlow).shape
    #expect(shape.features == 4 && shape.outputs == 2 && shape.layers[0].inputs == 4)
    #expect(Self.experiment(.flowMatching).shape.features == 3)
  }

  @Test("In Double it is the same, and its divergence that of differences by x alone")
  func precise() {
    let x = Self.points(9)
    let (single, double) = (Self.map(), Self.map(inDouble: true))
    let a = single.meanVelocity(x, from: 0.2, to: 0.7)
    let b = double.meanVelocity(x, from: 0.2, to: 0.7)
    #expect(a.rootMeanSquareDistance(to: b) < 1e-6)
    for map in [single, double] {
      var (field, velocity) = (map, x)
      var divergence = [Double](repeating: 0, count: x.count)
      field.evaluate(x, at: .shared(0.4), into: &velocity, divergence: &divergence)
      var expected = [Double](repeating: 0, count: x.count)
      for k in 0..<2 {
        let h = 1e-4
        let ahead = double.velocity(x.moved(k, by: h), at: 0.4)
        let behind = double.velocity(x.moved(k, by: -h), at: 0.4)
        for j in 0..<x.count { expected[j] += (ahead[k, j] - behind[k, j]) / (2 * h) }
      }
      #expect(zip(divergence, expected).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(velocity.rootMeanSquareDistance(to: map.velocity(x, at: 0.4)) < 1e-6)
      var probed = divergence
      let ones = Batch(dimension: 2, values: [Double](repeating: 1, count: x.values.count))
      field.evaluate(x, at: .shared(0.4), probes: ones, into: &velocity, divergence: &probed)
      let h = 1e-4
      let ahead = double.velocity(x.moved(along: ones, by: h), at: 0.4)
      let behind = double.velocity(x.moved(along: ones, by: -h), at: 0.4)
      for j in 0..<x.count {
        let slope = (0..<2).reduce(0) { $0 + (ahead[$1, j] - behind[$1, j]) / (2 * h) }
        #expect(abs(probed[j] - slope) < 1e-5)
      }
    }
  }

  @Test("The tangent pass along x, t and r is that of differences")
  func tangents() {
    let map = Self.map(inDouble: true)
    let shape = map.weights.shape
    var network = DenseNetwork(shape, instructionSet: .best)
    let x = Self.points(40)
    var random = Random(seed: 8).stream("tangents")
    let w = StandardNormal(dimension: 2).sample(count: 40, using: &random)
    for (a, b) in [(1.0, 0.0), (0, 1), (0.5, -2)] {
      var jumps = JumpBatch(map.weights.shape, count: 40)
      jumps.take(
        x, from: [Double](repeating: 0.3, count: 40), to: [Double](repeating: 0.8, count: 40))
      jumps.evaluate(&network, map.weights.values, along: w, a, b)
      let h = 1e-4
      let ahead = map.meanVelocity(x.moved(along: w, by: h), from: 0.3 + h * a, to: 0.8 + h * b)
      let behind = map.meanVelocity(x.moved(along: w, by: -h), from: 0.3 - h * a, to: 0.8 - h * b)
      var slope = ahead
      for k in slope.values.indices {
        slope.values[k] = (ahead.values[k] - behind.values[k]) / (2 * h)
      }
      #expect(jumps.change.rootMeanSquareDistance(to: slope) < 1e-5)
      #expect(
        jumps.mean.rootMeanSquareDistance(to: map.meanVelocity(x, from: 0.3, to: 0.8)) < 1e-6)
    }
  }

  @Test("Jumps are carried one after another, whatever the slices and pictures")
  func transport() {
    let map = Self.map()
    let x = Self.points(50)
    let half = map.carried(x, from: 0, to: 0.4)
    let expected = map.carried(half, from: 0.4, to: 1)
    for (chunk, pictures) in [(2048, 1), (7, 1), (16, 5)] {
      var plan = TransportPlan(chunkSize: chunk)
      plan.jumps = [0, 0.4, 1]
      plan.pictures = pictures
      var transport = map.transport(x, as: .points, from: 0, to: 1, plan)
      var times = [transport.t]
      while transport.status == .running {
        _ = transport.advance(budget: 1)
        if transport.t != times[times.count - 1] { times.append(transport.t) }
      }
      #expect(times.count == 2 * pictures + 1 && times.contains(0.4) && times.last == 1)
      #expect(transport.evaluations == 2 && transport.totalEvaluations == 2)
      #expect(transport.progress == 1)
      #expect(transport.state.rootMeanSquareDistance(to: expected) < 1e-12)
    }
    // Without jumps, and backwards, a solver follows the velocity.
    var plan = TransportPlan(.euler, control: .fixed(steps: 4))
    #expect(map.transport(x, as: .points, from: 0, to: 1, plan) is FieldTransport)
    plan.jumps = [0, 1]
    #expect(map.transport(x, as: .points, from: 1, to: 0, plan) is FieldTransport)
  }

  @Test("A jump carries the density by its determinant, that of differences")
  func density() {
    let map = Self.map()
    let x = Self.points(20)
    var plan = TransportPlan()
    plan.jumps = [0, 0.5, 1]
    let start = DensityFlow.state(x, logDensity: [Double](repeating: 0, count: 20))
    var transport = map.transport(start, as: .density, from: 0, to: 1, plan)
    transport.finish()
    let precise = Self.map(inDouble: true)
    var expected = [Double](repeating: 0, count: 20)
    var from = x
    for (t, r) in [(0.0, 0.5), (0.5, 1)] {
      let columns = precise.jacobian(from, from: t, to: r, step: 1e-3)
      for j in 0..<20 {
        let determinant = columns[0][0, j] * columns[1][1, j] - columns[0][1, j] * columns[1][0, j]
        expected[j] -= logarithm(abs(determinant))
      }
      from = precise.carried(from, from: t, to: r)
    }
    for j in 0..<20 {
      #expect(abs(transport.state[2, j] - expected[j]) < 1e-4)
      #expect(abs(transport.state[0, j] - from[0, j]) < 1e-5)
    }
    // In Double it is that of differences to their last digits.
    var (doubled, there) = (precise, x)
    var determinants = [Double](repeating: 0, count: 20)
    doubled.carry(&there, from: 0.2, to: 0.9, logDeterminant: &determinants)
    let columns = precise.jacobian(x, from: 0.2, to: 0.9, step: 1e-3)
    for j in 0..<20 {
      let determinant = columns[0][0, j] * columns[1][1, j] - columns[0][1, j] * columns[1][0, j]
      #expect(abs(determinants[j] - logarithm(abs(determinant))) < 1e-11)
    }
    // A matrix of three dimensions: |det| = 6, by hand.
    #expect(
      abs(SquareMatrix.logDeterminant([0, 2, 0, 1, 0, 0, 5, 1, 3], 3) - logarithm(6)) < 1e-12)
  }

  @Test(
    "Every objective learns a Gaussian's map, from pairs and from the exact field", arguments: maps)
  func learns(objective: Objective) {
    for teacher in MapTeacher.allCases where objective != .shortcut || teacher == .pairs {
      var experiment = Self.experiment(objective)
      experiment.mapTeacher = teacher
      var trainer = Trainer(experiment, dataset: Self.gaussian)
      for _ in 0..<1200 { trainer.step() }
      let flow = trainer.velocityField(of: trainer.averagedWeights)
      let x = Self.points(500)
      let exact = GaussianMap(Self.gaussian.mixture!)!.carried(x, from: 0, to: 1)
      for jumps in [[0.0, 1], [0, 0.5, 1]] {
        if objective == .consistency && jumps.count > 2 { continue }
        var plan = TransportPlan()
        plan.jumps = jumps
        let error = flow.carried(x, plan)!.rootMeanSquareDistance(to: exact)
        #expect(error < (teacher == .exact ? 0.12 : 0.2), "\(objective) \(teacher): \(error)")
      }
      // One Euler step of the same weights lands in the mean: it is off by √2/2.
      let euler = flow.carried(x, TransportPlan(.euler, control: .fixed(steps: 1)))!
      #expect(euler.rootMeanSquareDistance(to: exact) > 0.5)
    }
  }

  @Test("A run that goes on from a state has the bits of one that never stopped", arguments: maps)
  func resumes(objective: Objective) throws {
    var experiment = Self.experiment(objective, [8, 8])
    experiment.mapPower = 1
    experiment.batch = 33
    experiment.timeDensity = .logitNormal(mean: 0, deviation: 1)
    var whole = Trainer(experiment, dataset: Self.gaussian)
    for _ in 0..<6 { whole.step() }
    let state = whole.state
    for _ in 0..<6 { whole.step() }
    var other = Trainer(experiment, dataset: Self.gaussian)
    try other.restore(state)
    for _ in 0..<6 { other.step() }
    #expect(other.weights == whole.weights && other.lastLoss == whole.lastLoss)
  }

  @Test("What a flow map does not know is refused with what to use instead")
  func refused() {
    func complaint(_ change: (inout Experiment) -> Void) -> String? {
      var experiment = Self.experiment(.meanFlow)
      change(&experiment)
      do throws(IncompatibleChoice) { try experiment.validate() } catch { return "\(error)" }
      return nil
    }
    #expect(complaint { _ in } == nil)
    #expect(complaint { $0.activation = .selu }?.contains("silu") == true)
    #expect(complaint { $0.prediction = .target } != nil)
    #expect(complaint { $0.loss = .absolute } != nil)
    // Where all of a batch jumps, some maps would learn from themselves alone.
    for (objective, teacher, refused) in [
      (Objective.shortcut, MapTeacher.pairs, true), (.lagrangian, .pairs, true),
      (.lagrangian, .exact, false), (.meanFlow, .pairs, false), (.consistency, .pairs, false),
    ] {
      for (share, batch) in [(1, 256), (0.5, 1), (0.9, 4)] {
        let said = complaint {
          ($0.objective, $0.mapTeacher) = (objective, teacher)
          ($0.mapShare, $0.batch) = (share, batch)
        }
        #expect(said?.contains("no data would enter") ?? false == refused, "\(objective) \(share)")
      }
    }
    #expect(
      complaint {
        $0.objective = .shortcut
        $0.mapShare = 0.99
      } == nil)
    #expect(complaint { $0.path = .noisy(sigma: 0.1) }?.contains("affine") == true)
    #expect(
      complaint {
        $0.mapTeacher = .exact
        $0.coupling = .optimalTransport
      } != nil)
  }
}
