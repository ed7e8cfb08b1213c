/// How uncertain X₁ is along the way from N(0, I) to a target, which gives the floor of the loss under
/// every schedule and for every prediction.
///
/// V(τ) = E tr Cov(X₁ − X₀ | X_τ) under conditional OT. All affine paths pass the same points X/σ, at
/// the time where ρ = α/σ is the same, so that mmse(ρ) = E tr Cov(X₁ | ρX₁ + X₀) is V(τ)(1 − τ)² at
/// ρ = τ/(1 − τ): see `FloorQuadrature`. V is smooth on [0, 1], and known at 1.
struct VarianceProfile: Sendable, Hashable {
  /// V at the nodes of Gauss–Legendre quadrature, which `values.count` determines.
  let values: [Double]
  /// The dimension of the target.
  let dimension: Int
  /// V(1): the dimension for a target with a density.
  let end: Double

  /// A profile that was computed beforehand, in two dimensions.
  init(_ values: [Double]) {
    self.values = values
    dimension = 2
    end = 2
  }

  /// A profile with its end.
  init(_ values: [Double], dimension: Int, end: Double) {
    self.values = values
    self.dimension = dimension
    self.end = end
  }
}
