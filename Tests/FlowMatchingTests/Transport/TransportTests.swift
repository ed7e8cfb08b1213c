import Testing

@testable import FlowMatching

@Suite("Transports along a flow")
struct TransportTests {
  private static func experiment(_ model: FlowModel) -> Experiment {
    var experiment = Experiment()
    experiment.model = model
    experiment.objective = model == .velocity ? .flowMatching : .likelihood
    experiment.widths = [12, 12]
    return experiment
  }

  private static func flow(_ model: FlowModel) -> LearnedField {
    let experiment = experiment(model)
    return experiment.velocityField(of: Trainer.initialWeights(experiment))
  }

  private static func noise(_ count: Int) -> Batch {
    var random = Random(seed: 6)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  private static func plan(noise: NoiseSchedule? = nil) -> TransportPlan {
    var plan = TransportPlan(.rk4, control: .fixed(steps: 8), chunkSize: 32)
    plan.mapSteps = 5
    plan.noise = noise.map {
      AddedNoise(
        StochasticHeun(), $0, steps: 8, scheduler: .conditionalOT, random: Random(seed: 3))
    }
    return plan
  }

  /// Every way to carry points, by name.
  private static func transports(_ x: Batch) -> [(name: String, transport: any Transport)] {
    func carry(_ flow: LearnedField, _ plan: TransportPlan) -> any Transport {
      flow.transport(x, as: .points, from: 0, to: 1, plan)
    }
    return [
      ("ODE", carry(flow(.velocity), plan())),
      ("SDE", carry(flow(.velocity), plan(noise: .linear(scale: 0.5)))),
      ("layers", carry(flow(.affineLayers(4)), plan())),
    ]
  }

  @Test("slices of any size lead to the same bits, and to the end of time and of all evaluations")
  func slices() {
    let x = Self.noise(70)
    for (name, transport) in Self.transports(x) {
      var (whole, sliced) = (transport, transport)
      let expected = transport.totalEvaluations
      whole.finish()
      var last = 0.0
      while sliced.status == .running {
        #expect(sliced.advance(budget: 1) > 0, "\(name)")
        #expect(sliced.progress >= last && sliced.progress <= 1, "\(name)")
        last = sliced.progress
      }
      #expect(whole.status == .finished && whole.t == 1 && sliced.t == 1, "\(name)")
      #expect(whole.state == sliced.state && whole.steps == sliced.steps, "\(name)")
      #expect(whole.evaluations == expected && whole.totalEvaluations == expected, "\(name)")
      #expect(whole.lostCount == 0 && whole.failure == nil, "\(name)")
      #expect(sliced.advance(budget: 1) == 0, "\(name)")
    }
  }

  @Test("a velocity is that of the state, and an SDE has none")
  func velocities() throws {
    for (name, transport) in Self.transports(Self.noise(20)) {
      var transport = transport
      transport.finish()
      guard name != "SDE" else {
        #expect(transport.velocity == nil && transport.knot?.x == transport.state)
        continue
      }
      var field = Self.flow(name == "ODE" ? .velocity : .affineLayers(4))
      var expected = transport.state
      field.evaluate(transport.state, at: .shared(1), into: &expected)
      #expect(try #require(transport.velocity) == expected, "\(name)")
    }
  }

  @Test("a density is carried there and back: by the layers to rounding, by a solver to its error")
  func density() {
    let x = Self.noise(25)
    let start = StandardNormal(dimension: 2).logDensity(x)
    for (model, tolerance) in [(FlowModel.velocity, 1e-4), (.affineLayers(4), 1e-6)] {
      let flow = Self.flow(model)
      let joint = DensityFlow(flow)
      var there = flow.transport(
        DensityFlow.state(x, logDensity: start), as: .density, from: 0, to: 1, Self.plan())
      there.finish()
      let points = joint.points(there.state)
      let known = flow.logDensity(
        of: points, from: StandardNormal(dimension: 2), .solved(.rk4, .fixed(steps: 40)),
        probes: nil, progress: { _ in })
      for (a, b) in zip(known.values, joint.logDensity(there.state)) {
        #expect(abs(a - b) < tolerance, "\(model)")
      }
      var back = flow.transport(there.state, as: .density, from: 1, to: 0, Self.plan())
      back.finish()
      #expect(back.t == 0)
      for (a, b) in zip(joint.points(back.state).values, x.values) {
        #expect(abs(a - b) < tolerance, "\(model)")
      }
      for (a, b) in zip(joint.logDensity(back.state), start) {
        #expect(abs(a - b) < tolerance, "\(model)")
      }
    }
  }

  @Test("what left the numbers is counted on every way")
  func lost() {
    var x = Self.noise(10)
    x[0, 3] = .nan
    for (name, transport) in Self.transports(x) {
      var transport = transport
      transport.finish()
      #expect(transport.lostCount == 1 && transport.status == .finished, "\(name)")
    }
  }

  @Test("a kind declares what can be asked of its flow, before and after training")
  func traits() {
    let matching = Self.experiment(.velocity).traits
    #expect(matching.needsSolver && matching.followsPath && matching.hasScore)
    #expect(matching.hasSchedules && !matching.hasExactDensity)
    #expect(Self.flow(.velocity).traits == matching)
    var paired = Self.experiment(.velocity)
    paired.coupling = .optimalTransport
    #expect(!paired.traits.hasScore && paired.traits.hasSchedules)
    paired.path = .schroedingerBridge(sigma: 1)
    #expect(!paired.traits.hasSchedules && paired.traits.followsPath)
    var likely = Self.experiment(.velocity)
    likely.objective = .likelihood
    #expect(likely.traits.needsSolver && !likely.traits.followsPath && !likely.traits.hasScore)
    let layers = Self.experiment(.affineLayers(4)).traits
    #expect(layers.layers == 4 && layers.hasExactDensity && !layers.needsSolver)
    #expect(Self.flow(.affineLayers(4)).traits == layers)
    #expect(
      layers.layers == Self.flow(.affineLayers(4)).weights.values.count
        / Self.experiment(.affineLayers(4)).shape.parameterCount)
  }

  @Test("weights make the flow of their own model, whatever is learned by now")
  func otherModel() {
    let (plain, layered) = (Self.experiment(.velocity), Self.experiment(.affineLayers(3)))
    let layers = plain.velocityField(of: Trainer.initialWeights(layered))
    #expect(layers.traits.layers == 3 && layers.carried(Self.noise(4))?.isFinite == true)
    let velocity = layered.velocityField(of: Trainer.initialWeights(plain))
    #expect(velocity.traits.needsSolver && velocity.carried(Self.noise(4))?.isFinite == true)
  }

  @Test("every experiment that the enumerations allow is of one kind")
  func kinds() {
    for model in FlowModel.all {
      for objective in Objective.allCases {
        var experiment = Experiment()
        experiment.model = model
        experiment.objective = objective
        #expect(FlowKinds.all.count { $0.learns(experiment) } == 1)
      }
    }
  }
}
