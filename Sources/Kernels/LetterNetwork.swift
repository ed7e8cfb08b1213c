import CKernels

/// A network of dense layers from one-hot letters and a few numbers to logits of every letter.
///
/// The features are `states` inputs for each of `positions`, one of them 1 and the others 0, and behind
/// them so many numbers; the outputs are `letters` logits for each position. The first layer is gathered:
/// no zero is multiplied. Weights lie as a `DenseNetwork`'s; letters are a row per position.
public struct LetterNetwork: Sendable {
  /// The letters of a sequence, the states of each, and the letters that have logits.
  public let positions, states, letters: Int
  /// The number of features, the hidden widths, the number of outputs.
  public let widths: [Int]
  /// The activation of the hidden layers.
  public let nonlinearity: Nonlinearity
  /// What the loops are compiled for.
  public let instructionSet: InstructionSet
  /// The number of weights and biases.
  public let parameterCount: Int
  private var logitScratch = Scratch()
  private var gradientScratch = Scratch()

  /// A network with a hidden layer at least; a letter has at most as many logits as states.
  public init(
    positions: Int, states: Int, letters: Int, numbers: Int, hiddenWidths: [Int],
    nonlinearity: Nonlinearity, instructionSet: InstructionSet = .best
  ) {
    precondition(
      positions > 0 && letters > 0 && letters <= states && numbers >= 0
        && !hiddenWidths.isEmpty && hiddenWidths.allSatisfy { $0 > 0 },
      "every layer needs a unit at least")
    self.positions = positions
    self.states = states
    self.letters = letters
    let widths = [positions * states + numbers] + hiddenWidths + [positions * letters]
    self.widths = widths
    self.nonlinearity = nonlinearity
    self.instructionSet = instructionSet
    parameterCount = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
  }

  /// The numbers behind the letters.
  public var numbers: Int { widths[0] - positions * states }

  private var layers: Int { widths.count - 1 }
  private var isWide: Bool { (widths.dropFirst().max() ?? 1) >= 128 }

  /// Floats of the first layer turned.
  private var firstLayer: Int {
    let panel = DenseNetwork.panelWidth
    return (widths[0] + 1) * ((widths[1] + panel - 1) / panel * panel)
  }

  /// Writes the logits of n sequences, positions·letters after one another for each.
  public mutating func evaluate(
    weights: [Float], sequences: [UInt16], numbers: [Float], into logits: inout [Float]
  ) {
    let count = check(weights, sequences, numbers)
    precondition(logits.count == count * positions * letters, "a logit for each letter")
    guard count > 0 else { return }
    let panel = DenseNetwork.panelWidth
    let greatest = widths.dropFirst().max() ?? 1
    let panels = greatest <= 128 ? 2 : 8
    let floats = firstLayer + 2 * panels * greatest * panel + 2 * panel * panel
    let (table, layers, code) = (instructionSet.table, layers, nonlinearity.rawValue)
    let (widths, positions, states) = (widths, positions, states)
    logitScratch.withFloats(floats) { scratch in
      sequences.withUnsafeBufferPointer { sequences in
        numbers.withUnsafeBufferPointer { numbers in
          let x = letters_t(
            values: sequences.baseAddress, positions: positions, states: states, count: count,
            others: numbers.baseAddress)
          table.letter_logits(widths, layers, code, weights, x, &logits, panels, scratch)
        }
      }
    }
  }

  /// What sequences are judged by.
  public struct Targets {
    /// The letters that are to be found, like the sequences.
    public var letters: [UInt16]
    /// For each sequence r of the loss −r·(p(x) − δ + (1 − δ) ln p(x₁)); nil for −ln p(x₁).
    public var rates: [Float]?
    /// For each sequence what is added to the logit of a letter that is set; nil where it is known.
    public var evidence: [Float]?

    public init(letters: [UInt16], rates: [Float]?, evidence: [Float]?) {
      self.letters = letters
      self.rates = rates
      self.evidence = evidence
    }
  }

  /// Overwrites `gradient` by that of scale·ΣL over all letters of n sequences, and `terms` by three
  /// numbers of each, plane after plane: the target's logit less the greatest, Σe^(z − greatest), p(x).
  ///
  /// Large batches are cut into shards that the pool's threads share; the bits do not depend on it.
  public mutating func lossGradient(
    weights: [Float], sequences: [UInt16], numbers: [Float], targets: Targets, scale: Double,
    terms: inout [Float], gradient: inout [Float], pool: WorkerPool? = nil
  ) {
    let count = check(weights, sequences, numbers)
    precondition(gradient.count == parameterCount, "a gradient has an element per weight")
    precondition(targets.letters.count == sequences.count, "a target for each letter")
    precondition(terms.count == 3 * sequences.count, "three terms for each letter")
    precondition(
      (targets.rates?.count ?? count) == count && (targets.evidence?.count ?? count) == count,
      "a rate and an evidence for each sequence")
    precondition(
      targets.letters.allSatisfy { Int($0) < self.letters }, "every target is a letter")
    let plan = LetterPlan(
      widths: widths, count: count, parameters: parameterCount, firstLayer: firstLayer,
      isWide: isWide)
    let threads = plan.shards > 1 ? pool?.threads ?? 1 : 1
    let (table, code) = (instructionSet.table, nonlinearity.rawValue)
    let (widths, positions, states, letters) = (widths, positions, states, letters)
    gradientScratch.withFloats(plan.floats(threads: threads)) { scratch in
      withPointers(sequences, numbers, targets) { values, others, wanted, rates, evidence in
        let x = letters_t(
          values: values, positions: positions, states: states, count: count, others: others)
        terms.withUnsafeMutableBufferPointer { terms in
          let loss = letter_loss_t(
            targets: wanted, letters: letters, rates: rates, evidence: evidence,
            scale: Float(scale), terms: terms.baseAddress)
          LetterJob.run(
            plan, table, widths, code, weights, x, loss, &gradient, scratch,
            threads > 1 ? pool : nil)
        }
      }
    }
  }

  /// How many shards a batch has, which threads can share.
  public func shards(count: Int) -> Int {
    LetterPlan(
      widths: widths, count: count, parameters: parameterCount, firstLayer: firstLayer,
      isWide: isWide
    ).shards
  }

  private func check(_ weights: [Float], _ sequences: [UInt16], _ numbers: [Float]) -> Int {
    precondition(weights.count == parameterCount, "a weight is missing or left over")
    precondition(sequences.count % positions == 0, "sequences have \(positions) letters")
    precondition(sequences.allSatisfy { Int($0) < states }, "every letter is a state")
    let count = sequences.count / positions
    precondition(numbers.count == self.numbers * count, "the numbers of every sequence")
    return count
  }
}

private func withPointers(
  _ sequences: [UInt16], _ numbers: [Float], _ targets: LetterNetwork.Targets,
  _ body: (
    UnsafePointer<UInt16>?, UnsafePointer<Float>?, UnsafePointer<UInt16>?, UnsafePointer<Float>?,
    UnsafePointer<Float>?
  ) -> Void
) {
  sequences.withUnsafeBufferPointer { sequences in
    numbers.withUnsafeBufferPointer { numbers in
      targets.letters.withUnsafeBufferPointer { letters in
        (targets.rates ?? []).withUnsafeBufferPointer { rates in
          (targets.evidence ?? []).withUnsafeBufferPointer { evidence in
            body(
              sequences.baseAddress, numbers.baseAddress, letters.baseAddress,
              targets.rates == nil ? nil : rates.baseAddress,
              targets.evidence == nil ? nil : evidence.baseAddress)
          }
        }
      }
    }
  }
}
