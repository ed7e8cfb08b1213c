/// The field of a network of pairs with every sum and function in Double: the weights are its Floats.
public struct PrecisePairField: DivergenceField {
  /// The weights of the network.
  public let weights: MLPWeights
  private var inputs = PairInputs()

  /// The field of the weights of a network of pairs.
  public init(_ weights: MLPWeights) {
    precondition(weights.shape.pairs != nil, "the network reads no pairs")
    self.weights = weights
  }

  public var dimension: Int { 2 * DoubleWells.particles }

  public var regularity: Regularity {
    Regularity(isSmooth: weights.shape.activation.hasContinuousDerivative)
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    _ = differentiate(x, t, slopes: false, &velocity)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    let (answers, changes) = differentiate(x, t, slopes: true, &velocity)
    inputs.divergences(answers, changes, into: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    precondition(probes.hasShape(of: x), "a probe for each point")
    let (answers, changes) = differentiate(x, t, slopes: true, &velocity)
    inputs.probed(answers, changes, probes, into: &divergence)
  }

  /// φ of every pair, 6×n, and ∂φ_e/∂s_f, 36×n.
  private mutating func differentiate(
    _ x: Batch, _ t: Times, slopes: Bool, _ velocity: inout Batch
  ) -> ([Double], [Double]) {
    precondition(velocity.hasShape(of: x), "velocity and points have the same shape")
    inputs.load(x, at: t, slopes: slopes)
    let n = x.count
    var answers = [Double](repeating: 0, count: DoubleWells.pairs * n)
    var changes = [Double](repeating: 0, count: slopes ? DoubleWells.pairs * answers.count : 0)
    var first = 0
    while first < n {
      let width = min(8, n - first)
      let lanes = PairLanes(inputs, first, width, n, slopes: slopes).carried(through: weights)
      for e in 0..<DoubleWells.pairs {
        for j in 0..<width { answers[e * n + first + j] = lanes.values[e][0][j] }
        guard slopes else { continue }
        for f in 0..<DoubleWells.pairs {
          for j in 0..<width {
            changes[(6 * e + f) * n + first + j] = lanes.values[(1 + f) * 6 + e][0][j]
          }
        }
      }
      first += width
    }
    inputs.velocities(answers, into: &velocity)
    return (answers, changes)
  }
}

/// The units of the six pairs of eight molecules, and behind them how they change with each distance.
private struct PairLanes {
  /// Row 6s + e: the units of pair e (s = 0), or their changes with distance s − 1.
  var values: [[SIMD8<Double>]]

  init(_ inputs: PairInputs, _ first: Int, _ width: Int, _ n: Int, slopes: Bool) {
    let pairs = DoubleWells.pairs
    let zero = [SIMD8<Double>](repeating: SIMD8(), count: PairInputs.features)
    values = [[SIMD8<Double>]](repeating: zero, count: slopes ? 7 * pairs : pairs)
    for e in 0..<pairs {
      for k in 0..<PairInputs.features {
        for j in 0..<width {
          let place = (k * pairs + e) * n + first + j
          values[e][k][j] = inputs.features[place]
          if slopes { values[(1 + e) * pairs + e][k][j] = inputs.slopes[place] }
        }
      }
    }
  }

  /// What the layers make of it.
  func carried(through weights: MLPWeights) -> PairLanes {
    var lanes = self
    var offset = 0
    let layers = weights.shape.layers
    for (index, layer) in layers.enumerated() {
      if layer.inputs > lanes.values[0].count { lanes.mix() }
      lanes.multiply(
        weights.values[offset..<offset + (layer.inputs + 1) * layer.outputs], layer.inputs,
        layer.outputs, index + 1 < layers.count ? weights.shape.activation : nil)
      offset += (layer.inputs + 1) * layer.outputs
    }
    return lanes
  }

  /// Behind a pair's own units half the sum of those that share a particle, and those that share none.
  private mutating func mix() {
    let pairs = DoubleWells.pairs
    for s in 0..<values.count / pairs {
      let own = Array(values[s * pairs..<(s + 1) * pairs])
      for e in 0..<pairs {
        let other = own[pairs - 1 - e]
        let shared = own[e].indices.map { k in
          var sum = -own[e][k] - other[k]
          for pair in own { sum += pair[k] }
          return 0.5 * sum
        }
        values[s * pairs + e] = own[e] + shared + other
      }
    }
  }

  private mutating func multiply(
    _ weights: ArraySlice<Float>, _ inputs: Int, _ outputs: Int, _ activation: Activation?
  ) {
    let (pairs, start) = (DoubleWells.pairs, weights.startIndex)
    let zero = [SIMD8<Double>](repeating: SIMD8(), count: outputs)
    var results = [[SIMD8<Double>]](repeating: zero, count: values.count)
    for row in values.indices {
      for output in 0..<outputs {
        var sum = SIMD8<Double>(
          repeating: row < pairs ? Double(weights[start + inputs * outputs + output]) : 0)
        for k in 0..<inputs {
          sum += SIMD8(repeating: Double(weights[start + output * inputs + k])) * values[row][k]
        }
        results[row][output] = sum
      }
    }
    values = results
    guard let activation else { return }
    for e in 0..<pairs {
      for output in 0..<outputs {
        let z = values[e][output]
        let (value, slope) = activation.inDouble(z)
        values[e][output] = value
        for s in 1..<max(1, values.count / pairs) { values[s * pairs + e][output] *= slope }
      }
    }
  }
}
