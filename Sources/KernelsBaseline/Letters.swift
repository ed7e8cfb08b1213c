import CKernels

/// The first layer of a network of letters, which is gathered and never multiplied: the input that is 1
/// for a letter picks a row of the turned matrix.
///
/// Turned, the layer has a row for every input and one for the bias, each of whole panels' rows.
struct FirstLayer {
  let inputs, outputs: Int
  /// The floats of a turned row.
  let stride: Int

  init(_ network: Network) {
    inputs = network.widths[0]
    outputs = network.widths[1]
    stride = (outputs + panelWidth - 1) / panelWidth * panelWidth
  }

  /// Floats of the turned layer.
  var size: Int { (inputs + 1) * stride }

  /// Writes the layer turned, 0 beyond its outputs.
  func turn(_ weights: UnsafePointer<Float>, _ turned: UnsafeMutablePointer<Float>) {
    for i in 0...inputs {
      for o in outputs..<stride { turned[i * stride + o] = 0 }
    }
    for o in 0..<outputs { turned[inputs * stride + o] = weights[inputs * outputs + o] }
    var row = 0
    while row < outputs {
      let last = min(row + panelWidth, outputs)
      for i in 0..<inputs {
        for o in row..<last { turned[i * stride + o] = weights[o * inputs + i] }
      }
      row += panelWidth
    }
  }

  /// Adds a gradient of the turned layer to that of the layer.
  func add(_ turned: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>) {
    var row = 0
    while row < outputs {
      let last = min(row + panelWidth, outputs)
      for o in row..<last {
        for i in 0..<inputs { gradient[o * inputs + i] += turned[i * stride + o] }
      }
      row += panelWidth
    }
    for o in 0..<outputs { gradient[inputs * outputs + o] += turned[inputs * stride + o] }
  }

  /// Writes a panel of the layer's sums for `width` sequences from `first` on, 0 beyond them; `room`
  /// holds two squares of a panel.
  func gather(
    _ x: letters_t, first: Int, width: Int, _ turned: UnsafeMutablePointer<Float>,
    _ panel: UnsafeMutablePointer<Float>, room: UnsafeMutablePointer<Float>
  ) {
    let spare = room + panelWidth * panelWidth
    var block = 0
    while block < outputs {
      for j in 0..<panelWidth {
        let sum = vectors(room + j * panelWidth)
        guard j < width else {
          for k in 0..<rowVectors { sum[k] = constant(0) }
          continue
        }
        sumRows(x, first + j, turned + block, sum)
      }
      let height = min(panelWidth, outputs - block)
      if height == panelWidth {
        turnPanel(room, rows: panelWidth, panel + block * panelWidth)
      } else {
        turnPanel(room, rows: panelWidth, spare)
        (panel + block * panelWidth).update(from: spare, count: height * panelWidth)
      }
      block += panelWidth
    }
  }

  /// The rows that a sequence picks, and those of the numbers behind the letters, as often as they say.
  @inline(__always)
  private func sumRows(
    _ x: letters_t, _ j: Int, _ turned: UnsafeMutablePointer<Float>,
    _ sum: UnsafeMutablePointer<Vector>
  ) {
    let bias = vectors(turned + inputs * stride)
    for k in 0..<rowVectors { sum[k] = bias[k] }
    for i in 0..<x.positions {
      let letter = Int(x.values[i * x.count + j])
      let row = vectors(turned + (i * x.states + letter) * stride)
      for k in 0..<rowVectors { sum[k] += row[k] }
    }
    let letters = x.positions * x.states
    for i in letters..<inputs {
      let factor = constant(x.others[(i - letters) * x.count + j])
      let row = vectors(turned + i * stride)
      for k in 0..<rowVectors { sum[k] = multiplyAdd(factor, row[k], sum[k]) }
    }
  }

  /// Adds what a panel of ∂L/∂sum says of the layer to a gradient of the turned layer.
  func scatter(
    _ z: UnsafePointer<Float>, _ x: letters_t, first: Int, width: Int,
    _ turned: UnsafeMutablePointer<Float>, room: UnsafeMutablePointer<Float>
  ) {
    var block = 0
    while block < outputs {
      let height = min(panelWidth, outputs - block)
      turnPanel(z + block * panelWidth, rows: height, room)
      for j in 0..<width {
        addRows(x, first + j, vectors(room + j * panelWidth), turned + block)
      }
      block += panelWidth
    }
  }

  @inline(__always)
  private func addRows(
    _ x: letters_t, _ j: Int, _ pull: UnsafeMutablePointer<Vector>,
    _ turned: UnsafeMutablePointer<Float>
  ) {
    let bias = vectors(turned + inputs * stride)
    for k in 0..<rowVectors { bias[k] += pull[k] }
    for i in 0..<x.positions {
      let letter = Int(x.values[i * x.count + j])
      let row = vectors(turned + (i * x.states + letter) * stride)
      for k in 0..<rowVectors { row[k] += pull[k] }
    }
    let letters = x.positions * x.states
    for i in letters..<inputs {
      let factor = constant(x.others[(i - letters) * x.count + j])
      let row = vectors(turned + i * stride)
      for k in 0..<rowVectors { row[k] = multiplyAdd(factor, pull[k], row[k]) }
    }
  }
}

/// Writes the logits of every sequence, row after row, at most `panels` panels at a time.
///
/// `scratch` holds the turned first layer, two buffers of that many panels at the greatest width but
/// the inputs', and two squares of a panel.
func letterLogits(
  _ network: Network, _ x: letters_t, _ logits: UnsafeMutablePointer<Float>, panels: Int,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let layer = FirstLayer(network)
  layer.turn(network.weights, scratch)
  var greatest = 0
  for k in 1...network.layers { greatest = max(greatest, network.widths[k]) }
  let buffers = scratch + layer.size
  let half = panels * greatest * panelWidth
  let room = buffers + 2 * half
  var first = 0
  while first < x.count {
    let length = min(panels * panelWidth, x.count - first)
    let used = (length + panelWidth - 1) / panelWidth
    var (source, target) = (buffers, buffers + half)
    for panel in 0..<used {
      let start = panel * panelWidth
      layer.gather(
        x, first: first + start, width: min(panelWidth, length - start), scratch,
        source + start * layer.outputs, room: room)
    }
    Activate(code: network.activation, values: vectors(source), derivatives: nil)
      .finish(offset: 0, count: used * layer.outputs * rowVectors)
    network.carry(from: 1, &source, &target, panels: used)
    writeRows(source, network.outputs, first: first, length: length, logits, room: room)
    first += length
  }
}

/// Panels of so many rows as a row of numbers for each sequence.
private func writeRows(
  _ source: UnsafePointer<Float>, _ rows: Int, first: Int, length: Int,
  _ logits: UnsafeMutablePointer<Float>, room: UnsafeMutablePointer<Float>
) {
  var start = 0
  while start < length {
    let width = min(panelWidth, length - start)
    var block = 0
    while block < rows {
      let height = min(panelWidth, rows - block)
      turnPanel(source + (start * rows + block * panelWidth), rows: height, room)
      for j in 0..<width {
        (logits + (first + start + j) * rows + block)
          .update(from: room + j * panelWidth, count: height)
      }
      block += panelWidth
    }
    start += panelWidth
  }
}
