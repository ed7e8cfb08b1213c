/// A regressed quantity as a combination Y = target·X₁ + source·X₀ + noise·ε.
struct Regressed: Sendable, Hashable {
  let target, source, noise: Double
}
