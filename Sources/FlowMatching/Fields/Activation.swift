import Kernels

/// The function between the layers of a network, applied to every unit.
public enum Activation: String, Codable, CaseIterable, Sendable {
  case selu, silu, tanh, elu, relu, gelu, softplus

  /// The name for people, "SiLU".
  public var title: String {
    switch self {
    case .selu: "SELU"
    case .silu: "SiLU"
    case .tanh: "tanh"
    case .elu: "ELU"
    case .relu: "ReLU"
    case .gelu: "GELU"
    case .softplus: "softplus"
    }
  }

  /// The formula, in one line.
  public var formula: String {
    switch self {
    case .selu: "1.0507 (x > 0 ? x : 1.6733 (eˣ − 1))"
    case .silu: "x / (1 + e⁻ˣ)"
    case .tanh: "tanh x"
    case .elu: "x > 0 ? x : eˣ − 1"
    case .relu: "max(x, 0)"
    case .gelu: "x Φ(x)"
    case .softplus: "log(1 + eˣ)"
    }
  }

  /// Whether the derivative is continuous; SELU's and ReLU's jump at 0, and with them a divergence.
  public var hasContinuousDerivative: Bool { nonlinearity.hasContinuousDerivative }

  /// Whether the second derivative is continuous too, as the gradient of a Laplacian needs it.
  public var hasContinuousSecondDerivative: Bool { nonlinearity.hasContinuousSecondDerivative }

  var nonlinearity: Nonlinearity {
    switch self {
    case .selu: .selu
    case .silu: .silu
    case .tanh: .tanh
    case .elu: .elu
    case .relu: .relu
    case .gelu: .gelu
    case .softplus: .softplus
    }
  }
}
