import Foundation

/// An activation and its derivative, written as in a textbook.
struct NaiveActivation: Sendable {
  let name: String
  let value: @Sendable (Double) -> Double
  let derivative: @Sendable (Double) -> Double

  static let all: [NaiveActivation] = [
    NaiveActivation(
      name: "selu",
      value: { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * (exp($0) - 1)) },
      derivative: { 1.0507009873554805 * ($0 > 0 ? 1 : 1.6732632423543772 * exp($0)) }),
    NaiveActivation(
      name: "silu", value: { $0 / (1 + exp(-$0)) },
      derivative: { x in
        let s = 1 / (1 + exp(-x))
        return s * (1 + x * (1 - s))
      }),
    NaiveActivation(
      name: "tanh", value: { Foundation.tanh($0) }, derivative: { 1 / (cosh($0) * cosh($0)) }),
    NaiveActivation(
      name: "elu", value: { $0 > 0 ? $0 : exp($0) - 1 }, derivative: { $0 > 0 ? 1 : exp($0) }),
    NaiveActivation(name: "relu", value: { max($0, 0) }, derivative: { $0 > 0 ? 1 : 0 }),
    NaiveActivation(
      name: "gelu", value: { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) },
      derivative: {
        0.5 * erfc(-$0 / 2.0.squareRoot()) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot()
      }),
    NaiveActivation(
      name: "softplus", value: { max($0, 0) + log1p(exp(-abs($0))) },
      derivative: { 1 / (1 + exp(-$0)) }),
  ]

  static func named(_ name: String) -> NaiveActivation { all.first { $0.name == name }! }
}

/// A dense network in Double, one point after another: the oracle of the fast one.
struct NaiveNetwork {
  /// The features, the hidden widths, the outputs.
  var widths: [Int]
  var activation: NaiveActivation
  /// Layer after layer: the [out, in] matrix row after row, then the bias.
  var weights: [Double]

  /// The values before and after the activation of every layer, the input first.
  func layers(_ input: [Double]) -> (before: [[Double]], after: [[Double]]) {
    var (before, after) = ([[Double]](), [input])
    var offset = 0
    for layer in 0..<widths.count - 1 {
      let (inputs, outputs) = (widths[layer], widths[layer + 1])
      var z = [Double](repeating: 0, count: outputs)
      for o in 0..<outputs {
        z[o] = weights[offset + inputs * outputs + o]
        for i in 0..<inputs { z[o] += weights[offset + o * inputs + i] * after[layer][i] }
      }
      before.append(z)
      after.append(layer == widths.count - 2 ? z : z.map(activation.value))
      offset += (inputs + 1) * outputs
    }
    return (before, after)
  }

  /// f(x, t) for one point.
  func output(_ point: [Double], _ time: Double) -> [Double] {
    layers(point + [time]).after.last!
  }

  /// ∂f/∂x for one point, row-major d×d, by the chain rule from the input on.
  func jacobian(_ point: [Double], _ time: Double) -> [Double] {
    let before = layers(point + [time]).before
    let d = point.count
    // Row i of `tangents` is ∂(layer's unit i)/∂x.
    var tangents = (0...d).map { i in (0..<d).map { i == $0 ? 1.0 : 0 } }
    var offset = 0
    for layer in 0..<widths.count - 1 {
      let (inputs, outputs) = (widths[layer], widths[layer + 1])
      tangents = (0..<outputs).map { o in
        let slope = layer == widths.count - 2 ? 1 : activation.derivative(before[layer][o])
        return (0..<d).map { k in
          (0..<inputs).reduce(0) { $0 + weights[offset + o * inputs + $1] * tangents[$1][k] }
            * slope
        }
      }
      offset += (inputs + 1) * outputs
    }
    return tangents.flatMap { $0 }
  }

  /// |f(x, t) − target|² for one point, its gradient with respect to the weights added to
  /// `gradient`.
  func addSquaredError(
    _ point: [Double], _ time: Double, target: [Double], to gradient: inout [Double]
  ) -> Double {
    let (before, after) = layers(point + [time])
    var cotangent = zip(after.last!, target).map { 2 * ($0 - $1) }
    let error = cotangent.reduce(0) { $0 + $1 * $1 / 4 }
    var offset = weights.count
    for layer in (0..<widths.count - 1).reversed() {
      let (inputs, outputs) = (widths[layer], widths[layer + 1])
      offset -= (inputs + 1) * outputs
      if layer < widths.count - 2 {
        for o in 0..<outputs { cotangent[o] *= activation.derivative(before[layer][o]) }
      }
      var previous = [Double](repeating: 0, count: inputs)
      for o in 0..<outputs {
        gradient[offset + inputs * outputs + o] += cotangent[o]
        for i in 0..<inputs {
          gradient[offset + o * inputs + i] += cotangent[o] * after[layer][i]
          previous[i] += weights[offset + o * inputs + i] * cotangent[o]
        }
      }
      cotangent = previous
    }
    return error
  }
}

/// √Σ(a − b)² / √Σb²: the difference of two vectors relative to the second.
func relativeDifference(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count)
  let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let size = b.reduce(0) { $0 + $1 * $1 }
  return (difference / size).squareRoot()
}
