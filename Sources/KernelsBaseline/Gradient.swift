/// What the forward pass leaves for the reverse pass, in one piece of memory of `panels` groups, a value
/// with the tangents that are carried beside it: the inputs, then for every hidden layer its values a, ȧ
/// and what the chain rule needs of it, f′(z) behind the value and f″(z)·ż behind each tangent, then the
/// network's outputs or their cotangents.
struct GradientTape {
  let network: Network
  let panels: Int
  /// The panels of a group: 1 where no tangents are carried.
  var group = 1
  let memory: UnsafeMutablePointer<Float>

  private var groupRow: Int { panels * group * panelWidth }

  /// The number of rows of a panel that the tape keeps.
  private var rows: Int {
    var sum = network.widths[0] + network.widths[network.layers]
    for layer in 1..<network.layers { sum += 2 * network.widths[layer] }
    return sum
  }

  /// The memory behind the tape: for a wide layer's turned inputs, or eight rows between two passes.
  var behind: UnsafeMutablePointer<Float> { memory + rows * groupRow }

  /// The inputs of a layer: the points, or the values of the hidden layer before it.
  func inputs(of layer: Int) -> UnsafeMutablePointer<Float> {
    var result = memory
    for before in 0..<layer {
      result += (before == 0 ? 1 : 2) * network.widths[before] * groupRow
    }
    return result
  }

  /// What hidden layer `layer`, counted from 1, keeps for the chain rule; later ∂L/∂z, ∂L/∂ż there. For
  /// the last layer, whose activation is the identity, its values.
  func cotangents(of layer: Int) -> UnsafeMutablePointer<Float> {
    let values = inputs(of: layer)
    return layer == network.layers ? values : values + network.widths[layer] * groupRow
  }

  /// Adds what a layer's inputs and ∂L/∂z behind it say of its weights, which begin at `gradient`.
  func addWeightGradient(of layer: Int, to gradient: UnsafeMutablePointer<Float>) {
    let (depth, rows) = (network.widths[layer], network.widths[layer + 1])
    let (given, back) = (inputs(of: layer), cotangents(of: layer + 1))
    if depth >= panelWidth && rows >= 8 {
      addPackedOuterProduct(
        back, outputs: rows, given, inputs: depth, panels: panels * group, group: group, gradient,
        packed: behind)
    } else {
      addOuterProduct(
        vectors(back), outputs: rows, vectors(given), inputs: depth, panels: panels * group,
        group: group, gradient)
    }
  }
}

/// Adds scale · ∂(Σ|v − target|²)/∂weights over the points of `range` to `gradient`, at most
/// `panels` panels at a time, and returns their Σ|v − target|².
///
/// With `turned` weights (those of `transpose`) wide layers go the way that is best for them. Where it
/// `isTangent`, only the part counts that is at right angles to the first coordinates of a point.
func squaredErrorGradient(
  _ network: Network, turned: UnsafePointer<Float>?, _ points: Points, _ range: Range<Int>,
  target: UnsafePointer<Double>, isTangent: Bool, scale: Float,
  _ gradient: UnsafeMutablePointer<Float>,
  panels: Int, _ scratch: UnsafeMutablePointer<Float>
) -> Double {
  let rows = network.outputs
  var total = 0.0
  var first = range.lowerBound
  while first < range.upperBound {
    let length = min(panels * panelWidth, range.upperBound - first)
    let used = (length + panelWidth - 1) / panelWidth
    let tape = GradientTape(network: network, panels: used, memory: scratch)
    points.load(
      first: first, length: length, coordinates: network.coordinates, tape.inputs(of: 0))
    recordLayers(tape)
    let output = tape.cotangents(of: network.layers)
    for panel in 0..<used {
      let start = panel * panelWidth
      let normals = tape.inputs(of: 0) + panel * network.features * panelWidth
      total += residual(
        output + panel * rows * panelWidth, target + first + start, isTangent ? normals : nil,
        stride: points.count, rows: rows, width: min(panelWidth, length - start), scale: scale)
    }
    reverseLayers(tape, turned: turned, gradient)
    first += length
  }
  return total
}

/// The forward pass from a layer on, keeping what the reverse pass needs.
func recordLayers(_ tape: GradientTape, from first: Int = 0) {
  let network = tape.network
  var weights = network.weights
  for layer in 0..<first { weights += network.size(layer) }
  for layer in first..<network.layers {
    let (inputs, outputs) = (network.widths[layer], network.widths[layer + 1])
    let matrix = MatrixView(values: weights, rowStride: inputs, columnStride: 1)
    let bias = weights + inputs * outputs
    let source = vectors(tape.inputs(of: layer))
    let values = vectors(tape.inputs(of: layer + 1))
    if layer + 1 < network.layers {
      let derivatives = vectors(tape.cotangents(of: layer + 1))
      multiply(
        matrix, bias: bias, rows: outputs, depth: inputs, source, panels: tape.panels,
        finish: Activate(code: network.activation, values: values, derivatives: derivatives))
    } else {
      multiply(
        matrix, bias: bias, rows: outputs, depth: inputs, source, panels: tape.panels,
        finish: Unchanged(values: values))
    }
    weights += network.size(layer)
  }
}

/// Replaces a panel of outputs v by 2·scale·(v − target), 0 beyond `width`, and returns the sum of
/// |v − target|²; with normals, rows of a panel, by and of its part at right angles to them.
private func residual(
  _ output: UnsafeMutablePointer<Float>, _ target: UnsafePointer<Double>,
  _ normals: UnsafeMutablePointer<Float>?, stride: Int, rows: Int, width: Int, scale: Float
) -> Double {
  var sum = constant(0)
  for i in 0..<rows {
    let row = output + i * panelWidth
    let wanted = target + i * stride
    for j in 0..<width { row[j] -= Float(wanted[j]) }
    for j in width..<panelWidth { row[j] = 0 }
  }
  if let normals { project(vectors(output), vectors(normals), rows: rows) }
  for i in 0..<rows {
    let lanes = vectors(output + i * panelWidth)
    for k in 0..<rowVectors {
      sum = multiplyAdd(lanes[k], lanes[k], sum)
      lanes[k] *= 2 * scale
    }
  }
  return Double(sum.sum())
}

/// Leaves of every column of a panel its part at right angles to a normal of length 1.
private func project(
  _ output: UnsafeMutablePointer<Vector>, _ normals: UnsafePointer<Vector>, rows: Int
) {
  for k in 0..<rowVectors {
    var along = constant(0)
    for i in 0..<rows {
      along = multiplyAdd(output[i * rowVectors + k], normals[i * rowVectors + k], along)
    }
    for i in 0..<rows {
      let part = along * normals[i * rowVectors + k]
      output[i * rowVectors + k] -= part
    }
  }
}

/// From ∂L/∂output back to the weights, layer by layer down to one, adding to the gradient.
func reverseLayers(
  _ tape: GradientTape, turned: UnsafePointer<Float>?, _ gradient: UnsafeMutablePointer<Float>,
  downTo first: Int = 0
) {
  let network = tape.network
  var offset = 0
  for layer in 0..<network.layers { offset += network.size(layer) }
  var layer = network.layers - 1
  while layer >= first {
    offset -= network.size(layer)
    let (inputs, outputs) = (network.widths[layer], network.widths[layer + 1])
    let cotangents = vectors(tape.cotangents(of: layer + 1))
    tape.addWeightGradient(of: layer, to: gradient + offset)
    if layer > 0 {
      let transposed =
        if let turned {
          MatrixView(values: turned + offset, rowStride: outputs, columnStride: 1)
        } else {
          MatrixView(values: network.weights + offset, rowStride: 1, columnStride: inputs)
        }
      multiply(
        transposed, bias: nil, rows: inputs, depth: outputs, cotangents, panels: tape.panels,
        finish: ChainRule(derivatives: vectors(tape.cotangents(of: layer))))
    }
    layer -= 1
  }
}
