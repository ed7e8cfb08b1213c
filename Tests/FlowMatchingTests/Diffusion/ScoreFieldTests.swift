import FlowMatching
import Testing

@Suite struct ScoreFieldTests {
  static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)

  private func points(_ count: Int) -> Batch {
    var random = Random(seed: 45)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  @Test("the score of the velocity is the mixture's own, to 1e-10", arguments: Scheduler.all)
  func velocityScore(scheduler: Scheduler) {
    var exact = MarginalField(target: Self.eight, scheduler: scheduler)
    var implied = VelocityScore(exact, scheduler: scheduler)
    let x = points(60)
    var (velocity, score, wanted) = (x, x, x)
    // The variance-preserving path from exactly N(0, I) is not VP's own diffusion, but affine.
    let times = Times.each((0..<60).map { 0.02 + 0.96 * Double($0) / 59 })
    implied.evaluate(x, at: times, into: &velocity, score: &score)
    exact.score(x, at: times, into: &wanted)
    for (a, b) in zip(score.values, wanted.values) { #expect(abs(a - b) < 1e-10 * max(1, abs(b))) }
    exact.evaluate(x, at: times, into: &wanted)
    #expect(velocity == wanted)
  }

  @Test("VP: u = ½β(1 − t)(x + s), the probability flow of the diffusion, to 1e-11")
  func probabilityFlow() {
    var field = MarginalField(target: Self.eight, scheduler: .variancePreserving)
    let x = points(80)
    var (velocity, score) = (x, x)
    for t in [0.02, 0.2, 0.5, 0.8, 0.98] {
      field.evaluate(x, at: .shared(t), into: &velocity, score: &score)
      let beta = 0.1 + 19.9 * (1 - t)
      for k in x.values.indices {
        let flow = 0.5 * beta * (x.values[k] + score.values[k])
        #expect(abs(velocity.values[k] - flow) < 1e-11 * max(1, abs(flow)))
      }
    }
  }

  @Test(
    "the implied score stays finite at both ends, under every scheduler", arguments: Scheduler.all)
  func ends(scheduler: Scheduler) {
    var field = VelocityScore(
      MarginalField(target: Self.eight, scheduler: scheduler), scheduler: scheduler)
    let x = points(20)
    var (velocity, score) = (x, x)
    for t in [0.0, 1] {
      field.evaluate(x, at: .shared(t), into: &velocity, score: &score)
      #expect(velocity.isFinite && score.isFinite)
    }
    field.evaluate(x, at: .shared(0), into: &velocity, score: &score)
    // At t = 0 it is N(0, I)'s.
    for (s, x) in zip(score.values, x.values) { #expect(abs(s + x) < 0.02 * (1 + abs(x))) }
  }

  @Test("every noise schedule ends at 0, is found by its name and scales with its scale")
  func schedules() throws {
    for schedule in NoiseSchedule.all {
      #expect(schedule(1) == 0)
      #expect(try NoiseSchedule.named(schedule.name) == schedule)
      let triple = try NoiseSchedule.named(schedule.name, scale: 3)
      for t in [0.0, 0.3, 0.9] { #expect(abs(triple(t) - 3 * schedule(t)) < 1e-15) }
    }
    #expect(NoiseSchedule.linear(scale: 2)(0.25) == 1.5)
    #expect(NoiseSchedule.squareRoot(scale: 2)(0.75) == 1)
    #expect(abs(NoiseSchedule.sine(scale: 2)(0.5) - 2) < 1e-15)
    let error = #expect(throws: UnknownName.self) { try NoiseSchedule.named("liner") }
    #expect(error?.nearest == "linear")
    for stepper in StochasticMethods.all {
      #expect(try StochasticMethods.named(stepper.name).title == stepper.title)
      #expect(!stepper.reference.isEmpty)
    }
  }
}
