extension TheoryCheck {
  /// The identities of discrete flow matching, on the checkerboard of eight letters whatever the
  /// setting: they are no statements about a data set in the plane.
  public static let tokens: [TheoryCheck] = [
    rateRows, rateRowsWithoutDiagonal, masterEquation, masterEquationBack, halvedRates,
  ]

  private static let board = TokensCheckerboard.eight
  private static let paths = TokenSource.allCases.flatMap { source in
    TokenSchedule.allCases.map { TokenPath(schedule: $0, source: source) }
  }

  /// Probability is neither made nor lost; relative to the largest rate.
  static let rateRows = TheoryCheck(
    30, "rows of rates", "Σ_y Q(x, y) = 0", bound: 1e-12, coefficients: [1, 1, 1]
  ) { _, c in rowResidual(c) }

  /// Without all of the diagonal something is lost.
  static let rateRowsWithoutDiagonal = TheoryCheck(
    30, "rows of rates, half the diagonal (control)", "Σ_y Q(x, y) = 0 with Q(x, x)/2",
    bound: 1e-2, isControl: true, coefficients: [1, 1, 0.5]
  ) { _, c in rowResidual(c) }

  private static func rowResidual(_ c: [Double]) -> Double {
    var worst = 0.0
    for path in paths {
      for noise in [TokenNoise.none, .constant(2), .corrector(0.5)] {
        var equation = MasterEquation(board, along: path, noise: noise, coefficients: c)
        for t in [0.1, 0.5, 0.9, 0.99] { worst = worse(worst, equation.rowResidual(at: t)) }
      }
    }
    return worst
  }

  /// The rates of the exact posterior move p_t: 200 steps of Runge–Kutta to t = 0.9, relative to the
  /// largest p.
  static let masterEquation = TheoryCheck(
    31, "master equation", "dp/dt = Qᵀp", bound: 1e-6, coefficients: [1, 1, 1]
  ) { _, c in masterResidual(c, noise: .none) }

  /// What is thrown back is drawn again: p_t does not notice.
  static let masterEquationBack = TheoryCheck(
    31, "master equation, letters thrown back", "dp/dt = Qᵀp with b = 1", bound: 1e-6,
    coefficients: [1, 1, 1]
  ) { _, c in masterResidual(c, noise: .constant(1)) }

  /// Other rates lead elsewhere.
  static let halvedRates = TheoryCheck(
    31, "master equation, slow rates (control)", "dp/dt = Qᵀp with 0.9·κ̇/(1 − κ)", bound: 1e-2,
    isControl: true, coefficients: [0.9, 1, 1]
  ) { _, c in masterResidual(c, noise: .none) }

  private static func masterResidual(_ c: [Double], noise: TokenNoise) -> Double {
    var worst = 0.0
    for source in TokenSource.allCases {
      let path = TokenPath(source: source)
      let states = TokenStates(board.space, along: path)
      var equation = MasterEquation(board, along: path, noise: noise, coefficients: c)
      let p = equation.solve(
        states.marginal(of: board, at: 0), from: 0, to: 0.9, steps: 200)
      let exact = states.marginal(of: board, at: 0.9)
      let largest = exact.max() ?? 1
      for (a, b) in zip(p, exact) { worst = worse(worst, abs(a - b) / largest) }
    }
    return worst
  }
}
