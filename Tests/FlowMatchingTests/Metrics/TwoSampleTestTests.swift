import Testing

@testable import FlowMatching

@Suite("Whether two samples are of one distribution")
struct TwoSampleTestTests {
  private static let target = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)

  @Test("The distance is the energy distance of the samples, whatever the slices")
  func distance() throws {
    var random = Random(seed: 1)
    let a = StandardNormal(dimension: 2).sample(count: 60, using: &random)
    let b = TwoSampleTestTests.target.sample(count: 60, using: &random)
    var whole = TwoSampleTest(a, b, divisions: 99)
    var sliced = whole
    let found = whole.finished()
    let outcome = try #require(found)
    while !sliced.isOver { #expect(sliced.advance(budget: 1) > 0) }
    #expect(sliced.outcome == outcome && outcome.count == 60)
    #expect(abs(outcome.distance - EnergyDistance.distance(a, b)) < 1e-5)
    #expect(outcome.p == 0.01 && outcome.isDifferent(level: 0.01))
    // What halves of all points together are apart: √(E|X − X′|/m) or so.
    let pooled = 0.5 * (outcome.noise * outcome.noise) * 60
    #expect(pooled > 0.5 && pooled < 2, "\(pooled)")
  }

  @Test("Points of one place, lost points and single ones")
  func ends() throws {
    let same = Batch(dimension: 2, count: 8)
    var test = TwoSampleTest(same, same, divisions: 19)
    let found = test.finished()
    #expect(found?.p == 1)
    var lost = same
    lost.values[2] = .nan
    var none = TwoSampleTest(paired: lost, same)
    let nothing = none.finished()
    #expect(nothing == nil && none.isOver)
    var single = TwoSampleTest(same.prefix(1), same)
    let one = single.finished()
    #expect(one == nil)
  }

  /// The starts of a trial carried in two exact ways to t: along the field, and with noise.
  private static func lanes(_ trial: Int, to t: Double) -> (flow: Batch, noisy: Batch) {
    let field = MarginalField(target: target)
    let random = Random(seed: UInt64(trial))
    var starts = random.stream("starts")
    let x0 = StandardNormal(dimension: 2).sample(count: 60, using: &starts)
    guard t > 0 else { return (x0, x0) }
    var velocity: any VelocityField = field
    let flow = Integrator.solve(&velocity, .midpoint, control: .fixed(steps: 12), from: x0, end: t)
    var noisy = StochasticIntegrator(
      field, EulerMaruyama(), noise: .squareRoot(scale: 1), steps: 40, from: x0, end: t,
      random: random.stream("lane"))
    noisy.finish()
    return (flow.x, noisy.x)
  }

  @Test(
    "Two exact ways of one p_t are told apart as often as the level says", arguments: [0, 0.5, 1])
  func falseAlarms(t: Double) {
    let (trials, level) = (250, 0.1)
    var (alarms, wholeAlarms) = (0, 0)
    for trial in 0..<trials {
      let lanes = TwoSampleTestTests.lanes(trial, to: t)
      var test = TwoSampleTest(
        paired: lanes.flow, lanes.noisy, divisions: 39, random: Random(seed: UInt64(trial)))
      if test.finished()!.isDifferent(level: level) { alarms += 1 }
      // The control: the whole of both, which are not independent.
      var whole = TwoSampleTest(
        lanes.flow, lanes.noisy, divisions: 39, random: Random(seed: UInt64(trial)))
      if whole.finished()!.isDifferent(level: level) { wholeAlarms += 1 }
    }
    // Five standard errors of the binomial distribution, 25 ± 4.7.
    #expect(abs(alarms - 25) <= 24, "\(alarms)")
    // From the same starts both are the same points at first, and nearer than samples are later.
    if t < 1 { #expect(wholeAlarms < 3, "\(wholeAlarms)") }
  }

  @Test("Another p_t is seen: a teleport mixture half-way, a swirl is not, a score is")
  func power() {
    let field = MarginalField(target: TwoSampleTestTests.target)
    var random = Random(seed: 5)
    let x0 = StandardNormal(dimension: 2).sample(count: 1000, using: &random)
    func carried(_ field: any VelocityField) -> Batch {
      var field = field
      return Integrator.solve(&field, .midpoint, control: .fixed(steps: 24), from: x0, end: 0.6).x
    }
    func outcome(_ other: Batch) -> TwoSampleTest.Outcome {
      var test = TwoSampleTest(paired: carried(field), other)
      return test.finished()!
    }
    let swirl = AddedScoreField(
      SolvedFlow(field), scheduler: .conditionalOT, amount: 2, isTurned: true)
    let score = AddedScoreField(
      SolvedFlow(field), scheduler: .conditionalOT, amount: 1, isTurned: false)
    #expect(!outcome(carried(swirl)).isDifferent(level: 0.01))
    #expect(outcome(carried(score)).isDifferent(level: 0.0017))
    let mixture = TeleportMixture(
      from: GaussianMixture.standardNormal(dimension: 2), to: TwoSampleTestTests.target)
    var leaping = x0
    _ = mixture.step(&leaping, from: 0, to: 0.6, using: &random)
    let found = outcome(leaping)
    #expect(found.isDifferent(level: 0.0017) && found.distance > 2 * found.noise)
  }
}
