/// The exact posterior of the letters of a finite list, by Bayes' rule over its words.
///
/// From masks p_{1|t} is uniform on the words that have all set letters of x, whatever t. From uniform
/// noise a word w has the weight qᵏ, k the number of letters in which it differs from x and
/// q = (1 − κ)/(1 − κ + Vκ).
///
/// From masks a state may fit no word, since letters are set independently of each other: then set
/// letters are kept, the sequence is marked as impossible, and open letters are those of the words that
/// share most of the set ones, the limit of noise that becomes small.
public struct ListPosterior: TokenPosterior {
  /// The words.
  public let list: WordList
  /// The path.
  public let path: TokenPath
  /// For each position and letter the set of words that have it, 64 words an element.
  private let sets: [UInt64]
  private let setSize: Int
  private let marginal: [Double]
  private var chosen: [UInt64]
  /// The words with a letter at a position, one after another, and where those of each begin.
  private let members: [Int32]
  private let starts: [Int]
  /// How many letters each word shares with x, and the words that share any.
  private var matches: [Int]
  private var touched: [Int32] = []

  /// The posterior of a list along a path.
  public init(_ list: WordList, path: TokenPath) {
    self.list = list
    self.path = path
    let (l, v, m) = (list.space.length, list.space.letters, list.count)
    setSize = (m + 63) / 64
    var sets = [UInt64](repeating: 0, count: path.source == .mask ? l * v * setSize : 0)
    var counts = [Int](repeating: 0, count: l * v)
    for i in 0..<l {
      for w in 0..<m {
        let place = i * v + Int(list.words[i, w])
        if path.source == .mask { sets[place * setSize + w / 64] |= 1 << UInt64(w % 64) }
        counts[place] += 1
      }
    }
    self.sets = sets
    marginal = counts.map { Double($0) / Double(m) }
    chosen = [UInt64](repeating: 0, count: setSize)
    matches = [Int](repeating: 0, count: m)
    var starts = [0]
    for place in 0..<l * v {
      starts.append(starts[place] + counts[place])
    }
    var ends = starts
    var members = [Int32](repeating: 0, count: l * m)
    for i in 0..<l {
      for w in 0..<m {
        let place = i * v + Int(list.words[i, w])
        members[ends[place]] = Int32(w)
        ends[place] += 1
      }
    }
    self.members = members
    self.starts = starts
  }

  public var space: TokenSpace { list.space }

  public mutating func evaluate(
    _ x: TokenSequences, at t: Times, into p: inout TokenProbabilities
  ) {
    precondition(x.space == space && p.space == space && p.count == x.count, "other shapes")
    p.clear()
    for j in 0..<x.count {
      switch path.source {
      case .mask: fit(x, j, &p)
      case .uniform: weigh(x, j, at: t[j], &p)
      }
    }
  }

  private mutating func fit(_ x: TokenSequences, _ j: Int, _ p: inout TokenProbabilities) {
    let (l, v) = (space.length, space.letters)
    var hasLetters = false
    for k in 0..<setSize { chosen[k] = .max }
    for i in 0..<l where x[i, j] < space.mask {
      hasLetters = true
      let start = (i * v + Int(x[i, j])) * setSize
      for k in 0..<setSize { chosen[k] &= sets[start + k] }
      p[Int(x[i, j]), i, j] = 1
    }
    guard hasLetters else {
      let start = p.offset(0, j)
      for k in 0..<l * v { p.values[start + k] = marginal[k] }
      return
    }
    var count = 0
    for k in 0..<setSize { count += chosen[k].nonzeroBitCount }
    if count == 0 {
      p.isImpossible[j] = true
      count = chooseNearest(x, j)
    }
    let share = 1 / Double(count)
    for i in 0..<l where x[i, j] == space.mask {
      let start = p.offset(i, j)
      for k in 0..<setSize {
        var bits = chosen[k]
        while bits != 0 {
          let word = 64 * k + bits.trailingZeroBitCount
          p.values[start + Int(list.words[i, word])] += share
          bits &= bits - 1
        }
      }
    }
  }

  /// Chooses the words that share most letters with x, and returns how many.
  private mutating func chooseNearest(_ x: TokenSequences, _ j: Int) -> Int {
    let most = countMatches(x, j)
    var count = 0
    for k in 0..<setSize { chosen[k] = 0 }
    for w in matches.indices where matches[w] == most {
      chosen[w / 64] |= 1 << UInt64(w % 64)
      count += 1
    }
    return count
  }

  /// Counts the letters that words share with x; returns the most.
  private mutating func countMatches(_ x: TokenSequences, _ j: Int) -> Int {
    for w in touched { matches[Int(w)] = 0 }
    touched.removeAll(keepingCapacity: true)
    var most = 0
    for i in 0..<space.length where x[i, j] < space.mask {
      let place = i * space.letters + Int(x[i, j])
      for k in starts[place]..<starts[place + 1] {
        let w = Int(members[k])
        if matches[w] == 0 { touched.append(members[k]) }
        matches[w] += 1
        most = max(most, matches[w])
      }
    }
    return most
  }

  /// All words weigh as those that share no letter, and those that share one more than that.
  private mutating func weigh(
    _ x: TokenSequences, _ j: Int, at t: Double, _ p: inout TokenProbabilities
  ) {
    let most = countMatches(x, j)
    let complement = path.schedule.complement(t)
    let q = complement / (complement + Double(space.letters) * (1 - complement))
    // The weight by the letters that are shared: 1 for the most.
    var powers = [1.0]
    for _ in 0..<most { powers.insert(powers[0] * q, at: 0) }
    let (m, least) = (list.count, powers[0])
    var total = Double(m) * least
    for w in touched { total += powers[matches[Int(w)]] - least }
    let start = p.offset(0, j)
    let common = Double(m) * least / total
    for k in marginal.indices { p.values[start + k] = common * marginal[k] }
    for w in touched {
      let more = (powers[matches[Int(w)]] - least) / total
      for i in 0..<space.length {
        p.values[start + i * space.letters + Int(list.words.values[i * m + Int(w)])] += more
      }
    }
  }
}

extension WordList {
  public func posterior(along path: TokenPath) -> any TokenPosterior {
    ListPosterior(self, path: path)
  }
}
