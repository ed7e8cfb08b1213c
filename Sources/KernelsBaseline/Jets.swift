/// What is asked of a network with one output, along a direction of each point's own.
struct JetCall {
  /// Directions, a row for every feature, the time's last; nil where the value alone is asked for.
  let directions: UnsafePointer<Double>?
  /// 0 for s, 1 for s and its derivative along the direction, 2 for the second one too.
  let order: Int
  /// ∂L by s, by the first and by the second derivative, one row of n after another; nil where nothing
  /// goes back.
  let cotangents: UnsafePointer<Double>?
  /// s and its derivatives, one row of n after another, which are written.
  let results: UnsafeMutablePointer<Double>
  /// ∂L/∂x, d×n, which is written; nil where it is not asked for.
  let points: UnsafeMutablePointer<Double>?
}

/// Writes s(x, t) and its derivatives along directions, adds ∂L/∂weights to `gradient` where there is one,
/// and writes ∂L/∂x, the directions being constant: reverse mode over Taylor series of second order, at
/// most `panels` groups at a time.
///
/// Forward a = f(z), ȧ = f′ż, ä = f″ż² + f′z̈; back z̈̄ = f′ǟ, ż̄ = f′ǡ + 2f″żǟ and
/// z̄ = f′ā + f″żǡ + (f‴ż² + f″z̈)ǟ, where ǟ is the cotangent of ä.
func jet(
  _ network: Network, _ points: Points, _ call: JetCall,
  _ gradient: UnsafeMutablePointer<Float>?, panels: Int, _ scratch: UnsafeMutablePointer<Float>
) {
  let (coordinates, group) = (network.coordinates, 1 + call.order)
  var first = 0
  while first < points.count {
    let length = min(panels * panelWidth, points.count - first)
    let used = (length + panelWidth - 1) / panelWidth
    let tape = GradientTape(network: network, panels: used, group: group, memory: scratch)
    loadJets(
      points, call, first: first, length: length, features: network.features, tape.inputs(of: 0))
    for layer in 0..<network.layers - 1 {
      if call.order == 2 { recordJet(tape, layer: layer) } else { record(tape, layer: layer) }
    }
    finish(tape, points.count, call, first: first, length: length)
    if call.cotangents != nil {
      reverse(tape, gradient, hasSecond: call.order == 2)
      if let result = call.points {
        let features = tape.inputs(of: 0)
        for i in 0..<coordinates {
          for j in 0..<length {
            let row = features + ((j / panelWidth) * network.features + i) * panelWidth
            result[i * points.count + first + j] = Double(row[j % panelWidth])
          }
        }
      }
    }
    first += length
  }
}

/// Writes features as panels, behind each its direction and 0 for the second derivative.
private func loadJets(
  _ points: Points, _ call: JetCall, first: Int, length: Int, features: Int,
  _ panels: UnsafeMutablePointer<Float>
) {
  let size = features * panelWidth
  var start = 0
  var panel = panels
  while start < length {
    let width = min(panelWidth, length - start)
    points.load(first: first + start, length: width, coordinates: features - 1, panel)
    panel += size
    for k in 0..<call.order * size { panel[k] = 0 }
    if let directions = call.directions, call.order > 0 {
      for i in 0..<features {
        let row = directions + i * points.count + first + start
        for j in 0..<width { panel[i * panelWidth + j] = Float(row[j]) }
      }
    }
    panel += call.order * size
    start += width
  }
}

/// The last layer, whose results are written and whose cotangents take their place.
private func finish(_ tape: GradientTape, _ count: Int, _ call: JetCall, first: Int, length: Int) {
  let network = tape.network
  let layer = network.layers - 1
  var weights = network.weights
  for before in 0..<layer { weights += network.size(before) }
  let depth = network.widths[layer]
  let (source, output) = (tape.inputs(of: layer), tape.inputs(of: network.layers))
  for panel in 0..<tape.panels {
    let start = panel * panelWidth
    let width = min(panelWidth, length - start)
    for kind in 0...call.order {
      let place = panel * tape.group + kind
      let row = output + place * panelWidth
      multiply(
        MatrixView(values: weights, rowStride: depth, columnStride: 1),
        bias: kind == 0 ? UnsafePointer(weights + depth) : nil, rows: 1, depth: depth,
        vectors(source + place * depth * panelWidth), panels: 1,
        finish: Unchanged(values: vectors(row)))
      let shift = kind * count + first + start
      for j in 0..<width { call.results[shift + j] = Double(row[j]) }
      guard let cotangents = call.cotangents else { continue }
      for j in 0..<width { row[j] = Float(cotangents[shift + j]) }
      for j in width..<panelWidth { row[j] = 0 }
    }
  }
}

/// A hidden layer's values with both derivatives, keeping what the way back needs.
private func recordJet(_ tape: GradientTape, layer: Int) {
  let network = tape.network
  let (depth, rows) = (network.widths[layer], network.widths[layer + 1])
  var weights = network.weights
  for before in 0..<layer { weights += network.size(before) }
  let matrix = MatrixView(values: weights, rowStride: depth, columnStride: 1)
  let source = vectors(tape.inputs(of: layer))
  let values = vectors(tape.inputs(of: layer + 1))
  let kept = vectors(tape.cotangents(of: layer + 1))
  let seconds = vectors(tape.behind)
  let (thirds, rates) = (seconds + 8 * rowVectors, seconds + 16 * rowVectors)
  let step = rows * rowVectors
  var row = 0
  while row < rows {
    let height = min(8, rows - row)
    for panel in 0..<tape.panels {
      let first = panel * 3
      let offset = (first * rows + row) * rowVectors
      let input = source + first * depth * rowVectors
      let activate = ActivateThrice(
        code: network.activation, values: values + offset, derivatives: kept + offset,
        seconds: seconds, thirds: thirds)
      multiplyTile(
        matrix, bias: weights + rows * depth, row: row, height: height, depth: depth, input,
        activate, offset: 0)
      activate.finish(offset: 0, count: height * rowVectors)
      multiplyTile(
        matrix, bias: nil, row: row, height: height, depth: depth, input + depth * rowVectors,
        JetRate(
          values: values + offset + step, mixed: kept + offset + step,
          derivatives: kept + offset, seconds: seconds, rates: rates), offset: 0)
      multiplyTile(
        matrix, bias: nil, row: row, height: height, depth: depth, input + 2 * depth * rowVectors,
        JetCurve(
          values: values + offset + 2 * step, kept: kept + offset + 2 * step,
          derivatives: kept + offset, mixed: kept + offset + step, seconds: seconds,
          thirds: thirds, rates: rates), offset: 0)
    }
    row += height
  }
}

/// Back through the activation of hidden layer `layer`: the second derivatives first, then the first ones,
/// and the values, to which both add.
func chainJet(
  _ tape: GradientTape, layer: Int, _ transposed: MatrixView, _ cotangents: UnsafePointer<Vector>
) {
  let (rows, depth) = (tape.network.widths[layer], tape.network.widths[layer + 1])
  let kept = vectors(tape.cotangents(of: layer))
  let sum = vectors(tape.behind)
  let rateSum = sum + 8 * rowVectors
  let step = rows * rowVectors
  var row = 0
  while row < rows {
    let height = min(8, rows - row)
    for panel in 0..<tape.panels {
      let offset = (panel * 3 * rows + row) * rowVectors
      let source = cotangents + panel * 3 * depth * rowVectors
      multiplyTile(
        transposed, bias: nil, row: row, height: height, depth: depth,
        source + 2 * depth * rowVectors,
        CurveChainRule(
          kept: kept + offset + 2 * step, mixed: kept + offset + step, derivatives: kept + offset,
          sum: sum, rateSum: rateSum), offset: 0)
      multiplyTile(
        transposed, bias: nil, row: row, height: height, depth: depth,
        source + depth * rowVectors,
        RateChainRule(
          mixed: kept + offset + step, derivatives: kept + offset, sum: sum, rateSum: rateSum),
        offset: 0)
      multiplyTile(
        transposed, bias: nil, row: row, height: height, depth: depth, source,
        ValueChainRule(derivatives: kept + offset, sum: sum), offset: 0)
    }
    row += height
  }
}

/// f′ż, and f″ż for the way back; ż itself for the second derivative.
private struct JetRate: TileFinish {
  let values, mixed: UnsafeMutablePointer<Vector>
  let derivatives, seconds: UnsafePointer<Vector>
  let rates: UnsafeMutablePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) {
    values[index] = value * derivatives[index]
    mixed[index] = value * seconds[index]
    rates[index] = value
  }
  @inline(__always) func finish(offset: Int, count: Int) {}
}

/// f″ż² + f′z̈, and f‴ż² + f″z̈ for the way back.
private struct JetCurve: TileFinish {
  let values, kept: UnsafeMutablePointer<Vector>
  let derivatives, mixed, seconds, thirds, rates: UnsafePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) {
    let rate = rates[index]
    values[index] = multiplyAdd(mixed[index], rate, value * derivatives[index])
    kept[index] = multiplyAdd(thirds[index] * rate, rate, value * seconds[index])
  }
  @inline(__always) func finish(offset: Int, count: Int) {}
}

/// Back through a second derivative's activation; what it adds to the others' begins their sums.
private struct CurveChainRule: TileFinish {
  let kept: UnsafeMutablePointer<Vector>
  let mixed, derivatives: UnsafePointer<Vector>
  let sum, rateSum: UnsafeMutablePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) {
    sum[index] = kept[index] * value
    rateSum[index] = constant(2) * mixed[index] * value
    kept[index] = derivatives[index] * value
  }
  @inline(__always) func finish(offset: Int, count: Int) {}
}

/// Back through a first derivative's activation.
private struct RateChainRule: TileFinish {
  let mixed: UnsafeMutablePointer<Vector>
  let derivatives: UnsafePointer<Vector>
  let sum: UnsafeMutablePointer<Vector>
  let rateSum: UnsafePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) {
    sum[index] = multiplyAdd(mixed[index], value, sum[index])
    mixed[index] = multiplyAdd(derivatives[index], value, rateSum[index])
  }
  @inline(__always) func finish(offset: Int, count: Int) {}
}
