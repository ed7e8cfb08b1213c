import CKernels

/// Vectors of a row of a panel of 32 points.
private let rowLanes = panelWidth / 8

/// Writes the network's output for every point with every sum and function in Double and, unless
/// `divergence` is nil, the trace of its derivative, or cᵀ(∂v/∂x)ε for `probes` ε (d×n) and `covectors` c, a
/// row for each output.
///
/// The tangents go with the values as in `forwardTangents`. `scratch` holds two panels at the greatest
/// width for the value and for each tangent.
func forwardInDouble(
  _ network: Network, _ points: Points, probes: UnsafePointer<Double>?,
  covectors: UnsafePointer<Double>?, velocity: Doubles, divergence: Doubles?, _ scratch: Doubles
) {
  let (coordinates, rows) = (network.coordinates, network.outputs)
  let group = divergence == nil ? 1 : probes == nil ? 1 + coordinates : 2
  let size = network.maximumWidth * panelWidth
  var first = 0
  while first < points.count {
    let width = min(panelWidth, points.count - first)
    var (source, target) = (scratch, scratch + group * size)
    load(points, probes, first, width, coordinates, group, size, source)
    var weights = network.weights
    for layer in 0..<network.layers {
      let (inputs, outputs) = (network.widths[layer], network.widths[layer + 1])
      propagate(
        weights, inputs: inputs, outputs: outputs, group: group, size: size,
        activation: layer + 1 < network.layers ? network.activation : nil, source, target)
      swap(&source, &target)
      weights += network.size(layer)
    }
    for i in 0..<rows {
      let row = source + i * panelWidth
      let result = velocity + i * points.count + first
      for j in 0..<width { result[j] = row[j] }
    }
    if let divergence {
      let result = divergence + first
      for j in 0..<width { result[j] = 0 }
      for i in 0..<rows {
        let slopes = source + (probes == nil ? 1 + i : 1) * size + i * panelWidth
        if let covectors {
          let row = covectors + i * points.count + first
          for j in 0..<width { result[j] += row[j] * slopes[j] }
        } else {
          for j in 0..<width { result[j] += slopes[j] }
        }
      }
    }
    first += width
  }
}

/// Writes a panel of points, their times, and their tangents: the axes, or the probe.
private func load(
  _ points: Points, _ probes: UnsafePointer<Double>?, _ first: Int, _ width: Int,
  _ coordinates: Int, _ group: Int, _ size: Int, _ panel: Doubles
) {
  for i in 0...coordinates {
    let row = panel + i * panelWidth
    for j in 0..<panelWidth {
      guard j < width else {
        row[j] = 0
        continue
      }
      row[j] =
        i < coordinates
        ? points.values[i * points.count + first + j]
        : points.times[points.timeStride == 0 ? 0 : first + j]
    }
  }
  for tangent in 1..<max(1, group) {
    let panel = panel + tangent * size
    for k in 0..<(coordinates + 1) * panelWidth { panel[k] = 0 }
    if let probes {
      for i in 0..<coordinates {
        let row = probes + i * points.count + first
        for j in 0..<width { panel[i * panelWidth + j] = row[j] }
      }
    } else {
      for j in 0..<panelWidth { panel[(tangent - 1) * panelWidth + j] = 1 }
    }
  }
}

/// One layer of a panel and its tangents.
private func propagate(
  _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, group: Int, size: Int,
  activation: Int?, _ source: Doubles, _ target: Doubles
) {
  for row in 0..<outputs {
    let w = weights + row * inputs
    let place = row * rowLanes
    var z = product(w, inputs, lanes(source), bias: Double(weights[inputs * outputs + row]))
    let values = lanes(target) + place
    guard let activation else {
      z.store(values)
      for tangent in 1..<max(1, group) {
        product(w, inputs, lanes(source + tangent * size), bias: 0)
          .store(lanes(target + tangent * size) + place)
      }
      continue
    }
    let slopes = z.activate(activation)
    z.store(values)
    for tangent in 1..<max(1, group) {
      var change = product(w, inputs, lanes(source + tangent * size), bias: 0)
      change.multiply(slopes)
      change.store(lanes(target + tangent * size) + place)
    }
  }
}

@inline(__always)
private func lanes(_ memory: Doubles) -> UnsafeMutablePointer<Lanes> {
  UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Lanes.self)
}

/// A row of a panel.
private struct Row {
  var a, b, c, d: Lanes

  @inline(__always)
  func store(_ place: UnsafeMutablePointer<Lanes>) {
    (place[0], place[1], place[2], place[3]) = (a, b, c, d)
  }

  @inline(__always)
  mutating func multiply(_ other: Row) {
    (a, b, c, d) = (a * other.a, b * other.b, c * other.c, d * other.d)
  }

  /// Replaces every z by f(z); returns f′(z).
  @inline(__always)
  mutating func activate(_ code: Int) -> Row {
    let (p, q) = (doubleActivation(code, a), doubleActivation(code, b))
    let (r, s) = (doubleActivation(code, c), doubleActivation(code, d))
    (a, b, c, d) = (p.value, q.value, r.value, s.value)
    return Row(a: p.derivative, b: q.derivative, c: r.derivative, d: s.derivative)
  }
}

/// bias + Σ w_k x_k for a panel.
@inline(__always)
private func product(
  _ w: UnsafePointer<Float>, _ depth: Int, _ x: UnsafeMutablePointer<Lanes>, bias: Double
) -> Row {
  let start = Lanes(repeating: bias)
  var sum = Row(a: start, b: start, c: start, d: start)
  for k in 0..<depth {
    let weight = Lanes(repeating: Double(w[k]))
    let row = x + k * rowLanes
    sum.a = multiplyAdd(weight, row[0], sum.a)
    sum.b = multiplyAdd(weight, row[1], sum.b)
    sum.c = multiplyAdd(weight, row[2], sum.c)
    sum.d = multiplyAdd(weight, row[3], sum.d)
  }
  return sum
}
