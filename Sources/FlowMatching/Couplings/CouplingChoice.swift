/// A coupling by name, as experiments and checkpoints save it.
public enum CouplingChoice: NumberedChoice {
  /// Source and data are drawn independently of each other.
  case independent
  /// Every batch is paired by exact optimal transport.
  case optimalTransport
  /// Every target is turned, mirrored and renumbered on to its source, for four particles in the plane.
  case orbit
  /// Every batch is paired by entropic optimal transport of regularisation ε.
  case sinkhorn(regularisation: Double)
  /// The same with ε = share × the mean squared distance between the batch's ends.
  case relativeSinkhorn(share: Double)
  /// Every x₀ goes to the point of its cell, of at most so many points that stand for the data.
  case semidiscrete(points: Double)
  /// x₁ = R x₀: the flow starts from the data turned back.
  case rotation(degrees: Double)
  /// Row by row: point j of the given source goes with point j of the given data.
  case pairs
  /// The pairs that came with the data set: those of a trained flow.
  case reflow

  public static let kind = "coupling"

  public static let all: [CouplingChoice] = [
    .independent, .optimalTransport, .orbit, .sinkhorn(regularisation: 2),
    .relativeSinkhorn(share: 0.05), .semidiscrete(points: 1024), .rotation(degrees: 90), .pairs,
    .reflow,
  ]

  public var name: String {
    switch self {
    case .independent: "independent"
    case .optimalTransport: "ot"
    case .orbit: "orbit"
    case .sinkhorn: "sinkhorn"
    case .relativeSinkhorn: "sinkhorn-relative"
    case .semidiscrete: "semidiscrete"
    case .rotation: "rotation"
    case .pairs: "pairs"
    case .reflow: "reflow"
    }
  }

  /// The name for people, "optimal transport".
  public var title: String {
    switch self {
    case .independent: "independent"
    case .optimalTransport: "optimal transport"
    case .orbit: "optimal transport up to symmetry"
    case .sinkhorn: "entropic transport"
    case .relativeSinkhorn: "entropic transport, relative ε"
    case .semidiscrete: "semidiscrete transport"
    case .rotation: "rotation"
    case .pairs: "given pairs"
    case .reflow: "reflow"
    }
  }

  /// Whether it learns pairs that come with the data set, which a name alone cannot bring.
  public var needsPairs: Bool { self == .pairs || self == .reflow }

  /// What it does, in one line.
  public var summary: String {
    switch self {
    case .independent: "x₀ and x₁ are drawn by themselves"
    case .optimalTransport: "exact optimal transport within the batch: OT-CFM"
    case .orbit: "four particles: x₁ turned, mirrored and renumbered as near to x₀ as it can be"
    case .sinkhorn: "drawn from the entropic transport plan, ε in squared lengths; 2σ² for SB-CFM"
    case .relativeSinkhorn: "the same, ε as a share of the batch's mean squared distance: any scale"
    case .semidiscrete:
      "transport to so many points of the data, learned once, with a certificate; no batch biases it"
    case .rotation: "x₁ is x₀ turned by so many degrees; the flow starts from the data turned back"
    case .pairs: "row j of the source's file with row j of the data's: --source FILE --data FILE"
    case .reflow: "pairs of noise and where a trained flow carries it: train --reflow FILE"
    }
  }

  public var number: Double? {
    switch self {
    case .independent, .optimalTransport, .orbit, .pairs, .reflow: nil
    case .sinkhorn(let number), .relativeSinkhorn(let number), .semidiscrete(let number),
      .rotation(let number):
      number
    }
  }

  public func with(number: Double) -> CouplingChoice {
    switch self {
    case .independent, .optimalTransport, .orbit, .pairs, .reflow: self
    case .sinkhorn: .sinkhorn(regularisation: number)
    case .relativeSinkhorn: .relativeSinkhorn(share: number)
    case .semidiscrete: .semidiscrete(points: number)
    case .rotation: .rotation(degrees: number)
    }
  }

  /// The largest batch that a plan of n² numbers is made for.
  public static let planLimit = 4096

  /// The points that a semidiscrete transport may keep: the more, the longer it is learned.
  public static let pointLimits = 1.0...4096

  /// Refuses a number outside its range, a batch too large for it, and a source that would not count.
  func validate(batch: Int, source: String) throws(IncompatibleChoice) {
    switch self {
    case .independent, .optimalTransport, .pairs, .reflow: return
    case .orbit:
      guard source == Source.meanFree else {
        throw IncompatibleChoice(
          "the coupling orbit turns and renumbers four particles; use --dataset dw4, or another coupling"
        )
      }
    case .sinkhorn, .relativeSinkhorn:
      let isRelative = name != CouplingChoice.sinkhorn(regularisation: 2).name
      let (range, usual) = isRelative ? (1e-3...1e3, "0.05") : (1e-6...1e15, "2")
      guard range.contains(number ?? .nan) else {
        throw IncompatibleChoice(
          "the ε of \(self) must lie between \(range.lowerBound) and \(range.upperBound); use "
            + "\(name):\(usual)")
      }
      guard batch <= CouplingChoice.planLimit else {
        throw IncompatibleChoice(
          "entropic transport takes batch² numbers, so a batch of \(batch) is too large; use at most "
            + "\(CouplingChoice.planLimit), or the coupling ot")
      }
    case .semidiscrete(let points):
      let range = CouplingChoice.pointLimits
      guard range.contains(points), points.rounded() == points else {
        throw IncompatibleChoice(
          "\(name) keeps 1 to \(Int(range.upperBound)) points, not \(points.shortText); use “\(name):1024”"
        )
      }
      guard source == Source.gaussian else {
        throw IncompatibleChoice(
          "the coupling \(name) leads from N(0, I), not from “\(source)”; leave the source out, or use ot"
        )
      }
    case .rotation(let degrees):
      guard abs(degrees) <= 360 else {
        throw IncompatibleChoice("\(self) turns too far; use an angle from -360 to 360")
      }
      guard source == Source.gaussian else {
        throw IncompatibleChoice(
          "the coupling \(self) starts from the data turned back, so it cannot start from "
            + "“\(source)”; leave the source out, or use another coupling")
      }
    }
  }

  /// Where a coupling starts that brings its own source; nil where the experiment's counts.
  func source(of target: any Distribution) -> (any Distribution)? {
    guard case .rotation(let degrees) = self else { return nil }
    func turned(_ base: some Distribution) -> any Distribution {
      RotatedDistribution(base: base, rotation: Rotation(degrees: degrees).inverse)
    }
    return turned(target)
  }

  /// The algorithm; nil where the ends stay as they are drawn. `pairs` are those of `pairs` and `reflow`,
  /// `potential` is where exact transport begins, and `plan` is that of `semidiscrete`.
  func coupling(
    instructionSet: InstructionSet, pairs: PairTable?, after potential: TransportPotential? = nil,
    plan: SemidiscretePlan? = nil
  ) -> (any Coupling)? {
    switch self {
    case .independent: return nil
    case .optimalTransport:
      return MinibatchOptimalTransport(instructionSet: instructionSet, after: potential)
    case .orbit: return OrbitTransport()
    case .sinkhorn(let regularisation):
      return EntropicTransport(.absolute(regularisation), instructionSet: instructionSet)
    case .relativeSinkhorn(let share):
      return EntropicTransport(.relative(share), instructionSet: instructionSet)
    case .semidiscrete:
      guard let plan else {
        preconditionFailure("a semidiscrete transport has to be learned first")
      }
      return SemidiscreteTransport(plan.cells)
    case .rotation(let degrees): return RotationCoupling(rotation: Rotation(degrees: degrees))
    case .pairs, .reflow:
      guard let pairs else { preconditionFailure("the data set brings no pairs to learn from") }
      return TableCoupling(table: pairs)
    }
  }
}
