import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What became of the words of a lane at t, and of their letters in the step that led there.
public struct WordPicture: Sendable {
  /// What a word is.
  enum Fate: Sendable, Hashable {
    /// Letters are still to come, and some word of the data fits those that are there.
    case open
    /// Letters are still to come, but none fits.
    case deadEnd
    /// A word that the data can yield.
    case real
    /// One that they cannot.
    case other
  }

  /// What it is a picture of.
  struct Key: Sendable, Hashable {
    let settings: LaneSettings
    let knot: Double
    let isEnd: Bool
    let weightsStep, generation, noiseIndex, count: Int
  }

  /// The most words that are looked at.
  static let limit = 4096

  let key: Key
  let words: TokenSequences
  let fates: [Fate]
  /// Which letters have jumped, as the words lie.
  let jumped: [Bool]

  init(
    _ key: Key, _ now: Batch, _ before: Batch, _ tokens: any TokenDistribution,
    _ exact: any TokenPosterior, path: TokenPath
  ) {
    self.key = key
    let space = tokens.space
    let n = min(now.count, WordPicture.limit)
    let words = TokenSequences(space: space, points: now.prefix(n))
    self.words = words
    let past = before.prefix(n)
    jumped = words.values.indices.map { Double(words.values[$0]) != past.values[$0] }
    var fates = (0..<n).map { j -> Fate in
      let word = words.sequence(j)
      let isDone = path.source == .mask ? !word.contains(space.mask) : key.isEnd
      guard isDone else { return .open }
      return tokens.probability(of: word) > 0 ? .real : .other
    }
    if path.source == .mask {
      // A state that the data cannot have led to ends as no word of theirs.
      let open = fates.indices.filter { fates[$0] == .open }
      let some = TokenSequences(space: space, sequences: open.map(words.sequence))
      var (posterior, p) = (exact, TokenProbabilities(space: space, count: open.count))
      posterior.evaluate(some, at: .shared(key.knot), into: &p)
      for (k, j) in open.enumerated() where p.isImpossible[k] { fates[j] = .deadEnd }
    }
    self.fates = fates
  }

  func count(_ fate: Fate) -> Int { fates.count { $0 == fate } }

  /// Letters that have jumped in this step.
  var jumps: Int { jumped.count { $0 } }

  /// The share of the finished words that are real; nil where none is finished.
  var realShare: Double? {
    let (real, other) = (count(.real), count(.other))
    return real + other > 0 ? Double(real) / Double(real + other) : nil
  }
}

/// What is said of the letters of one word.
struct LetterPicture: Sendable {
  struct Key: Sendable, Hashable {
    let picture: WordPicture.Key
    let index: Int
  }

  let key: Key
  let word: [UInt16]
  /// p_{1|t} of every position, as the lane follows it.
  let probabilities: [[Double]]
  /// Words of the data that fit the letters that are set, the first few; nil where no list is known or
  /// every word fits.
  let fitting: [[UInt16]]?
  let fittingCount: Int

  static let most = 64

  init(_ key: Key, _ word: [UInt16], _ posterior: any TokenPosterior, _ list: WordList?) {
    self.key = key
    self.word = word
    let space = posterior.space
    let p = posterior.probabilities(
      TokenSequences(space: space, sequences: [word]), at: key.picture.knot)
    probabilities = (0..<space.length).map { Array(p.letters($0, 0)) }
    guard let list, word.contains(where: { $0 < space.mask }) else {
      fitting = nil
      fittingCount = list?.count ?? 0
      return
    }
    var found: [[UInt16]] = []
    var count = 0
    for j in 0..<list.count {
      let fits = word.indices.allSatisfy { word[$0] == space.mask || word[$0] == list.words[$0, j] }
      guard fits else { continue }
      count += 1
      if found.count < LetterPicture.most { found.append(list.words.sequence(j)) }
    }
    fitting = found
    fittingCount = count
  }

  /// −Σ p log₂ p of a position, in bits.
  func entropy(_ position: Int) -> Double {
    max(0, -probabilities[position].reduce(0) { $0 + ($1 > 0 ? $1 * log2($1) : 0) })
  }
}
