import FlowMatching

/// The method of a lane: one for an ODE, a stochastic one, or jumps.
///
/// There is none without a method: a name that no catalogue holds is refused where it is read.
public struct LaneSolver: Sendable, Hashable {
  /// The name on the command line.
  public let name: String
  /// The name on the screen.
  public let title: String
  /// What it does with the points.
  let way: Way

  /// How points get from one place to another.
  enum Way: Sendable {
    /// Along the velocity.
    case flow(ButcherTableau)
    /// Along it, with noise and the score that mends what noise does.
    case diffusion(any StochasticStepper)
    /// By the least jumps that keep to p_t.
    case jumps
    /// By jumps from the source to the target, which have another p_t.
    case teleport
    /// From time to time by a flow map, at one evaluation each.
    case map
  }

  /// A method for an ODE.
  public init(_ tableau: ButcherTableau) {
    (name, title, way) = (tableau.name, tableau.title, .flow(tableau))
  }

  /// A stochastic method.
  init(_ stepper: any StochasticStepper) {
    (name, title, way) = (stepper.name, stepper.title, .diffusion(stepper))
  }

  private init(_ name: String, _ title: String, _ way: Way) {
    (self.name, self.title, self.way) = (name, title, way)
  }

  /// The least jumps along p_t.
  static let jumps = LaneSolver("jumps", "jumps", .jumps)
  /// Jumps from noise to data at once.
  static let teleport = LaneSolver("teleport", "teleport", .teleport)

  /// The jumps of a flow map; of a flow that is none Euler's steps.
  public static let map = LaneSolver("map", "flow map", .map)

  /// Whether points jump by a flow map.
  public var isMap: Bool { if case .map = way { true } else { false } }

  /// The method itself; what stands for another one where an ODE is solved.
  public var tableau: ButcherTableau {
    switch way {
    case .flow(let tableau): tableau
    case .map: .euler
    case .diffusion, .jumps, .teleport: .midpoint
    }
  }

  /// The stochastic method; nil where there is no noise.
  var stochastic: (any StochasticStepper)? {
    if case .diffusion(let stepper) = way { stepper } else { nil }
  }

  /// Whether points stand still and leap.
  var leaps: Bool {
    switch way {
    case .flow, .diffusion, .map: false
    case .jumps, .teleport: true
    }
  }

  /// Whether it keeps to the p_t of the velocity.
  var keepsMarginals: Bool { if case .teleport = way { false } else { true } }

  /// Every method, those of ODEs first.
  public static let all =
    ButcherTableau.all.map { LaneSolver($0) } + StochasticMethods.all.map { LaneSolver($0) }
    + [jumps, teleport]

  /// Those that follow a field without noise.
  static let ofODEs = all.filter { if case .flow = $0.way { true } else { false } }

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
