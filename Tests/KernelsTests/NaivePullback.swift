import Foundation

extension NaiveActivation {
  /// The activations whose derivative is continuous, with their second derivatives.
  static let second: [String: @Sendable (Double) -> Double] = [
    "silu": { x in
      let s = 1 / (1 + exp(-x))
      return s * (1 - s) * (2 + x * (1 - 2 * s))
    },
    "tanh": { -2 * Foundation.tanh($0) / (cosh($0) * cosh($0)) },
    "elu": { $0 > 0 ? 0 : exp($0) },
    "gelu": { exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() * (2 - $0 * $0) },
    "softplus": { 1 / ((1 + exp(-$0)) * (1 + exp($0))) },
  ]
}

extension NaiveNetwork {
  /// tr(∂f/∂x), or εᵀ(∂f/∂x)ε with a probe.
  func divergence(_ point: [Double], _ time: Double, probe: [Double]? = nil) -> Double {
    let (jacobian, d) = (jacobian(point, time), point.count)
    guard let probe else { return (0..<d).reduce(0) { $0 + jacobian[$1 * (d + 1)] } }
    return (0..<d * d).reduce(0) { $0 + probe[$1 / d] * jacobian[$1] * probe[$1 % d] }
  }

  /// The gradient of L = v̄·f(x, t) + w·divergence for one point: by the weights, added to
  /// `gradient`, and by the point, which is returned.
  ///
  /// The tangents go forward with the value, and then both go back: z̄ = f′ā + f″Σ ż_i ǡ_i and
  /// ż̄_i = f′ǡ_i.
  func pullBack(
    _ point: [Double], _ time: Double, probe: [Double]? = nil, velocity: [Double],
    divergence weight: Double, to gradient: inout [Double]
  ) -> [Double] {
    let d = point.count
    let (before, after) = layers(point + [time])
    let starts: [[Double]] =
      probe.map { [$0 + [0]] } ?? (0..<d).map { i in (0...d).map { $0 == i ? 1 : 0 } }
    let second = NaiveActivation.second[activation.name] ?? { _ in 0 }
    let last = widths.count - 2
    // ż and ȧ of every layer, the inputs' own tangents first.
    var rates: [[[Double]]] = []
    var tangents = [starts]
    var offset = 0
    for layer in 0...last {
      let (inputs, outputs) = (widths[layer], widths[layer + 1])
      let z = tangents[layer].map { tangent in
        (0..<outputs).map { o in
          (0..<inputs).reduce(0) { $0 + weights[offset + o * inputs + $1] * tangent[$1] }
        }
      }
      rates.append(z)
      tangents.append(
        z.map { row in
          row.indices.map {
            layer == last ? row[$0] : activation.derivative(before[layer][$0]) * row[$0]
          }
        })
      offset += (inputs + 1) * outputs
    }
    var value = velocity
    var others = starts.indices.map { i in
      (0..<d).map { k in probe.map { weight * $0[k] } ?? (k == i ? weight : 0) }
    }
    for layer in (0...last).reversed() {
      let (inputs, outputs) = (widths[layer], widths[layer + 1])
      offset -= (inputs + 1) * outputs
      if layer < last {
        for o in 0..<outputs {
          let z = before[layer][o]
          let bend = others.indices.reduce(0) { $0 + rates[layer][$1][o] * others[$1][o] }
          value[o] = activation.derivative(z) * value[o] + second(z) * bend
          for i in others.indices { others[i][o] *= activation.derivative(z) }
        }
      }
      func back(_ cotangent: [Double], _ source: [Double], hasBias: Bool) -> [Double] {
        var previous = [Double](repeating: 0, count: inputs)
        for o in 0..<outputs {
          if hasBias { gradient[offset + inputs * outputs + o] += cotangent[o] }
          for i in 0..<inputs {
            gradient[offset + o * inputs + i] += cotangent[o] * source[i]
            previous[i] += weights[offset + o * inputs + i] * cotangent[o]
          }
        }
        return previous
      }
      value = back(value, after[layer], hasBias: true)
      for i in others.indices {
        others[i] = back(others[i], tangents[layer][i], hasBias: false)
      }
    }
    return Array(value.dropLast())
  }
}
