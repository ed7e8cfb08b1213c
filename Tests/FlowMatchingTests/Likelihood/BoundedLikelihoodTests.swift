import FlowMatching
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Log-likelihoods to a bound")
struct BoundedLikelihoodTests {
  static let noise = StandardNormal(dimension: 2)

  /// The field of a network that predicts 0 whatever it is asked, and its points.
  private static func zero(_ prediction: Prediction) -> NetworkField {
    let shape = MLPShape(dimension: 2, widths: [4], activation: .silu)
    let weights = MLPWeights(
      shape: shape, values: [Float](repeating: 0, count: shape.parameterCount))
    return NetworkField(MLP(weights), predicts: prediction, scheduler: .conditionalOT)
  }

  /// u = a(t)x with a stopped at 0.01 and 0.99: x₀ = x/s and log p₁(x) = log p₀(x/s) − 2 ln s.
  private static func closed(_ x: [Double], logScale: Double) -> Double {
    let square = (x[0] * x[0] + x[1] * x[1]) * exp(-2 * logScale)
    return -0.5 * square - log(2 * .pi) - 2 * logScale
  }

  @Test("networks that predict 0 for the target or the source: the closed form, to 1e-5")
  func zeroNetworks() {
    // Target: a = −1/(1 − t), ∫a = ln 0.01 − ln 0.99 − 0.01/0.99 − 1; source: a = 1/t, the negative.
    let integral = log(0.01) - log(0.99) - 0.01 / 0.99 - 1
    let near = Batch(points: [[0, 0], [0.001, 0], [0, -0.002]])
    let far = Batch(points: [[0, 0], [100, 0], [0, -200]])
    for (prediction, points, scale) in [
      (Prediction.target, near, integral), (.source, far, -integral), (.score, far, -integral),
    ] {
      let known = BoundedLikelihood(Self.zero(prediction), of: points, source: Self.noise)
      for j in 0..<points.count {
        let exact = Self.closed(points.point(j), logScale: scale)
        #expect(abs(known.values[j] - exact) < 1e-5, "\(prediction): \(known.values[j]), \(exact)")
        #expect(abs(known.values[j] - exact) <= max(known.errors[j], 1e-9))
      }
    }
    // The figure that stood beside 9.656 in a report.
    #expect(abs(Self.closed([0, 0], logScale: integral) - 9.3726) < 5e-5)
  }

  @Test(
    "every prediction under every schedule is within the bound of a solve in Double at 1e-11",
    arguments: Prediction.allCases, Scheduler.all)
  func bound(prediction: Prediction, scheduler: Scheduler) {
    for activation in [Activation.silu, .tanh] {
      var random = Random(seed: 61)
      let shape = MLPShape(dimension: 2, widths: [16, 16], activation: activation)
      let field = NetworkField(
        MLP(MLPWeights(shape: shape, using: &random)), predicts: prediction, scheduler: scheduler)
      // Where the flow leads, so that the way back is not from nowhere.
      let x0 = Self.noise.sample(count: 6, using: &random)
      var forward: any VelocityField = field
      let x = Integrator.solve(
        &forward, .dormandPrince, control: .adaptive(relative: 1e-5, absolute: 1e-5), from: x0
      ).x
      let known = BoundedLikelihood(field, of: x, source: Self.noise)
      var exact = LogLikelihood(
        field.inDouble, of: x, source: Self.noise, .dop853, tolerance: 1e-11)
      exact.finish()
      for (j, value) in exact.values!.enumerated() {
        #expect(abs(known.values[j] - value) < 1e-3, "\(activation): \(known.values[j]), \(value)")
        #expect(known.errors[j] <= known.bound)
      }
    }
  }

  @Test("kinks of SELU and ReLU: within the bound, or said not to be")
  func kinks() {
    for activation in [Activation.selu, .relu] {
      var random = Random(seed: 61)
      let shape = MLPShape(dimension: 2, widths: [32, 32], activation: activation)
      let field = MLP(MLPWeights(shape: shape, using: &random))
      let x = Self.noise.sample(count: 12, using: &random)
      let known = BoundedLikelihood(field, of: x, source: Self.noise)
      var exact = LogLikelihood(
        field.inDouble, of: x, source: Self.noise, .dormandPrince, tolerance: 1e-9,
        largestStep: 1.0 / 400)
      exact.finish()
      for (j, value) in exact.values!.enumerated() where known.errors[j] <= known.bound {
        #expect(abs(known.values[j] - value) <= known.bound, "\(activation), \(j)")
      }
    }
  }

  @Test("a bound that no solve reaches is not claimed")
  func unreachable() {
    var random = Random(seed: 3)
    let field = MLP(
      MLPWeights(shape: MLPShape(dimension: 2, widths: [16], activation: .silu), using: &random))
    let x = Self.noise.sample(count: 5, using: &random)
    let known = LikelihoodMethod.within(1e-15)(field, of: x, source: Self.noise)
    #expect(known.count(above: 1e-15)! > 0 && known.lostCount == 0)
    #expect(known.worstError! < 1e-6)
    let plain = LikelihoodMethod.solved(.rk4, .fixed(steps: 20))(field, of: x, source: Self.noise)
    #expect(plain.errors == nil && plain.count(above: 1) == nil)
  }
}
