#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A flow of affine layers as a velocity field, one layer after another: layer k acts for t
/// from k/K to (k + 1)/K.
///
/// y_b = x_b·e^s + t_b is where ẋ_b = s·x_b + t_b·s/(e^s − 1), ẋ_a = 0 leads in unit time, since s and
/// t_b depend on x_a alone. The clock of a layer, τ(r) = r²(3 − 2r), stands still at its ends, so
/// that the field is continuous in time and solvers need not hit the ends. Its divergence is Kτ′Σ s.
public struct AffineLayersField<Conditioner: PullbackField>: DivergenceField {
  private var flow: RealNVP<Conditioner>
  private var gradient: [Conditioner.Weight] = []

  /// The field of a flow; each of its networks has `parameterCount` weights.
  public init(_ flow: RealNVP<Conditioner>, parameterCount: Int) {
    self.flow = flow
    gradient = [Conditioner.Weight](repeating: 0, count: parameterCount)
  }

  public var dimension: Int { flow.dimension }

  public var regularity: Regularity { Regularity(isRounded: true) }

  /// The layer that acts at time `t`, and Kτ′.
  private func layer(at t: Double) -> (index: Int, rate: Double) {
    let place = min(max(t, 0), 1) * Double(flow.layers)
    let k = min(Int(place), flow.layers - 1)
    let r = place - Double(k)
    return (k, Double(flow.layers) * 6 * r * (1 - r))
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    var divergence = [Double](repeating: 0, count: x.count)
    evaluate(x, at: t, into: &velocity, divergence: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, probes: nil, into: &velocity, divergence: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, probes: .some(probes), into: &velocity, divergence: &divergence)
  }

  private mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch?, into velocity: inout Batch,
    divergence: inout [Double]
  ) {
    precondition(velocity.hasShape(of: x), "velocity and points have the same shape")
    guard case .each(let times) = t else {
      return evaluate(x, at: t[0], probes: probes, into: &velocity, divergence: &divergence)
    }
    var (one, value) = (Batch(dimension: dimension, count: 1), [0.0])
    for j in 0..<x.count {
      evaluate(
        x.points(j..<j + 1), at: times[j], probes: probes?.points(j..<j + 1), into: &one,
        divergence: &value)
      for i in 0..<x.dimension { velocity[i, j] = one[i, 0] }
      divergence[j] = value[0]
    }
  }

  /// All points at one time.
  private mutating func evaluate(
    _ x: Batch, at t: Double, probes: Batch?, into velocity: inout Batch,
    divergence: inout [Double]
  ) {
    let (k, rate) = layer(at: t)
    let (n, half) = (x.count, dimension / 2)
    let moved = RealNVP<Conditioner>.moved(by: k, dimension: dimension)
    let output = flow.condition(k, on: x)
    for index in velocity.values.indices { velocity.values[index] = 0 }
    for j in 0..<n { divergence[j] = 0 }
    var cotangent = probes.map { Batch(dimension: $0.dimension, count: $0.count) }
    for i in 0..<half {
      for j in 0..<n {
        let s = RealNVP<Conditioner>.logScale(output[i, j])
        let shift = output[half + i, j]
        let (factor, slope) = stretch(s)
        velocity[moved + i, j] = rate * (s * x[moved + i, j] + shift * factor)
        guard let probe = probes?[moved + i, j] else {
          divergence[j] += rate * s
          continue
        }
        divergence[j] += rate * s * probe * probe
        let ratio = s / RealNVP<Conditioner>.logScaleBound
        let byScale = rate * (x[moved + i, j] + shift * slope) * (1 - ratio * ratio)
        cotangent![i, j] = probe * byScale
        cotangent![half + i, j] = probe * rate * factor
      }
    }
    guard let cotangent, let probes else { return }
    // εᵀ(∂u/∂x)ε = ε_b·(∂u_b/∂x_a)ε_a beside the diagonal: back through the network once.
    var back = cotangent
    flow.conditioners[k].pullBack(
      flow.conditioned, at: 0, probes: nil, velocity: cotangent, divergence: nil, to: &back,
      gradient: &gradient)
    for i in 0..<dimension where i < moved || i >= moved + half {
      for j in 0..<n { divergence[j] += probes[i, j] * back[i, j] }
    }
  }

  /// g(s) = s/(e^s − 1), and its derivative.
  private func stretch(_ s: Double) -> (value: Double, slope: Double) {
    guard abs(s) > 1e-5 else { return (1 - 0.5 * s, -0.5 + s / 6) }
    let growth = expm1(s)
    return (s / growth, (growth - s * (growth + 1)) / (growth * growth))
  }
}

extension AffineLayersField: ClosedFormFlow {
  public var evaluations: Int { flow.layers }

  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.layers = flow.layers
    traits.followsPath = false
    return traits
  }

  /// By the layers undone one after another, whatever the method; from N(0, I).
  public func logDensity(
    of points: Batch, from source: any DensityDistribution, _ method: LikelihoodMethod,
    probes: Batch?, progress: (Double) -> Void
  ) -> LikelihoodValues {
    var flow = flow
    return LikelihoodValues(
      values: flow.logDensity(points), errors: nil, evaluations: evaluations)
  }

  /// Within a layer x_b(τ) = x_b·e^(sτ) + t·(e^(sτ) − 1)/(e^s − 1), so that any two of its times
  /// are joined by an affine map with log|det| = s(τ₁ − τ₀).
  public mutating func carry(
    _ x: inout Batch, from start: Double, to end: Double, logDeterminant: inout [Double]
  ) {
    let (first, last) = (min(max(start, 0), 1), min(max(end, 0), 1))
    let layers = Double(flow.layers)
    let order = Array(0..<flow.layers)
    for k in first < last ? order : order.reversed() {
      let (from, to) = (clock(first * layers - Double(k)), clock(last * layers - Double(k)))
      switch (from, to) {
      // A whole layer by its own formula: what is sampled is the flow to the bit.
      case (0, 1): flow.pass(k, &x, isInverse: false, &logDeterminant)
      case (1, 0): flow.pass(k, &x, isInverse: true, &logDeterminant)
      case _ where from != to: pass(k, &x, from: from, to: to, &logDeterminant)
      default: break
      }
    }
  }

  /// τ(r) = r²(3 − 2r), at rest before and after its layer.
  private func clock(_ place: Double) -> Double {
    let r = min(max(place, 0), 1)
    return r * r * (3 - 2 * r)
  }

  private mutating func pass(
    _ k: Int, _ x: inout Batch, from: Double, to: Double, _ logDeterminant: inout [Double]
  ) {
    let (n, half) = (x.count, dimension / 2)
    let moved = RealNVP<Conditioner>.moved(by: k, dimension: dimension)
    let output = flow.condition(k, on: x)
    for i in 0..<half {
      for j in 0..<n {
        let s = RealNVP<Conditioner>.logScale(output[i, j])
        // t·s/(e^s − 1) times the way that e^(sσ) has from one time to the other.
        let shift = output[half + i, j] * stretch(s).value
        let way = abs(s) > 1e-5 ? expm1(s * (to - from)) / s : to - from
        x[moved + i, j] = x[moved + i, j] * exp(s * (to - from)) + shift * way
        logDeterminant[j] += s * (to - from)
      }
    }
  }
}
