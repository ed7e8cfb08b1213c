import FlowMatching

extension Preset {
  /// The presets of letters that jump.
  static let words: [Preset] = [
    Preset(
      "words", "Words from masks",
      """
      Every letter is open at first. At each step the network says how likely each letter is at each \
      open place, given those that are set; some jump there, lit, and stay. κ is the \
      share that is set by t. Green words are on the list, red ones with × are not. Click a word to see \
      what its open letters may become.
      """, lanes: [.letters(steps: 64)], mode: .loop, experiment: trainedWords),
    Preset(
      "words-from-noise", "Words from random letters",
      """
      The same words, but every place begins with a random letter: nothing marks what is still noise, \
      and the network has to tell by the others. A letter may jump to what it is already, and a wrong \
      one is put right as long as t < 1.
      """, lanes: [.letters(steps: 64)], mode: .loop,
      experiment: {
        trainedWords(&$0)
        $0.source = TokenSource.uniform.rawValue
      }),
    Preset(
      "words-alone", "Why some are no words",
      """
      Letters of one step jump by themselves, not knowing of each other: s·t may take i from “sit” in \
      one place and from another word in the next. The exact posterior, right, errs as well: it is the \
      step that is too long. N doubles the steps, and the share of wrong words halves: an error of \
      first order, as the chart shows.
      """, lanes: [.letters(steps: 8), .letters(steps: 8, along: .exact)], mode: .loop,
      experiment: trainedWords),
    Preset(
      "words-corrected", "Mending words",
      """
      Left 32 steps. Right 16, and then one letter of each word after another is opened and drawn anew, \
      16 times: what no word allows is replaced, so that nearly all become words at the same cost. \
      Throwing letters back on the way (parameter stochasticity) needs more steps to pay.
      """, lanes: [.letters(steps: 32), redrawn], mode: .loop, experiment: trainedWords),
  ]

  private static let redrawn: LaneSettings = {
    var choice = TokenChoice()
    choice.redraws = 16
    return .letters(choice, steps: 16)
  }()

  /// What learns the list in five minutes on two cores.
  private static func trainedWords(_ experiment: inout Experiment) {
    experiment.choose(DatasetCatalog.words)
    experiment.widths = [512, 512]
    experiment.batch = 512
    experiment.learningRate = 2e-3
    // What an even rate leaves undone is its own noise.
    experiment.learningRateDecay = .linear
    experiment.steps = 12_000
  }
}
