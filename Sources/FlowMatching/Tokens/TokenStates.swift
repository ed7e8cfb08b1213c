/// Every state of a small space, by index: position 0 counts fastest.
struct TokenStates: Sendable {
  let space: TokenSpace
  let path: TokenPath
  /// How many states a position has.
  let base: Int
  /// How many a sequence has, base^L.
  let count: Int

  /// The states of a path; there must be no more than 2²⁰.
  init(_ space: TokenSpace, along path: TokenPath) {
    self.space = space
    self.path = path
    base = path.states(space)
    var count = 1
    for _ in 0..<space.length { count *= base }
    precondition(count <= 1 << 20, "too many states to list")
    self.count = count
  }

  /// The letter of a position in a state.
  func letter(_ position: Int, _ state: Int) -> UInt16 {
    UInt16(state / stride(position) % base)
  }

  /// By how much the index grows with the letter of a position.
  func stride(_ position: Int) -> Int { (0..<position).reduce(1) { product, _ in product * base } }

  /// The sequence of a state.
  func sequence(_ state: Int) -> [UInt16] { (0..<space.length).map { letter($0, state) } }

  /// All of them as a batch.
  var all: TokenSequences {
    var x = TokenSequences(space: space, count: count)
    for i in 0..<space.length {
      for state in 0..<count { x[i, state] = letter(i, state) }
    }
    return x
  }

  /// p_t of every state: Σ q(x₁) Π [κδ(x^i, x₁^i) + (1 − κ)p₀(x^i)].
  func marginal(of data: some TokenDistribution, at t: Double) -> [Double] {
    let complement = path.schedule.complement(t)
    var p = (0..<count).map { data.probability(of: sequence($0)) }
    // One position after another: a letter stays with κ, else it is the source's.
    for i in 0..<space.length {
      let step = stride(i)
      var moved = [Double](repeating: 0, count: count)
      for state in 0..<count where p[state] > 0 {
        moved[state] += (1 - complement) * p[state]
        let rest = state - Int(letter(i, state)) * step
        for other in 0..<base {
          moved[rest + other * step] +=
            complement * path.sourceProbability(UInt16(other), space) * p[state]
        }
      }
      p = moved
    }
    return p
  }
}
