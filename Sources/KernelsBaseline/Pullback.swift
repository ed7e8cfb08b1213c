/// The derivatives of some L by a call's results, and where those by its points go.
struct Cotangents {
  /// ∂L/∂v, d×n.
  let velocity: UnsafePointer<Double>
  /// ∂L/∂(divergence) of every point; nil where L does not depend on it, and no tangent is carried.
  let divergence: UnsafePointer<Double>?
  /// ε, d×n; nil for the coordinate axes, as in `Tangents`.
  let probes: UnsafePointer<Double>?
  /// ∂L/∂x, d×n, which is written.
  let points: UnsafeMutablePointer<Double>

  /// The panels that belong together: a value and its tangents.
  func group(coordinates: Int) -> Int {
    divergence == nil ? 1 : 1 + (probes == nil ? coordinates : 1)
  }
}

/// Adds ∂L/∂weights to `gradient` and writes ∂L/∂x, given ∂L/∂v and ∂L/∂(divergence), at most
/// `panels` groups at a time: reverse mode over forward mode.
///
/// z̄ = f′(z)ā + f″(z)Σ ż_i ǡ_i and ż̄_i = f′(z)ǡ_i, where ā and ǡ_i are the cotangents of a and ȧ_i;
/// W̄ += z̄aᵀ + Σ ż̄_i ȧ_iᵀ. The values are computed anew: that is cheaper than to keep them.
func pullBack(
  _ network: Network, _ points: Points, _ cotangents: Cotangents,
  _ gradient: UnsafeMutablePointer<Float>, panels: Int, _ scratch: UnsafeMutablePointer<Float>
) {
  let coordinates = network.coordinates
  let group = cotangents.group(coordinates: coordinates)
  var first = 0
  while first < points.count {
    let length = min(panels * panelWidth, points.count - first)
    let used = (length + panelWidth - 1) / panelWidth
    let tape = GradientTape(network: network, panels: used, group: group, memory: scratch)
    loadTangents(
      points, probes: cotangents.probes, count: group - 1, first: first, length: length,
      coordinates: coordinates, probeRows: coordinates, tape.inputs(of: 0))
    for layer in 0..<network.layers - 1 { record(tape, layer: layer) }
    load(
      cotangents, count: points.count, first: first, length: length, rows: network.outputs,
      group: group, tape.cotangents(of: network.layers))
    reverse(tape, gradient)
    let features = tape.inputs(of: 0)
    for i in 0..<coordinates {
      let result = cotangents.points + i * points.count + first
      for j in 0..<length {
        let row = features + ((j / panelWidth) * network.features + i) * panelWidth
        result[j] = Double(row[j % panelWidth])
      }
    }
    first += length
  }
}

/// A hidden layer's values and tangents, keeping what the way back needs.
func record(_ tape: GradientTape, layer: Int) {
  let (network, group) = (tape.network, tape.group)
  let (depth, rows) = (network.widths[layer], network.widths[layer + 1])
  var weights = network.weights
  for before in 0..<layer { weights += network.size(before) }
  let matrix = MatrixView(values: weights, rowStride: depth, columnStride: 1)
  let bias = weights + rows * depth
  let source = vectors(tape.inputs(of: layer))
  let (values, kept) = (
    vectors(tape.inputs(of: layer + 1)), vectors(tape.cotangents(of: layer + 1))
  )
  if group == 1 {
    multiply(
      matrix, bias: bias, rows: rows, depth: depth, source, panels: tape.panels,
      finish: Activate(code: network.activation, values: values, derivatives: kept))
    return
  }
  let seconds = vectors(tape.behind)
  var row = 0
  while row < rows {
    let height = min(8, rows - row)
    for panel in 0..<tape.panels {
      let first = panel * group
      let offset = (first * rows + row) * rowVectors
      let activate = ActivateTwice(
        code: network.activation, values: values + offset, derivatives: kept + offset,
        seconds: seconds)
      multiplyTile(
        matrix, bias: bias, row: row, height: height, depth: depth,
        source + first * depth * rowVectors, activate, offset: 0)
      activate.finish(offset: 0, count: height * rowVectors)
      for tangent in 1..<group {
        let shift = offset + tangent * rows * rowVectors
        multiplyTile(
          matrix, bias: nil, row: row, height: height, depth: depth,
          source + (first + tangent) * depth * rowVectors,
          TangentTwice(
            values: values + shift, mixed: kept + shift, derivatives: kept + offset,
            seconds: seconds), offset: 0)
      }
    }
    row += height
  }
}

/// Writes the outputs' cotangents: ∂L/∂v, then for tangent i ∂L/∂(divergence) in row i, or for a
/// probe ε·∂L/∂(divergence); 0 beyond the points.
private func load(
  _ cotangents: Cotangents, count: Int, first: Int, length: Int, rows: Int, group: Int,
  _ panels: UnsafeMutablePointer<Float>
) {
  let size = rows * panelWidth
  var start = 0
  var panel = panels
  while start < length {
    let width = min(panelWidth, length - start)
    for k in 0..<group * size { panel[k] = 0 }
    for i in 0..<rows {
      let shift = i * count + first + start
      let row = panel + i * panelWidth
      for j in 0..<width { row[j] = Float(cotangents.velocity[shift + j]) }
      guard let divergence = cotangents.divergence else { continue }
      if let probes = cotangents.probes {
        for j in 0..<width {
          row[size + j] = Float(probes[shift + j] * divergence[first + start + j])
        }
      } else {
        let diagonal = row + (1 + i) * size
        for j in 0..<width { diagonal[j] = Float(divergence[first + start + j]) }
      }
    }
    panel += group * size
    start += width
  }
}

/// From the outputs' cotangents back to the weights, unless they are not asked for, layer by layer, and to
/// the points, whose cotangents take the inputs' place, a panel for each group.
///
/// The second tangent of a group of jets is the second derivative, see `jet`.
func reverse(
  _ tape: GradientTape, _ gradient: UnsafeMutablePointer<Float>?, hasSecond: Bool = false
) {
  let (network, group) = (tape.network, tape.group)
  var offset = 0
  for layer in 0..<network.layers { offset += network.size(layer) }
  var layer = network.layers - 1
  while layer >= 0 {
    offset -= network.size(layer)
    let (inputs, outputs) = (network.widths[layer], network.widths[layer + 1])
    let cotangents = tape.cotangents(of: layer + 1)
    if let gradient { tape.addWeightGradient(of: layer, to: gradient + offset) }
    let transposed = MatrixView(
      values: network.weights + offset, rowStride: 1, columnStride: inputs)
    if layer == 0 {
      for panel in 0..<tape.panels {
        multiply(
          transposed, bias: nil, rows: inputs, depth: outputs,
          vectors(cotangents + panel * group * outputs * panelWidth), panels: 1,
          finish: Unchanged(values: vectors(tape.inputs(of: 0) + panel * inputs * panelWidth)))
      }
    } else if group == 1 {
      multiply(
        transposed, bias: nil, rows: inputs, depth: outputs, vectors(cotangents),
        panels: tape.panels, finish: ChainRule(derivatives: vectors(tape.cotangents(of: layer))))
    } else if hasSecond {
      chainJet(tape, layer: layer, transposed, vectors(cotangents))
    } else {
      chain(tape, layer: layer, transposed, vectors(cotangents))
    }
    layer -= 1
  }
}

/// Back through the activation of hidden layer `layer`: the tangents of a group first, whose part
/// of z̄ is summed up for its value.
private func chain(
  _ tape: GradientTape, layer: Int, _ transposed: MatrixView, _ cotangents: UnsafePointer<Vector>
) {
  let (rows, depth) = (tape.network.widths[layer], tape.network.widths[layer + 1])
  let kept = vectors(tape.cotangents(of: layer))
  let sum = vectors(tape.behind)
  var row = 0
  while row < rows {
    let height = min(8, rows - row)
    for panel in 0..<tape.panels {
      let first = panel * tape.group
      let offset = (first * rows + row) * rowVectors
      for k in 0..<height * rowVectors { sum[k] = constant(0) }
      for tangent in 1..<tape.group {
        multiplyTile(
          transposed, bias: nil, row: row, height: height, depth: depth,
          cotangents + (first + tangent) * depth * rowVectors,
          TangentChainRule(
            mixed: kept + offset + tangent * rows * rowVectors, derivatives: kept + offset,
            sum: sum), offset: 0)
      }
      multiplyTile(
        transposed, bias: nil, row: row, height: height, depth: depth,
        cotangents + first * depth * rowVectors,
        ValueChainRule(derivatives: kept + offset, sum: sum), offset: 0)
    }
    row += height
  }
}
