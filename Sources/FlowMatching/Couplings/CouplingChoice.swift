/// A coupling by name, as experiments and checkpoints save it.
public enum CouplingChoice: NumberedChoice {
  /// Source and data are drawn independently of each other.
  case independent
  /// Every batch is paired by exact optimal transport.
  case optimalTransport

  public static let kind = "coupling"

  public static let all: [CouplingChoice] = [.independent, .optimalTransport]

  public var name: String {
    switch self {
    case .independent: "independent"
    case .optimalTransport: "ot"
    }
  }

  /// The name for people, "optimal transport".
  public var title: String {
    switch self {
    case .independent: "independent"
    case .optimalTransport: "optimal transport"
    }
  }

  public var number: Double? { nil }

  public func with(number: Double) -> CouplingChoice { self }

  /// The algorithm; nil where the ends stay as they are drawn.
  func coupling(instructionSet: InstructionSet) -> (any Coupling)? {
    switch self {
    case .independent: nil
    case .optimalTransport: MinibatchOptimalTransport(instructionSet: instructionSet)
    }
  }
}
