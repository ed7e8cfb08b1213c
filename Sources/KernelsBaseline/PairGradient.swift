/// What the forward pass of a network of pairs leaves for the reverse pass, `blocks` blocks of 32 molecules at
/// a time: what every layer reads, and f′(z) of its units, later ∂L/∂z there; of the last layer its answers.
struct PairTape {
  let pairs: PairNetwork
  let blocks: Int
  let memory: UnsafeMutablePointer<Float>

  private var panelRow: Int { blocks * pairCount * panelWidth }

  /// What a layer reads.
  func inputs(of layer: Int) -> UnsafeMutablePointer<Float> {
    var result = memory
    for before in 0..<layer {
      result += (pairs.inputs(before) + pairs.network.widths[before + 1]) * panelRow
    }
    return result
  }

  /// f′(z) of a layer's units, or its answers.
  func derivatives(of layer: Int) -> UnsafeMutablePointer<Float> {
    inputs(of: layer) + pairs.inputs(layer) * panelRow
  }

  /// Room for as many rows as any layer reads, behind all layers.
  var behind: UnsafeMutablePointer<Float> { inputs(of: pairs.network.layers) }
}

/// Adds scale · ∂(Σ|v − target|²)/∂weights over the molecules of `range` to `gradient` and returns their
/// Σ|v − target|², where v_i = Σ_j φ_ij (x_i − x_j) and the ways x_i − x_j of every pair are 12×n, x before y.
func pairErrorGradient(
  _ pairs: PairNetwork, turned: UnsafePointer<Float>, _ features: PairFeatures,
  ways: UnsafePointer<Double>, _ range: Range<Int>, target: UnsafePointer<Double>, scale: Float,
  _ gradient: UnsafeMutablePointer<Float>, blocks: Int, _ scratch: UnsafeMutablePointer<Float>
) -> Double {
  let network = pairs.network
  var total = 0.0
  var first = range.lowerBound
  while first < range.upperBound {
    let length = min(blocks * panelWidth, range.upperBound - first)
    let used = (length + panelWidth - 1) / panelWidth
    let tape = PairTape(pairs: pairs, blocks: used, memory: scratch)
    features.load(
      first: first, length: length, rows: pairs.inputs(0), blocks: used, tape.inputs(of: 0))
    recordPairs(tape)
    let answers = tape.derivatives(of: network.layers - 1)
    for block in 0..<used {
      let start = block * panelWidth
      total += pairResidual(
        answers + block * pairCount * panelWidth, ways + first + start, target + first + start,
        stride: features.count, width: min(panelWidth, length - start), scale: scale)
    }
    reversePairs(tape, turned: turned, gradient)
    first += length
  }
  return total
}

/// The forward pass, keeping what the reverse pass needs.
private func recordPairs(_ tape: PairTape) {
  let (pairs, network) = (tape.pairs, tape.pairs.network)
  let panels = tape.blocks * pairCount
  var weights = network.weights
  for layer in 0..<network.layers {
    let (inputs, outputs) = (pairs.inputs(layer), network.widths[layer + 1])
    let matrix = MatrixView(values: weights, rowStride: inputs, columnStride: 1)
    let (bias, source) = (weights + inputs * outputs, vectors(tape.inputs(of: layer)))
    let derivatives = vectors(tape.derivatives(of: layer))
    if layer + 1 == network.layers {
      multiply(
        matrix, bias: bias, rows: outputs, depth: inputs, source, panels: panels,
        finish: Unchanged(values: derivatives))
    } else {
      let next = vectors(tape.inputs(of: layer + 1))
      let values = pairs.mixes(layer + 1) ? vectors(tape.behind) : next
      multiply(
        matrix, bias: bias, rows: outputs, depth: inputs, source, panels: panels,
        finish: Activate(code: network.activation, values: values, derivatives: derivatives))
      if pairs.mixes(layer + 1) {
        pairs.mix(values, next, width: outputs, blocks: tape.blocks, group: 1)
      }
    }
    weights += pairs.size(layer)
  }
}

/// Replaces the six answers φ of a block by ∂L/∂φ = 2·scale·(r_i − r_j)·(x_i − x_j) with the residuals
/// r = v − target, 0 beyond `width`, and returns the sum of |r|².
private func pairResidual(
  _ answers: UnsafeMutablePointer<Float>, _ ways: UnsafePointer<Double>,
  _ target: UnsafePointer<Double>, stride: Int, width: Int, scale: Float
) -> Double {
  var sum = 0.0
  for j in 0..<panelWidth {
    guard j < width else {
      for pair in 0..<pairCount { answers[pair * panelWidth + j] = 0 }
      continue
    }
    // The residuals of four particles, x and y.
    var (x, y) = (SIMD4<Double>(repeating: 0), SIMD4<Double>(repeating: 0))
    for i in 0..<4 {
      x[i] = -target[2 * i * stride + j]
      y[i] = -target[(2 * i + 1) * stride + j]
    }
    for pair in 0..<pairCount {
      let (a, b) = particles(of: pair)
      let phi = Double(answers[pair * panelWidth + j])
      let wayX = phi * ways[2 * pair * stride + j]
      let wayY = phi * ways[(2 * pair + 1) * stride + j]
      x[a] += wayX
      x[b] -= wayX
      y[a] += wayY
      y[b] -= wayY
    }
    for i in 0..<4 { sum += x[i] * x[i] + y[i] * y[i] }
    for pair in 0..<pairCount {
      let (a, b) = particles(of: pair)
      let wayX = ways[2 * pair * stride + j]
      let wayY = ways[(2 * pair + 1) * stride + j]
      let change = (x[a] - x[b]) * wayX + (y[a] - y[b]) * wayY
      answers[pair * panelWidth + j] = 2 * scale * Float(change)
    }
  }
  return sum
}

/// From ∂L/∂φ back to the weights.
private func reversePairs(
  _ tape: PairTape, turned: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>
) {
  let (pairs, network) = (tape.pairs, tape.pairs.network)
  let panels = tape.blocks * pairCount
  var offset = pairs.parameters
  var layer = network.layers - 1
  while layer >= 0 {
    offset -= pairs.size(layer)
    let (inputs, outputs) = (pairs.inputs(layer), network.widths[layer + 1])
    let (given, back) = (tape.inputs(of: layer), vectors(tape.derivatives(of: layer)))
    addOuterProduct(
      back, outputs: outputs, vectors(given), inputs: inputs, panels: panels, gradient + offset)
    if layer > 0 {
      let transposed = MatrixView(
        values: turned + offset, rowStride: outputs, columnStride: 1)
      let derivatives = vectors(tape.derivatives(of: layer - 1))
      if pairs.mixes(layer) {
        multiply(
          transposed, bias: nil, rows: inputs, depth: outputs, back, panels: panels,
          finish: Unchanged(values: vectors(tape.behind)))
        pairs.unmix(
          vectors(tape.behind), derivatives: derivatives, width: network.widths[layer],
          blocks: tape.blocks)
      } else {
        multiply(
          transposed, bias: nil, rows: inputs, depth: outputs, back, panels: panels,
          finish: ChainRule(derivatives: derivatives))
      }
    }
    layer -= 1
  }
}

/// Writes every layer's matrix turned, [in, out] row after row, where the matrix itself lies.
func transposePairs(_ pairs: PairNetwork, _ turned: UnsafeMutablePointer<Float>) {
  var offset = 0
  for layer in 0..<pairs.network.layers {
    let (inputs, outputs) = (pairs.inputs(layer), pairs.network.widths[layer + 1])
    let (source, target) = (pairs.network.weights + offset, turned + offset)
    for o in 0..<outputs {
      for i in 0..<inputs { target[i * outputs + o] = source[o * inputs + i] }
    }
    offset += pairs.size(layer)
  }
}
