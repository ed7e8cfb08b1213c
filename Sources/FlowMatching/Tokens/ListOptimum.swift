#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension WordList {
  /// The draws where nothing can be counted: fewer for a long list, whose every word each weighs.
  private var optimumDraws: Int { max(256, min(4096, (1 << 28) / words.values.count)) }

  /// From masks by counting words, where there are not too many sets of positions; else from draws.
  public func optimum(along path: TokenPath, until end: Double = 1) -> TokenOptimum {
    let length = space.length
    guard path.source == .mask, length <= 16, (count * length) << length <= 1 << 23 else {
      return TokenOptimum.draws(optimumDraws, of: self, along: path, until: end)
    }
    let open = entropiesByOpenLetters()
    return TokenOptimum.quadrature(length: length, along: path, until: end) { kappa, complement in
      var sum = 0.0
      for set in 0...length {
        sum += power(kappa, set) * power(complement, length - set) * open[set]
      }
      return TokenOptimum.Entropies(others: sum, all: sum)
    }
  }

  /// For each number of set letters: the mean of −ln p of the open ones over the words, summed over the
  /// open positions and over the sets of positions of that number.
  private func entropiesByOpenLetters() -> [Double] {
    let length = space.length
    var sums = [Double](repeating: 0, count: length + 1)
    for set in 0..<1 << length {
      var counts: [[UInt16]: Int] = [:]
      let shown = (0..<count).map { word in
        (0..<length).map { set >> $0 & 1 == 1 ? words[$0, word] : space.mask }
      }
      for key in shown { counts[key, default: 0] += 1 }
      var sum = 0.0
      for i in 0..<length where set >> i & 1 == 0 {
        var finer: [[UInt16]: Int] = [:]
        for (word, key) in shown.enumerated() {
          var key = key
          key[i] = words[i, word]
          finer[key, default: 0] += 1
        }
        // Σ over words of −ln p: every group of n words has n·ln n of it.
        sum += counts.values.sorted().reduce(0) { $0 + Double($1) * log(Double($1)) }
        sum -= finer.values.sorted().reduce(0) { $0 + Double($1) * log(Double($1)) }
      }
      sums[set.nonzeroBitCount] += sum / Double(count)
    }
    return sums
  }

  private func power(_ x: Double, _ n: Int) -> Double {
    (0..<n).reduce(1) { product, _ in product * x }
  }
}
