import FileFormats
import FlowMatching

/// A stored run of letters as commands use it: what was learned, the data, and the way of sequences.
struct LetterRun {
  let experiment: Experiment
  /// The data that it learned.
  let dataset: Dataset
  let tokens: any TokenDistribution
  let path: TokenPath
  /// What was learned, and what is known exactly.
  let learned, exact: any TokenPosterior
  let step: Int?

  /// As many sequences go together.
  static let chunk = 1 << 13

  /// What a file has learned; nil where that are no letters.
  init?(_ stored: StoredRun, _ checkpoint: String) throws {
    guard let experiment = stored.experiment, experiment.traits.tokens != nil else { return nil }
    let known: Dataset?
    do throws(FileFailure) { known = try stored.dataset() } catch {
      throw Failure.file(error, checkpoint, isInput: true)
    }
    guard let known, let tokens = known.tokens,
      let learned = experiment.velocityField(of: stored.weights).posterior
    else { return nil }
    self.experiment = experiment
    dataset = known
    self.tokens = tokens
    path = experiment.tokenPath
    self.learned = learned
    exact = tokens.posterior(along: path)
    step = stored.step
  }

  /// `count` sequences from the source along a way, by a seed; `progress` hears of the share done.
  func sequences(
    _ posterior: any TokenPosterior, _ plan: TokenPlan, count: Int, seed: UInt64,
    progress: (Double) -> Void = { _ in }
  ) -> TokenSequences {
    var all = TokenSequences(space: tokens.space, count: count)
    var done = 0
    while done < count {
      let part = min(LetterRun.chunk, count - done)
      let drawn = chunk(posterior, plan, count: part, from: done, seed: seed) { share in
        progress((Double(done) + share * Double(part)) / Double(count))
      }
      for i in 0..<tokens.space.length {
        for j in 0..<part { all[i, done + j] = drawn[i, j] }
      }
      done += part
    }
    return all
  }

  /// The sequences of a chunk, the first of which is number `from`.
  func chunk(
    _ posterior: any TokenPosterior, _ plan: TokenPlan, count: Int, from: Int, seed: UInt64,
    progress: (Double) -> Void = { _ in }
  ) -> TokenSequences {
    var random = Random(seed: seed).stream("words \(from / LetterRun.chunk)")
    let x0 = path.start(tokens.space, count: count, using: &random)
    var sampler = TokenSampler(posterior, along: path, plan, from: x0, random: random)
    while sampler.status == .running {
      _ = sampler.advance(budget: LetterRun.chunk)
      progress(sampler.progress)
    }
    return sampler.state
  }
}
