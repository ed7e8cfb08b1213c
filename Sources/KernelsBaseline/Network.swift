/// A network's shape and weights, as raw memory.
struct Network {
  let widths: UnsafePointer<Int>
  let layers: Int
  let activation: Int
  let weights: UnsafePointer<Float>

  /// The rows of the features, which the first layer reads: a point's coordinates and behind them its
  /// time.
  @inline(__always)
  var features: Int { widths[0] }

  /// The features that are coordinates.
  @inline(__always)
  var coordinates: Int { features - 1 }

  /// The rows that the last layer writes.
  @inline(__always)
  var outputs: Int { widths[layers] }

  /// The number of weights and biases of a layer.
  @inline(__always)
  func size(_ layer: Int) -> Int { (widths[layer] + 1) * widths[layer + 1] }

  /// The widest row count of the network's panels.
  var maximumWidth: Int {
    var width = 0
    for layer in 0...layers { width = max(width, widths[layer]) }
    return width
  }
}

extension Network {
  /// Carries panels through the layers from `first` on; `source` then holds those of the last one.
  @inline(__always)
  func carry(
    from first: Int, _ source: inout UnsafeMutablePointer<Float>,
    _ target: inout UnsafeMutablePointer<Float>, panels: Int
  ) {
    var weights = weights
    for layer in 0..<first { weights += size(layer) }
    for layer in first..<layers {
      let (inputs, outputs) = (widths[layer], widths[layer + 1])
      let matrix = MatrixView(values: weights, rowStride: inputs, columnStride: 1)
      let bias = weights + inputs * outputs
      if layer + 1 < layers {
        multiply(
          matrix, bias: bias, rows: outputs, depth: inputs, vectors(source), panels: panels,
          finish: Activate(code: activation, values: vectors(target), derivatives: nil))
      } else {
        multiply(
          matrix, bias: bias, rows: outputs, depth: inputs, vectors(source), panels: panels,
          finish: Unchanged(values: vectors(target)))
      }
      swap(&source, &target)
      weights += size(layer)
    }
  }
}

/// The points of a call: d×n Doubles and their times.
struct Points {
  let values: UnsafePointer<Double>
  let times: UnsafePointer<Double>
  let timeStride: Int
  let count: Int

  /// Writes the features of points `first..<first + length` as panels: so many rows of coordinates and
  /// a row of times, 0 beyond the points.
  func load(first: Int, length: Int, coordinates: Int, _ panels: UnsafeMutablePointer<Float>) {
    var start = 0
    var panel = panels
    while start < length {
      let width = min(panelWidth, length - start)
      for i in 0...coordinates {
        let row = panel + i * panelWidth
        if i < coordinates {
          let source = values + i * count + first + start
          for j in 0..<width { row[j] = Float(source[j]) }
        } else if timeStride == 0 {
          let time = Float(times[0])
          for j in 0..<width { row[j] = time }
        } else {
          let source = times + first + start
          for j in 0..<width { row[j] = Float(source[j]) }
        }
        for j in width..<panelWidth { row[j] = 0 }
      }
      panel += (coordinates + 1) * panelWidth
      start += panelWidth
    }
  }
}

@inline(__always)
func vectors(_ memory: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Vector> {
  UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Vector.self)
}

/// Writes the network's output for every point, at most `panels` panels at a time.
///
/// `scratch` holds two buffers of that many panels at the greatest width.
func forward(
  _ network: Network, _ points: Points, _ velocity: UnsafeMutablePointer<Double>, panels: Int,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let rows = network.outputs
  let half = panels * network.maximumWidth * panelWidth
  var first = 0
  while first < points.count {
    let length = min(panels * panelWidth, points.count - first)
    let used = (length + panelWidth - 1) / panelWidth
    var (source, target) = (scratch, scratch + half)
    points.load(first: first, length: length, coordinates: network.coordinates, source)
    network.carry(from: 0, &source, &target, panels: used)
    for panel in 0..<used {
      let start = panel * panelWidth
      let width = min(panelWidth, length - start)
      for i in 0..<rows {
        let row = source + (panel * rows + i) * panelWidth
        let result = velocity + i * points.count + first + start
        for j in 0..<width { result[j] = Double(row[j]) }
      }
    }
    first += length
  }
}
