/// The exact posterior of the letters of a `TokensCheckerboard`, in closed form.
///
/// From masks: 1/V for both while both are open, 2/V on the dark fields beside a set letter. From
/// uniform noise, with β = (1 − κ)/V and x = (a, b):
/// p(a′) ∝ (κδ(a′, a) + β)(κ·dark(a′, b) + (1 − κ)/2), and likewise for b.
public struct CheckerboardPosterior: TokenPosterior {
  /// The board.
  public let board: TokensCheckerboard
  /// The path.
  public let path: TokenPath

  /// The posterior of a board along a path.
  public init(_ board: TokensCheckerboard, path: TokenPath) {
    self.board = board
    self.path = path
  }

  public var space: TokenSpace { board.space }

  public mutating func evaluate(
    _ x: TokenSequences, at t: Times, into p: inout TokenProbabilities
  ) {
    precondition(x.space == space && p.space == space && p.count == x.count, "other shapes")
    p.clear()
    for j in 0..<x.count {
      for i in 0..<2 {
        switch path.source {
        case .mask: fit(x[i, j], beside: x[1 - i, j], i, j, &p)
        case .uniform: weigh(x[i, j], beside: x[1 - i, j], i, j, at: t[j], &p)
        }
      }
      if path.source == .mask, x[0, j] < space.mask, x[1, j] < space.mask {
        p.isImpossible[j] = !board.isDark(x[0, j], x[1, j])
      }
    }
  }

  // Dark is symmetric in its two letters.
  private func fit(
    _ own: UInt16, beside other: UInt16, _ i: Int, _ j: Int, _ p: inout TokenProbabilities
  ) {
    let start = p.offset(i, j)
    if own < space.mask {
      p.values[start + Int(own)] = 1
      return
    }
    let v = Double(space.letters)
    for letter in 0..<space.mask {
      if other == space.mask {
        p.values[start + Int(letter)] = 1 / v
      } else if board.isDark(letter, other) {
        p.values[start + Int(letter)] = 2 / v
      }
    }
  }

  private func weigh(
    _ own: UInt16, beside other: UInt16, _ i: Int, _ j: Int, at t: Double,
    _ p: inout TokenProbabilities
  ) {
    precondition(own < space.mask && other < space.mask, "uniform noise has no masks")
    // At κ = 1 the posterior of a light field is a limit.
    let complement = max(path.schedule.complement(t), 1e-12)
    let (kappa, beta) = (1 - complement, complement / Double(space.letters))
    let start = p.offset(i, j)
    var total = 0.0
    for letter in 0..<space.mask {
      let weight =
        ((letter == own ? kappa : 0) + beta)
        * ((board.isDark(letter, other) ? kappa : 0) + 0.5 * complement)
      p.values[start + Int(letter)] = weight
      total += weight
    }
    for k in start..<start + space.letters { p.values[k] /= total }
  }
}

extension TokensCheckerboard {
  public func posterior(along path: TokenPath) -> any TokenPosterior {
    CheckerboardPosterior(self, path: path)
  }
}
