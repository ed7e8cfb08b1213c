import Testing

@testable import FlowMatching

@Suite("Guidance in an interval of time")
struct GuidedFlowTests {
  private static func flow(_ guidance: Guidance) -> GuidedFlow {
    let classes = DatasetCatalog.twoClasses.classes!
    return GuidedFlow(
      SolvedFlow(MarginalField(target: classes.parts[0] as! GaussianMixture)),
      awayFrom: SolvedFlow(MarginalField(target: DatasetCatalog.twoClasses.mixture!)), guidance)
  }

  private static let noise: Batch = {
    var random = Random(seed: 4)
    return StandardNormal(dimension: 2).sample(count: 10, using: &random)
  }()

  private static func end(
    _ guidance: Guidance, _ solver: ButcherTableau, _ steps: Int, backward: Bool = false
  ) -> (x: Batch, evaluations: Int, steps: Int) {
    var way = flow(guidance).transport(
      noise, as: .points, from: backward ? 1 : 0, to: backward ? 0 : 1,
      TransportPlan(solver, control: .fixed(steps: steps)))
    way.finish()
    return (way.state, way.evaluations, way.steps)
  }

  private static func distance(_ a: Batch, _ b: Batch) -> Double {
    zip(a.values, b.values).map { abs($0 - $1) }.reduce(0, max)
  }

  @Test("an evaluation counts both fields while guidance counts, and one where it does not")
  func evaluations() {
    let half = Guidance(label: 0, weight: 3, from: 0.25, to: 0.75)
    for (guidance, expected) in [
      (Guidance(label: 0, weight: 3), 80), (half, 60), (Guidance(label: 0), 40),
      (Guidance(label: 0, weight: 3, from: 0.5, to: 0.5), 40), (Guidance(label: 0, weight: 0), 40),
      (Guidance(label: 0, weight: -1), 80),
    ] {
      let (_, evaluations, steps) = Self.end(guidance, .rk4, 10)
      #expect(evaluations == expected && steps == 10, "\(guidance): \(evaluations)")
      var way = Self.flow(guidance).transport(
        Self.noise, as: .points, from: 0, to: 1, TransportPlan(.rk4, control: .fixed(steps: 10)))
      #expect(way.totalEvaluations == expected)
      while way.status == .running { _ = way.advance(budget: 100) }
      #expect(way.totalEvaluations == expected && way.progress == 1 && way.t == 1)
    }
  }

  @Test("no method loses its order at the interval's ends", arguments: [false, true])
  func order(backward: Bool) {
    let guidance = Guidance(label: 0, weight: 3, from: 0.37, to: 0.81)
    let exact = Self.end(guidance, .dop853, 60, backward: backward).x
    for (solver, order) in [
      (ButcherTableau.rk4, 4.0), (.midpoint, 2), (.heun, 2), (.euler, 1),
    ] {
      let errors = [40, 80].map {
        Self.distance(Self.end(guidance, solver, $0, backward: backward).x, exact)
      }
      #expect(errors[0] / errors[1] > 0.75 * pow2(order), "\(solver.name): \(errors)")
    }
  }

  private func pow2(_ order: Double) -> Double { (0..<Int(order)).reduce(1) { p, _ in 2 * p } }

  @Test("slices of any size lead to the same bits, with noise too")
  func slices() {
    let flow = Self.flow(Guidance(label: 0, weight: 2, from: 0.3, to: 0.6))
    var plan = TransportPlan(.heun, control: .fixed(steps: 9), chunkSize: 16)
    for noise in [nil, NoiseSchedule.linear(scale: 1)] {
      plan.noise = noise.map {
        AddedNoise(
          StochasticHeun(), $0, steps: 9, scheduler: .conditionalOT, random: Random(seed: 3))
      }
      let way = flow.transport(Self.noise, as: .points, from: 0, to: 1, plan)
      var (whole, sliced) = (way, way)
      whole.finish()
      var last = 0.0
      while sliced.status == .running {
        #expect(sliced.advance(budget: 1) > 0)
        #expect(sliced.progress >= last)
        last = sliced.progress
      }
      #expect(whole.state == sliced.state && whole.steps == 9 && sliced.t == 1)
      #expect(whole.evaluations == sliced.evaluations)
    }
  }

  @Test(
    "the energy of a guided way is that of its pieces, and every evaluation of both fields counts")
  func energy() throws {
    let guidance = Guidance(label: 0, weight: 3, from: 0.25, to: 0.75)
    var energy = PathEnergy(
      Self.flow(guidance), from: Self.noise, .midpoint, control: .fixed(steps: 40))
    energy.finish()
    let way = Self.end(guidance, .midpoint, 40)
    #expect(energy.evaluations == way.evaluations && way.evaluations == 120)
    #expect(try #require(energy.end) == way.x)
    var fine = PathEnergy(Self.flow(guidance), from: Self.noise, .rk4, control: .fixed(steps: 400))
    fine.finish()
    for (a, b) in zip(try #require(energy.energies), try #require(fine.energies)) {
      #expect(abs(a - b) < 0.01 * b)
    }
  }

  @Test("outside of the interval the class is as it is: guidance late or never is no guidance")
  func outside() {
    let plain = Self.end(Guidance(label: 0), .rk4, 20).x
    let never = Self.end(Guidance(label: 0, weight: 4, from: 0.5, to: 0.5), .rk4, 20).x
    #expect(plain == never)
    let always = Self.end(Guidance(label: 0, weight: 4), .rk4, 20).x
    let middle = Self.end(Guidance(label: 0, weight: 4, from: 0.3, to: 0.7), .rk4, 20).x
    #expect(Self.distance(always, plain) > 1.1 * Self.distance(middle, plain))
    #expect(Self.distance(middle, plain) > 0.05)
  }
}
