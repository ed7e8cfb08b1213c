import Foundation
import Kernels
import Testing

/// A network of letters and its loss in Double, term by term.
private struct NaiveLetters {
  let positions, states, letters, numbers: Int
  let widths: [Int]
  var weights: [Double]
  let sequences, targets: [[Int]]
  let times: [[Double]]
  /// Rates of the generalised divergence; nil for the cross-entropy.
  let rates: [Double]?
  /// What is added to the logit of a letter that is set; nil where it is known.
  let evidence: [Double]?

  func logits(_ j: Int) -> [Double] {
    var values = [Double](repeating: 0, count: positions * states) + times[j]
    for (i, letter) in sequences[j].enumerated() { values[i * states + letter] = 1 }
    var offset = 0
    for layer in 1..<widths.count {
      if layer > 1 { values = values.map { $0 / (1 + exp(-$0)) } }
      let (inputs, outputs) = (widths[layer - 1], widths[layer])
      values = (0..<outputs).map { o in
        (0..<inputs).reduce(weights[offset + inputs * outputs + o]) {
          $0 + values[$1] * weights[offset + o * inputs + $1]
        }
      }
      offset += (inputs + 1) * outputs
    }
    return values
  }

  /// The sum of the losses.
  var loss: Double {
    var sum = 0.0
    for j in sequences.indices {
      let z = logits(j)
      for i in 0..<positions {
        let (x, target) = (sequences[j][i], targets[j][i])
        if x < letters && evidence == nil { continue }
        var row = Array(z[i * letters..<(i + 1) * letters])
        if x < letters, let evidence { row[x] += evidence[j] }
        let total = row.reduce(0) { $0 + exp($1) }
        let logTarget = row[target] - log(total)
        guard let rates else {
          sum -= logTarget
          continue
        }
        let own = x < letters ? exp(row[x]) / total : 0
        sum -= rates[j] * (own + (x == target ? -1 : logTarget))
      }
    }
    return sum
  }

  /// Its slope by one weight, by central differences of order four.
  func slope(_ k: Int) -> Double {
    func loss(_ shift: Double) -> Double {
      var moved = self
      moved.weights[k] += shift
      return moved.loss
    }
    let h = 1e-3
    return (8 * (loss(h) - loss(-h)) - (loss(2 * h) - loss(-2 * h))) / (12 * h)
  }
}

@Suite("Networks of letters")
struct LetterTests {
  private func example(
    _ hidden: [Int], mask: Bool, rates: Bool, count: Int
  ) -> NaiveLetters {
    var random = SmallRandom(state: UInt64(7 + hidden.count + count))
    let (positions, letters, numbers) = (3, 5, 2)
    let states = mask ? letters + 1 : letters
    let widths = [positions * states + numbers] + hidden + [positions * letters]
    let size = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    // Numbers that single precision holds.
    func number() -> Double { Double(Float(random.uniform() - 0.5)) }
    return NaiveLetters(
      positions: positions, states: states, letters: letters, numbers: numbers, widths: widths,
      weights: (0..<size).map { _ in number() },
      sequences: (0..<count).map { _ in (0..<positions).map { _ in random.below(states) } },
      targets: (0..<count).map { _ in (0..<positions).map { _ in random.below(letters) } },
      times: (0..<count).map { _ in (0..<numbers).map { _ in number() } },
      rates: rates ? (0..<count).map { _ in 1 + number() } : nil,
      evidence: mask ? nil : (0..<count).map { _ in 1 + number() })
  }

  private func network(_ naive: NaiveLetters, _ set: InstructionSet) -> LetterNetwork {
    LetterNetwork(
      positions: naive.positions, states: naive.states, letters: naive.letters,
      numbers: naive.numbers, hiddenWidths: Array(naive.widths[1..<naive.widths.count - 1]),
      nonlinearity: .silu, instructionSet: set)
  }

  private func rows<Value>(_ values: [[Value]], _ count: Int) -> [Value] {
    (0..<count).flatMap { i in values.map { $0[i] } }
  }

  /// The loss, by its terms, and the gradient.
  private func measured(
    _ naive: NaiveLetters, _ set: InstructionSet, pool: WorkerPool? = nil
  ) -> (loss: Double, gradient: [Float]) {
    var network = network(naive, set)
    let n = naive.sequences.count
    let sequences = rows(naive.sequences, naive.positions).map { UInt16($0) }
    let targets = rows(naive.targets, naive.positions).map { UInt16($0) }
    var terms = [Float](repeating: .nan, count: 3 * sequences.count)
    var gradient = [Float](repeating: .nan, count: network.parameterCount)
    network.lossGradient(
      weights: naive.weights.map { Float($0) }, sequences: sequences,
      numbers: rows(naive.times, naive.numbers).map { Float($0) },
      targets: LetterNetwork.Targets(
        letters: targets, rates: naive.rates?.map { Float($0) },
        evidence: naive.evidence?.map { Float($0) }), scale: 1, terms: &terms,
      gradient: &gradient, pool: pool)
    var loss = 0.0
    for k in sequences.indices {
      if Int(sequences[k]) < naive.letters && naive.evidence == nil { continue }
      let logTarget = Double(terms[k]) - log(Double(terms[sequences.count + k]))
      guard let rates = naive.rates else {
        loss -= logTarget
        continue
      }
      let own = Double(terms[2 * sequences.count + k])
      loss -= rates[k % n] * (own + (sequences[k] == targets[k] ? -1 : logTarget))
    }
    return (loss, gradient)
  }

  @Test(
    "Logits, loss and gradient are those of sums in Double, for every instruction set",
    arguments: InstructionSet.available)
  func oracle(set: InstructionSet) {
    for (hidden, count) in [([9], 5), ([33], 34), ([7, 12], 3), ([40, 8], 2)] {
      for (mask, rates) in [(true, true), (true, false), (false, true), (false, false)] {
        let naive = example(hidden, mask: mask, rates: rates, count: count)
        let (loss, gradient) = measured(naive, set)
        #expect(abs(loss - naive.loss) < 1e-5 * abs(naive.loss), "\(hidden) \(mask) \(rates)")
        let largest = gradient.map { Double(abs($0)) }.max() ?? 0
        // A few of every layer: each takes four sums over all sequences.
        for k in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 12)) {
          let off = abs(Double(gradient[k]) - naive.slope(k))
          #expect(off < 1e-5 * largest, "\(hidden) \(mask) \(rates) \(count) weight \(k)")
        }
        var network = network(naive, set)
        var logits = [Float](
          repeating: .nan, count: count * naive.positions * naive.letters)
        network.evaluate(
          weights: naive.weights.map { Float($0) },
          sequences: rows(naive.sequences, naive.positions).map { UInt16($0) },
          numbers: rows(naive.times, naive.numbers).map { Float($0) }, into: &logits)
        let all = naive.sequences.indices.flatMap(naive.logits)
        let worst = zip(logits, all).map { abs(Double($0) - $1) }.max() ?? .nan
        #expect(worst < 1e-5)
      }
    }
  }

  @Test("The bits of a gradient do not depend on the threads", arguments: InstructionSet.available)
  func threads(set: InstructionSet) {
    // Three shards; wide enough for turned weights.
    let naive = example([130], mask: true, rates: true, count: 1100)
    #expect(network(naive, set).shards(count: 1100) == 3)
    let alone = measured(naive, set)
    let shared = measured(naive, set, pool: WorkerPool(threads: 2))
    #expect(alone.gradient == shared.gradient && alone.loss == shared.loss)
    // The sum of its parts.
    var parts = [Double](repeating: 0, count: alone.gradient.count)
    for j in [0..<400, 400..<1100] {
      let part = NaiveLetters(
        positions: naive.positions, states: naive.states, letters: naive.letters,
        numbers: naive.numbers, widths: naive.widths, weights: naive.weights,
        sequences: Array(naive.sequences[j]), targets: Array(naive.targets[j]),
        times: Array(naive.times[j]), rates: naive.rates.map { Array($0[j]) }, evidence: nil)
      for (k, value) in measured(part, set).gradient.enumerated() { parts[k] += Double(value) }
    }
    let largest = parts.map(abs).max() ?? 0
    #expect(zip(alone.gradient, parts).allSatisfy { abs(Double($0) - $1) < 1e-5 * largest })
  }
}

/// A small generator with a fixed sequence.
private struct SmallRandom {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
  mutating func below(_ bound: Int) -> Int { Int(uniform() * Double(bound)) }
}
