extension TheoryCheck {
  /// Shortcut models learn from their own half steps down to 1/N, where they learn the velocity: what is left
  /// is Euler's method in N steps. N(0, 1) → N(0, ¼) by 128, 32 and 8 steps to four digits.
  static let shortcutLimit = TheoryCheck(
    43, "fixed point of shortcut models", "s(x, t, 2d) = ½[s + s∘] → sd .4942, .4774, .4148",
    bound: 5e-5, coefficients: [1, 1]
  ) { _, c in
    [(128, 0.4942), (32, 0.4774), (8, 0.4148)].map { steps, known in
      abs(ShortcutFixedPoint(steps: steps, c).deviation - known)
    }.reduce(0, worse)
  }

  /// It is not the flow's own end.
  static let exactShortcut = TheoryCheck(
    43, "fixed point of shortcut models as the exact map (control)", "the same → sd ½", bound: 1e-3,
    isControl: true, coefficients: [1, 1]
  ) { _, c in abs(ShortcutFixedPoint(steps: 128, c).deviation - 0.5) }
}

/// The shortcut s(x, t, d) that agrees with its own halves, on the path N(0, 1) → N(0, ¼).
private struct ShortcutFixedPoint {
  let steps: Int
  /// How much the two halves count.
  let halves: [Double]
  private let map = GaussianMap(mean: [0], deviation: [0.5])

  init(steps: Int, _ halves: [Double]) {
    self.steps = steps
    self.halves = halves
  }

  /// Of the points that one step of length 1 makes of N(0, 1): it is linear.
  var deviation: Double { 1 + shortcut(1, 0, length: steps) }

  /// s(x, t, d) of d = `length`/N.
  private func shortcut(_ x: Double, _ t: Double, length: Int) -> Double {
    if length == 1 { return map.meanVelocity(Batch(points: [[x]]), from: t, to: t)[0, 0] }
    let d = Double(length / 2) / Double(steps)
    let first = shortcut(x, t, length: length / 2)
    let second = shortcut(x + d * first, t + d, length: length / 2)
    return 0.5 * (halves[0] * first + halves[1] * second)
  }
}
