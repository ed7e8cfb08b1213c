/// A resumable measurement of how much the particles of a flow move: their energy and detours.
///
/// The energy ∫|v|²dt of each particle is integrated as one more coordinate of its state, by the same
/// method and steps as its position; by Euler steps it is the sum h Σ|v|² of the literature (Tong et
/// al., 2024, §5.1). Work is cut as in `Integrator`, so that no frame waits for it.
public struct PathEnergy: Sendable {
  /// The starts, `d×n`.
  public let start: Batch
  private var transport: any Transport

  /// A measurement that has not begun, of the particles that start at `x0`, from t = 0 to 1.
  public init(
    _ field: any VelocityField, from x0: Batch, _ tableau: ButcherTableau = .rk4,
    control: StepControl = .fixed(steps: 100)
  ) {
    precondition(field.dimension == x0.dimension, "the field has another dimension")
    precondition(x0.count > 0, "a mean needs a particle")
    start = x0
    let state = Batch(
      dimension: x0.dimension + 1,
      values: x0.values + [Double](repeating: 0, count: x0.count))
    let plan = TransportPlan(tableau, control: control)
    // A flow may be more than one solve, a guided one is.
    transport =
      (field as? any Flow)?.transport(state, as: .energy, from: 0, to: 1, plan)
      ?? FieldTransport(EnergyField(field), from: state, start: 0, end: 1, plan)
  }

  /// Where the measurement stands.
  public var status: Integrator.Status { transport.status }

  /// How far it has got, from 0 to 1.
  public var progress: Double { transport.progress }

  /// Evaluations of the field per trajectory so far.
  public var evaluations: Int { transport.evaluations }

  /// Works for about `budget` evaluations at points, at least one unit; returns how many it spent.
  public mutating func advance(budget: Int) -> Int {
    var spent = 0
    while transport.status == .running && spent < max(budget, 1) {
      spent += transport.advance(budget: budget - spent)
    }
    return spent
  }

  /// Runs to the end or to a failure; `progress` hears now and then how far it has got.
  public mutating func finish(_ progress: (Double) -> Void = { _ in }) {
    while transport.status == .running {
      _ = advance(budget: 1 << 16)
      progress(self.progress)
    }
  }

  /// How many particles were lost on the way: their ends and energies are NaN.
  public var lostCount: Int { transport.lostCount }

  /// Where the particles arrived, `d×n`; nil unless finished.
  public var end: Batch? {
    final.map { Batch(dimension: start.dimension, values: Array($0[..<start.values.count])) }
  }

  /// ∫|v|²dt of each particle; nil unless finished.
  public var energies: [Double]? { final.map { Array($0[start.values.count...]) } }

  /// The last state, NaN where a particle was lost: a field may answer NaN with a number, but an energy that
  /// was none once stays none.
  private var final: [Double]? {
    guard status == .finished else { return nil }
    var values = transport.state.values
    if lostCount > 0 {
      let energies = values.suffix(start.count).map(\.isFinite)
      for k in values.indices where !energies[k % start.count] { values[k] = .nan }
    }
    return values
  }

  /// E∫|v|²dt, the sum over the dimensions; nil unless finished.
  public var pathEnergy: Estimate? { energies.map(Estimate.init(of:)) }

  /// Straightness, E∫|v_t − (x₁ − x₀)|²dt (Liu et al., 2023, eq. 4): 0 for particles that move along
  /// straight lines at constant speed, where Euler's method needs one step; nil unless finished.
  ///
  /// As ∫v dt = x₁ − x₀ it is the path energy less E|x₁ − x₀|².
  public var straightness: Estimate? {
    guard var detours = energies, let end else { return nil }
    for k in end.values.indices {
      let difference = end.values[k] - start.values[k]
      detours[k % start.count] -= difference * difference
    }
    return Estimate(of: detours)
  }

  /// NPE = |path energy − W₂²(q₀, q₁)|/W₂²(q₀, q₁), with W₂² > 0 between the true source and target
  /// (Tong et al., 2024, §5.1): 0 for the optimal transport; its standard error is that of the path energy.
  /// nil unless finished.
  public func normalised(squaredW2: Double) -> Estimate? {
    pathEnergy.map {
      Estimate(
        mean: abs($0.mean - squaredW2) / squaredW2, standardError: $0.standardError / squaredW2)
    }
  }

  /// NPE with W₂² from the starts to as many draws of the target, `d×n`; nil unless finished.
  ///
  /// W₂² of samples varies with a point as its dual does (del Barrio and Loubes, Ann. Probab. 47
  /// (2019), 926), so that the standard error is that of the means of e_i/W − E f_i/W² and E g_j/W²,
  /// E the path energy and W = W₂². That W is biased upwards for samples is no part of it.
  public func normalised(to target: Batch) -> Estimate? {
    precondition(
      target.hasShape(of: start), "NPE needs as many draws of the target as there are starts")
    guard target.isFinite else { return Estimate(mean: .nan, standardError: .nan) }
    return normalised(by: OptimalTransport.assignment(from: start, to: target))
  }

  /// The same by the optimal `assignment` of the starts to the draws, where it is known.
  public func normalised(by assignment: Assignment) -> Estimate? {
    guard let energies, let pathEnergy else { return nil }
    guard pathEnergy.mean.isFinite else { return Estimate(mean: .nan, standardError: .nan) }
    let squaredW2 = assignment.cost / Double(start.count)
    let ratio = pathEnergy.mean / squaredW2
    let starts = Estimate(
      of: zip(energies, assignment.rowDuals).map { ($0 - ratio * $1) / squaredW2 })
    let ends = Estimate(of: assignment.columnDuals.map { ratio * $0 / squaredW2 })
    let variance =
      starts.standardError * starts.standardError + ends.standardError * ends.standardError
    return Estimate(mean: abs(ratio - 1), standardError: variance.squareRoot())
  }
}
