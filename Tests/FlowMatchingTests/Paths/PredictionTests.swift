import Testing

@testable import FlowMatching

@Suite struct PredictionTests {
  static let target = GaussianMixtureTests.tilted
  static let times = Array(stride(from: 0.02, through: 0.98, by: 0.06))

  /// What an ideal network predicts.
  struct Ideal: DivergenceField {
    var exact: MarginalField
    let prediction: Prediction
    var dimension: Int { exact.dimension }

    mutating func evaluate(_ x: Batch, at t: Times, into output: inout Batch) {
      switch prediction {
      case .velocity: exact.evaluate(x, at: t, into: &output)
      case .target: exact.expectedTarget(x, at: t, into: &output)
      case .source: exact.expectedSource(x, at: t, into: &output)
      case .score: exact.score(x, at: t, into: &output)
      }
    }

    /// By central differences.
    mutating func evaluate(
      _ x: Batch, at t: Times, into output: inout Batch, divergence: inout [Double]
    ) {
      let h = 1e-5
      divergence = [Double](repeating: 0, count: x.count)
      for i in 0..<dimension {
        for sign in [-1.0, 1] {
          var moved = x
          for j in 0..<x.count { moved[i, j] += sign * h }
          evaluate(moved, at: t, into: &output)
          for j in 0..<x.count { divergence[j] += sign * output[i, j] / (2 * h) }
        }
      }
      evaluate(x, at: t, into: &output)
    }

    /// For probes of the first axis alone, which is all that is asked here.
    mutating func evaluate(
      _ x: Batch, at t: Times, probes: Batch, into output: inout Batch,
      divergence: inout [Double]
    ) {
      let h = 1e-5
      divergence = [Double](repeating: 0, count: x.count)
      for sign in [-1.0, 1] {
        var moved = x
        for k in x.values.indices { moved.values[k] += sign * h * probes.values[k] }
        evaluate(moved, at: t, into: &output)
        for j in 0..<x.count {
          for i in 0..<dimension { divergence[j] += sign * probes[i, j] * output[i, j] / (2 * h) }
        }
      }
      evaluate(x, at: t, into: &output)
    }
  }

  private func points(_ count: Int) -> Batch {
    var random = Random(seed: 5)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  @Test("every ideal prediction gives the exact velocity, to 1e-10", arguments: Scheduler.all)
  func conversions(scheduler: Scheduler) {
    let exact = MarginalField(target: Self.target, scheduler: scheduler)
    let x = points(30)
    for prediction in Prediction.allCases {
      var field = ConvertedField(
        Ideal(exact: exact, prediction: prediction), predicts: prediction, scheduler: scheduler)
      var teacher = exact
      var (a, b) = (x, x)
      for t in Self.times {
        teacher.evaluate(x, at: .shared(t), into: &b)
        field.evaluate(x, at: .shared(t), into: &a)
        let size = max(1, b.values.map(abs).max()!)
        for k in a.values.indices {
          #expect(abs(a.values[k] - b.values[k]) < 1e-10 * size, "\(prediction), \(t)")
        }
      }
    }
  }

  @Test("there and back is the identity, to 1e-10", arguments: Scheduler.all)
  func inverse(scheduler: Scheduler) {
    for prediction in Prediction.allCases {
      for t in Self.times {
        let c = scheduler.coefficients(at: t)
        let (to, from) = (prediction.velocityCoefficients(c), prediction.predictionCoefficients(c))
        // u = a x + b (c x + e u).
        #expect(abs(to.other * from.other - 1) < 1e-10)
        #expect(abs(to.x + to.other * from.x) < 1e-10 * max(1, abs(to.x)))
      }
    }
  }

  @Test("the divergence of a converted field is that of the exact velocity")
  func divergence() {
    let x = points(12)
    let probes = points(24).points(12..<24)
    for scheduler in [Scheduler.conditionalOT, .cosine] {
      let exact = MarginalField(target: Self.target, scheduler: scheduler)
      for prediction in Prediction.allCases {
        var field = ConvertedField(
          Ideal(exact: exact, prediction: prediction), predicts: prediction,
          scheduler: scheduler)
        var teacher = exact
        var v = x
        var (a, b) = ([Double](repeating: 0, count: 12), [Double](repeating: 0, count: 12))
        let times = Times.each((0..<12).map { 0.1 + 0.07 * Double($0) })
        field.evaluate(x, at: times, into: &v, divergence: &a)
        teacher.evaluate(x, at: times, into: &v, divergence: &b)
        for j in 0..<12 { #expect(abs(a[j] - b[j]) < 1e-6 * max(1, abs(b[j]))) }
        field.evaluate(x, at: times, probes: probes, into: &v, divergence: &a)
        teacher.evaluate(x, at: times, probes: probes, into: &v, divergence: &b)
        for j in 0..<12 { #expect(abs(a[j] - b[j]) < 1e-6 * max(1, abs(b[j]))) }
      }
    }
  }

  @Test("at both ends a conversion is that of the nearest 1 %, and finite")
  func ends() {
    let exact = MarginalField(target: Self.target)
    let x = points(20)
    for prediction in Prediction.allCases {
      var field = ConvertedField(
        Ideal(exact: exact, prediction: prediction), predicts: prediction,
        scheduler: .conditionalOT)
      var (end, near) = (x, x)
      for (t, inside) in [(0.0, 0.01), (1, 0.99)] {
        field.evaluate(x, at: .shared(t), into: &end)
        var teacher = exact
        teacher.evaluate(
          x, at: .shared(prediction == .velocity ? t : inside), into: &near)
        #expect(end.isFinite)
        for k in end.values.indices { #expect(abs(end.values[k] - near.values[k]) < 1e-10) }
      }
    }
  }

  @Test(
    "under conditional OT an error of x̂₀ grows by 1/t, one of x̂₁ by 1/(1 − t)", arguments: times)
  func amplification(t: Double) {
    let c = Scheduler.conditionalOT.coefficients(at: t)
    #expect(abs(Prediction.source.amplification(c) - 1 / t) < 1e-12 / t)
    #expect(abs(Prediction.target.amplification(c) - 1 / (1 - t)) < 1e-12 / (1 - t))
    #expect(abs(Prediction.score.amplification(c) - (1 - t) / t) < 1e-12 / t)
    #expect(Prediction.velocity.amplification(c) == 1)
    #expect(
      Prediction.source.amplification(Scheduler.conditionalOT.coefficients(at: 0)) == .infinity)
  }
}
