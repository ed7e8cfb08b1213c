import Foundation
import Testing

@testable import FlowMatching

@Suite("Guided exact fields, against their closed forms")
struct GuidedFieldTests {
  private static func gaussian(_ mean: Double, _ s: Double) -> GaussianMixture {
    GaussianMixture(weights: [1], means: [[mean]], standardDeviation: s)
  }

  private static func guided(
    _ own: GaussianMixture, from all: GaussianMixture, _ w: Double,
    _ scheduler: Scheduler = .conditionalOT
  ) -> GuidedField {
    GuidedField(
      MarginalField(target: own, scheduler: scheduler),
      awayFrom: MarginalField(target: all, scheduler: scheduler), Guidance(label: 0, weight: w))
  }

  private static func end(_ field: GuidedField, from x: Batch) -> Batch {
    var field: any VelocityField = field
    return Integrator.solve(
      &field, .dop853, control: .adaptive(relative: 1e-10, absolute: 1e-10), from: x
    ).x
  }

  /// The quantiles of N(0, 1) in the middles of n equal shares: a flow of the line keeps their order.
  private static func quantiles(_ n: Int) -> Batch {
    let values = (0..<n).map { k -> Double in
      let p = (Double(k) + 0.5) / Double(n)
      var x = 0.0
      for _ in 0..<60 {
        let slope = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
        let step = (0.5 * erfc(-x / 2.0.squareRoot()) - p) / slope
        x -= max(-0.5, min(0.5, step))
      }
      return x
    }
    return Batch(dimension: 1, values: values)
  }

  private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, square.squareRoot())
  }

  @Test(
    "centred Gaussians of .5 in 1 reach .25 at w = 2 and .125 at 3, where the tilts are .378 and .316",
    arguments: [Scheduler.conditionalOT, .cosine])
  func centred(scheduler: Scheduler) {
    let one = Batch(points: [[1]])
    for (w, expected, tilt) in [(2.0, 0.25, 0.378), (3, 0.125, 0.316), (1, 0.5, 0.5), (0, 1, 1)] {
      let field = Self.guided(Self.gaussian(0, 0.5), from: Self.gaussian(0, 1), w, scheduler)
      #expect(abs(Self.end(field, from: one)[0, 0] - expected) < 1e-6)
      #expect(abs((w / 0.25 + (1 - w)).squareRoot() - 1 / tilt) < 2e-3 / tilt)
    }
  }

  @Test("noise of g² = 2ε leads from there to the tilt: .3626, .3733 and .3778 at ε = .5, 1 and 5")
  func noise() throws {
    // The same process as `theory` tries, here with the deviations of the closed forms.
    for (noise, expected) in [(0.5, 0.3626), (1, 0.3733), (5, 0.3778), (0, 0.25)] {
      var variance = 1.0
      let steps = 4000
      var (own, all) = (
        MarginalField(target: Self.gaussian(0, 0.5)), MarginalField(target: Self.gaussian(0, 1))
      )
      let one = Batch(points: [[1]])
      var score = one
      func rate(_ t: Double, _ v: Double) -> Double {
        func slopes(_ field: inout MarginalField) -> (Double, Double) {
          field.score(one, at: .shared(t), into: &score)
          return (field.velocity(one, at: t)[0, 0], score[0, 0])
        }
        let (a, b) = (slopes(&own), slopes(&all))
        let (u, s) = (2 * a.0 - b.0, 2 * a.1 - b.1)
        return 2 * (u + noise * s) * v + 2 * noise
      }
      for k in 0..<steps {
        let (t, h) = (Double(k) / Double(steps), 1 / Double(steps))
        let first = rate(t, variance)
        variance += h * rate(t + h / 2, variance + h / 2 * first)
      }
      #expect(abs(variance.squareRoot() - expected) < 1e-3, "\(noise): \(variance.squareRoot())")
    }
  }

  @Test("an SDE's steps get there too, by the score that the guided velocity implies")
  func stochastic() throws {
    var random = Random(seed: 5)
    let x = StandardNormal(dimension: 1).sample(count: 4000, using: &random)
    let flow = GuidedFlow(
      SolvedFlow(MarginalField(target: Self.gaussian(0, 0.5))),
      awayFrom: SolvedFlow(MarginalField(target: Self.gaussian(0, 1))),
      Guidance(label: 0, weight: 2))
    var plan = TransportPlan()
    plan.noise = AddedNoise(
      StochasticHeun(), .sine(scale: 3), steps: 100, scheduler: .conditionalOT,
      random: Random(seed: 9))
    let end = try #require(flow.carried(x, plan))
    let deviation = Self.moments(end.values).deviation
    // g² = 9 sin² πt is 4.5 on average: between ε = 1 and 5, but nothing at the end.
    #expect(deviation > 0.33 && deviation < 0.39, "\(deviation)")
    let without = try #require(flow.carried(x))
    #expect(abs(Self.moments(without.values).deviation - 0.25) < 0.02)
  }

  @Test("of equal deviations guidance moves the mean alone, as the tilt does: m_∅ + w(m_c − m_∅)")
  func means() {
    let x = Self.quantiles(101)
    for w in [0.0, 1, 2.5, 4, -1] {
      let field = Self.guided(Self.gaussian(1, 0.4), from: Self.gaussian(-0.5, 0.4), w)
      let (mean, deviation) = Self.moments(Self.end(field, from: x).values)
      #expect(abs(mean - (-0.5 + 1.5 * w)) < 1e-6)
      #expect(abs(deviation - 0.4 * Self.moments(x.values).deviation) < 1e-6)
    }
  }

  @Test("of two classes 8 deviations apart the mean is .6491, 1.0498 and 1.3633 of one beyond")
  func twoClasses() {
    let (m, s) = (2.0, 0.5)
    let all = GaussianMixture(weights: [1, 1], means: [[m], [-m]], standardDeviation: s)
    let x = Self.quantiles(2001)
    for (w, overshoot, spread) in [
      (1.0, 0.0, 1.0), (2, 0.6491, 0.7196), (3, 1.0498, 0.6309), (4, 1.3633, 0.5826),
    ] {
      let end = Self.end(Self.guided(Self.gaussian(m, s), from: all, w), from: x)
      let (mean, deviation) = Self.moments(end.values)
      #expect(abs((mean - m) / s - overshoot) < 1e-3, "\(w): \((mean - m) / s)")
      #expect(abs(deviation / s - spread) < 1e-3, "\(w): \(deviation / s)")
    }
  }

  @Test(
    "the divergence is that of the velocity, exact and by probes, also at times of its own a point")
  func divergence() {
    let field = GuidedField(
      MarginalField(target: DatasetCatalog.twoClasses.mixture!.components(0..<3)),
      awayFrom: MarginalField(target: DatasetCatalog.twoClasses.mixture!),
      Guidance(label: 0, weight: 3, from: 0.3, to: 0.7))
    var random = Random(seed: 2)
    let x = StandardNormal(dimension: 2).sample(count: 6, using: &random)
    let probes = StandardNormal(dimension: 2).sample(count: 6, using: &random)
    let times = [0.1, 0.3, 0.5, 0.6, 0.7, 0.9]
    var (guided, velocity, numbers) = (field, x, [Double](repeating: 0, count: 6))
    var along = numbers
    guided.evaluate(x, at: .each(times), into: &velocity, divergence: &numbers)
    guided.evaluate(x, at: .each(times), probes: probes, into: &velocity, divergence: &along)
    for j in 0..<6 {
      let one = x.points(j..<j + 1)
      func derivative(_ direction: [Double]) -> [Double] {
        let h = 1e-4
        let ends = [h, -h].map { shift -> Batch in
          var moved = one
          for i in 0..<2 { moved[i, 0] += shift * direction[i] }
          return field.velocity(moved, at: times[j])
        }
        return (0..<2).map { (ends[0][$0, 0] - ends[1][$0, 0]) / (2 * h) }
      }
      #expect(abs(derivative([1, 0])[0] + derivative([0, 1])[1] - numbers[j]) < 1e-5)
      let probe = probes.point(j)
      let slope = derivative(probe)
      #expect(abs(probe[0] * slope[0] + probe[1] * slope[1] - along[j]) < 1e-5)
      let alone = field.velocity(one, at: times[j])
      for i in 0..<2 { #expect(abs(alone[i, 0] - velocity[i, j]) < 1e-12) }
    }
  }
}
