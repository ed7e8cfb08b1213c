#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The negative log-likelihood of data under a flow of affine layers, and its gradient.
///
/// −log p₁(x) = ½|z|² + (d/2) ln 2π + Σ s, with z the data pulled back to the noise. On the way back
/// each layer gives up its input, from which its values are computed anew.
struct AffineLayersLikelihood: Sendable {
  /// The points before each layer, from the noise, and at the end the data.
  private var points: [Batch] = []
  private var cotangent = Batch(dimension: 1, count: 0)
  private var outputCotangent = Batch(dimension: 1, count: 0)
  private var inputCotangent = Batch(dimension: 1, count: 0)
  private var logDeterminant: [Double] = []

  /// The mean of −log p₁ in nats over the `d×n` data.
  mutating func evaluate<C: VelocityField>(_ flow: inout RealNVP<C>, data: Batch) -> Double {
    reserve(data, layers: flow.layers)
    for j in 0..<data.count { logDeterminant[j] = 0 }
    copy(data, to: &points[flow.layers])
    for k in (0..<flow.layers).reversed() {
      copy(points[k + 1], to: &points[k])
      flow.pass(k, &points[k], isInverse: true, &logDeterminant)
    }
    var sum = 0.0
    for value in points[0].values { sum += 0.5 * value * value }
    for value in logDeterminant { sum -= value }
    return sum / Double(data.count) + 0.5 * Double(data.dimension) * log(2 * .pi)
  }

  /// Adds the gradient of what `evaluate` has just computed, an array for each layer's network.
  mutating func addGradient<C: PullbackField>(
    _ flow: inout RealNVP<C>, to gradients: inout [[C.Weight]]
  ) {
    let (n, half) = (cotangent.count, cotangent.dimension / 2)
    let mean = 1 / Double(n)
    for k in 0..<cotangent.values.count { cotangent.values[k] = mean * points[0].values[k] }
    for k in 0..<flow.layers {
      // Data to noise: x_b = (y_b − t)e^−s, and +s in the loss.
      let output = flow.condition(k, on: points[k])
      let moved = RealNVP<C>.moved(by: k, dimension: cotangent.dimension) * n
      for place in 0..<half * n {
        let s = RealNVP<C>.logScale(output.values[place])
        let shrink = exp(-s)
        let bar = cotangent.values[moved + place]
        let ratio = s / RealNVP<C>.logScaleBound
        let logScale = mean - bar * points[k].values[moved + place]
        outputCotangent.values[place] = logScale * (1 - ratio * ratio)
        outputCotangent.values[half * n + place] = -bar * shrink
        cotangent.values[moved + place] = bar * shrink
      }
      flow.conditioners[k].pullBack(
        flow.conditioned, at: 0, probes: nil, velocity: outputCotangent, divergence: nil,
        to: &inputCotangent, gradient: &gradients[k])
      for place in 0..<cotangent.values.count where place < moved || place >= moved + half * n {
        cotangent.values[place] += inputCotangent.values[place]
      }
    }
  }

  private mutating func reserve(_ data: Batch, layers: Int) {
    precondition(data.count > 0, "a mean needs a point")
    if cotangent.hasShape(of: data) && points.count == layers + 1 { return }
    func empty() -> Batch { Batch(dimension: data.dimension, count: data.count) }
    points = (0...layers).map { _ in empty() }
    (cotangent, outputCotangent, inputCotangent) = (empty(), empty(), empty())
    logDeterminant = [Double](repeating: 0, count: data.count)
  }
}

private func copy(_ source: Batch, to target: inout Batch) {
  for k in 0..<source.values.count { target.values[k] = source.values[k] }
}
