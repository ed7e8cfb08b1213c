import FlowMatching

/// The method of a lane: one for an ODE, or a stochastic one.
///
/// There is none without a method: a name that no catalogue holds is refused where it is read.
public struct LaneSolver: Sendable, Hashable {
  /// The name on the command line.
  public let name: String
  /// The name on the screen.
  public let title: String
  /// The method itself; of a stochastic one what stands for it where an ODE is solved.
  public let tableau: ButcherTableau
  /// The stochastic method; nil where an ODE is solved.
  let stochastic: (any StochasticStepper)?
  /// Whether points jump by a flow map.
  public let isMap: Bool

  /// A method for an ODE.
  public init(_ tableau: ButcherTableau) {
    (name, title, self.tableau, stochastic) = (tableau.name, tableau.title, tableau, nil)
    isMap = false
  }

  /// A flow map's jumps, each one evaluation.
  private init(map name: String) {
    (self.name, title, tableau, stochastic, isMap) = (name, "flow map", .euler, nil, true)
  }

  /// The jumps of a flow map; of a flow that is none Euler's steps.
  public static let map = LaneSolver(map: "map")

  /// A stochastic method.
  init(_ stepper: any StochasticStepper) {
    (name, title, tableau, stochastic) = (stepper.name, stepper.title, .midpoint, stepper)
    isMap = false
  }

  /// Every method, those of ODEs first.
  public static let all =
    ButcherTableau.all.map { LaneSolver($0) } + StochasticMethods.all.map { LaneSolver($0) }

  /// Those that follow a field without noise.
  static let ofODEs = all.filter { $0.stochastic == nil }

  /// The method of that name; throws `UnknownName`, which suggests the nearest.
  public static func named(_ name: String) throws(UnknownName) -> LaneSolver {
    let known = all + [map]
    guard let method = known.first(where: { $0.name == name }) else {
      throw UnknownName(kind: "solver", name: name, among: known.map(\.name))
    }
    return method
  }

  public static func == (a: LaneSolver, b: LaneSolver) -> Bool { a.name == b.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension LaneSolver: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    do throws(UnknownName) { self = try LaneSolver.named(name) } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: error.description,
          underlyingError: error))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
