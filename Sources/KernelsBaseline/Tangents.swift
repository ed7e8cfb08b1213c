/// What the network is differentiated along, and where its results go.
struct Tangents {
  /// ε, d×n as the points; nil for the coordinate axes, whose tangents give the whole trace.
  let probes: UnsafePointer<Double>?
  /// c, a number for each output and point; nil where there are no probes.
  let covectors: UnsafePointer<Double>?
  /// v, a row for each output.
  let velocity: UnsafeMutablePointer<Double>
  /// tr(∂v/∂x), or cᵀ(∂v/∂x)ε, of every point; nil where the derivative itself is asked for.
  let divergence: UnsafeMutablePointer<Double>?
  /// The derivative along `probes`, which then have a row for the time too; a row for each output.
  let change: UnsafeMutablePointer<Double>?

  init(
    probes: UnsafePointer<Double>?, covectors: UnsafePointer<Double>?,
    velocity: UnsafeMutablePointer<Double>, divergence: UnsafeMutablePointer<Double>
  ) {
    (self.probes, self.covectors) = (probes, covectors)
    (self.velocity, self.divergence, change) = (velocity, divergence, nil)
  }

  init(
    directions: UnsafePointer<Double>, velocity: UnsafeMutablePointer<Double>,
    change: UnsafeMutablePointer<Double>
  ) {
    (probes, covectors, divergence) = (directions, nil, nil)
    (self.velocity, self.change) = (velocity, change)
  }

  /// The number of tangents that go along with the value.
  func count(coordinates: Int) -> Int { probes == nil ? coordinates : 1 }
}

/// Writes the network's output and its divergence for every point, at most `panels` at a time.
///
/// The tangents go through the layers together with the value, each as a panel of its own behind
/// it: ẏ = f′(z)·Wẋ. `scratch` holds two buffers of that many panels and their tangents at the
/// greatest width, and eight rows.
func forwardTangents(
  _ network: Network, _ points: Points, _ tangents: Tangents, panels: Int,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let group = 1 + tangents.count(coordinates: network.coordinates)
  let half = panels * group * network.maximumWidth * panelWidth
  var first = 0
  while first < points.count {
    let length = min(panels * panelWidth, points.count - first)
    let used = (length + panelWidth - 1) / panelWidth
    var (source, target) = (scratch, scratch + half)
    loadTangents(
      points, probes: tangents.probes, count: group - 1, first: first, length: length,
      coordinates: network.coordinates,
      probeRows: tangents.change == nil ? network.coordinates : network.features, source)
    var weights = network.weights
    for layer in 0..<network.layers {
      let (inputs, outputs) = (network.widths[layer], network.widths[layer + 1])
      let matrix = MatrixView(values: weights, rowStride: inputs, columnStride: 1)
      propagate(
        matrix, bias: weights + inputs * outputs, rows: outputs, depth: inputs, vectors(source),
        vectors(target), panels: used, group: group,
        activation: layer + 1 < network.layers ? network.activation : nil,
        derivatives: vectors(scratch + 2 * half))
      swap(&source, &target)
      weights += network.size(layer)
    }
    store(
      source, points, tangents, first: first, length: length, rows: network.outputs, group: group)
    first += length
  }
}

/// A layer's values and tangents: eight rows of W go over both before the next eight do.
@inline(__always)
func propagate(
  _ w: MatrixView, bias: UnsafePointer<Float>, rows: Int, depth: Int,
  _ x: UnsafePointer<Vector>, _ y: UnsafeMutablePointer<Vector>, panels: Int, group: Int,
  activation: Int?, derivatives: UnsafeMutablePointer<Vector>
) {
  var row = 0
  while row < rows {
    let height = min(8, rows - row)
    for panel in 0..<panels * group {
      let source = x + panel * depth * rowVectors
      let offset = (panel * rows + row) * rowVectors
      let isValue = panel % group == 0
      guard let activation else {
        multiplyTile(
          w, bias: isValue ? bias : nil, row: row, height: height, depth: depth, source,
          Unchanged(values: y), offset: offset)
        continue
      }
      if isValue {
        let activate = Activate(code: activation, values: y + offset, derivatives: derivatives)
        multiplyTile(
          w, bias: bias, row: row, height: height, depth: depth, source, activate, offset: 0)
        activate.finish(offset: 0, count: height * rowVectors)
      } else {
        multiplyTile(
          w, bias: nil, row: row, height: height, depth: depth, source,
          Tangent(values: y + offset, derivatives: derivatives), offset: 0)
      }
    }
    row += height
  }
}

/// Writes the features of points `first..<first + length` as panels, each followed by
/// its `count` tangents: the axes, or the probe, which may have a row for the time.
func loadTangents(
  _ points: Points, probes: UnsafePointer<Double>?, count: Int, first: Int, length: Int,
  coordinates: Int, probeRows: Int, _ panels: UnsafeMutablePointer<Float>
) {
  let size = (coordinates + 1) * panelWidth
  var start = 0
  var panel = panels
  while start < length {
    let width = min(panelWidth, length - start)
    points.load(first: first + start, length: width, coordinates: coordinates, panel)
    panel += size
    for tangent in 0..<count {
      for k in 0..<size { panel[k] = 0 }
      if let probes {
        for i in 0..<probeRows {
          let row = probes + i * points.count + first + start
          for j in 0..<width { panel[i * panelWidth + j] = Float(row[j]) }
        }
      } else {
        for j in 0..<panelWidth { panel[tangent * panelWidth + j] = 1 }
      }
      panel += size
    }
    start += width
  }
}

/// Takes velocities and divergences from the panels that the last layer has left.
private func store(
  _ panels: UnsafePointer<Float>, _ points: Points, _ tangents: Tangents, first: Int, length: Int,
  rows: Int, group: Int
) {
  let size = rows * panelWidth
  var start = 0
  var value = panels
  while start < length {
    let width = min(panelWidth, length - start)
    var divergence = tangents.velocity
    if let sum = tangents.divergence {
      divergence = sum + first + start
      for j in 0..<width { divergence[j] = 0 }
    }
    for i in 0..<rows {
      let shift = i * points.count + first + start
      let row = value + i * panelWidth
      let result = tangents.velocity + shift
      for j in 0..<width { result[j] = Double(row[j]) }
      if let change = tangents.change {
        for j in 0..<width { change[shift + j] = Double(row[size + j]) }
      } else if let covectors = tangents.covectors {
        for j in 0..<width { divergence[j] += covectors[shift + j] * Double(row[size + j]) }
      } else {
        let diagonal = row + (1 + i) * size
        for j in 0..<width { divergence[j] += Double(diagonal[j]) }
      }
    }
    value += group * size
    start += width
  }
}
