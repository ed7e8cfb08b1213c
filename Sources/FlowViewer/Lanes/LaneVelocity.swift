import FlowMatching

/// What carries a lane's particles: the field that is learned, or another beside it.
public enum LaneVelocity: NumberedChoice {
  /// The learned field.
  case learned
  /// The exact field of the target.
  case exact
  /// The exact field of so many points of the target alone; of one it is the conditional field.
  case points(Int)
  /// The exact field of so many points by the straight lines of flat space, which a curved one does not
  /// hold.
  case straight(Int)
  /// The learned field with c times its score, turned by 90° and times σ: another flow, the same p_t.
  case swirl(Double)
  /// The same unturned: another p_t.
  case score(Double)
  /// The exact field times a factor, with the exact score where there is noise: what noise mends.
  case scaled(Double)

  public static let kind = "velocity of a lane"

  public static let all: [LaneVelocity] = [
    .learned, .exact, .points(1), .points(2), .points(8), .straight(64), .swirl(2), .swirl(5),
    .score(1), .scaled(0.7),
  ]

  /// The most points of a field that is drawn with its rays.
  static let pointRange = 1...256
  /// The amounts of a score that are still drawn to an end.
  static let amountRange = -20.0...20.0

  public var name: String {
    switch self {
    case .learned: "learned"
    case .exact: "exact"
    case .points: "points"
    case .straight: "straight"
    case .swirl: "swirl"
    case .score: "score"
    case .scaled: "scaled"
    }
  }

  public var number: Double? {
    switch self {
    case .learned, .exact: nil
    case .points(let count), .straight(let count): Double(count)
    case .swirl(let amount), .score(let amount), .scaled(let amount): amount
    }
  }

  public func with(number: Double) -> LaneVelocity {
    let range = LaneVelocity.amountRange
    let amount = min(range.upperBound, max(range.lowerBound, number))
    switch self {
    case .learned, .exact: return self
    case .points, .straight:
      let range = LaneVelocity.pointRange
      let count = Int(
        saturating: min(Double(range.upperBound), max(Double(range.lowerBound), number)))
      return name == "points" ? .points(count) : .straight(count)
    case .swirl: return .swirl(amount)
    case .score: return .score(amount)
    case .scaled: return .scaled(amount)
    }
  }

  /// The name of the lane; nil where that is its solver.
  var title: String? {
    switch self {
    case .learned: nil
    case .exact: "exact field"
    case .points(1): "1 data point"
    case .points(let count): "\(count) data points"
    case .straight: "straight lines"
    case .swirl(let amount): "swirl \(amount.shortText)"
    case .score(let amount): "score \(amount.shortText)"
    case .scaled(let factor): "\(factor.shortText) × exact"
    }
  }

  /// The velocity as a formula.
  var formula: String {
    switch self {
    case .learned: "v"
    case .exact: "u*"
    case .points(1): "u given x₁"
    case .points(let count): "u* of \(count) points"
    case .straight(let count): "flat u* of \(count) points"
    case .swirl(let amount): "v + \(amount.shortText) σR₉₀s"
    case .score(let amount): "v + \(amount.shortText) σs"
    case .scaled(let factor): "\(factor.shortText) u*"
    }
  }

  /// One paragraph on it.
  var summary: String {
    switch self {
    case .learned: "The lane follows what is learned."
    case .exact: "The lane follows the exact field of the target, which training tends to."
    case .points:
      """
      The lane follows the exact field of a few points of the target: of one point it is the \
      conditional field, straight to it; of all of them the marginal field that training tends to.
      """
    case .straight:
      """
      The lane follows the exact field of a few points of the target by the straight lines of flat \
      space, from a Gaussian: on a curved space such lines run through the inside, and the points on \
      them are no points of the space.
      """
    case .swirl:
      """
      The lane follows v + cσR₉₀s, the score turned by 90°: it runs along the level lines of p_t, \
      so that particles end elsewhere and every p_t stays.
      """
    case .score:
      "The lane follows v + cσs, the score unturned: particles crowd together, p_t is another."
    case .scaled:
      """
      The lane follows the exact field times a factor, which is wrong: it comes too short or goes too far. \
      With noise it has the true score besides, which pulls it back to p_t, the more the larger ε is.
      """
    }
  }
}
