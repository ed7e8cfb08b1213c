import FileFormats
import FlowMatching

/// What `sample` does where letters jump.
extension Sample {
  /// Draws words, a line each, or rows of letters.
  func sampleLetters(_ run: LetterRun, seed: UInt64, out: String) throws {
    try refuseForLetters()
    let choice = try letters.choice(along: run.path)
    let plan = TokenPlan(choice, steps: try solver.letterSteps())
    let count = count ?? 1000
    let writer = try WordWriter(out, run.tokens)
    var progress = WorkProgress(
      "sample", isShown: !report.quiet && !(out == "-" && ProgressLine.sharesTerminal))
    defer { progress.finish() }
    var (done, real) = (0, 0.0)
    while done < count {
      let part = min(LetterRun.chunk, count - done)
      let words = run.chunk(run.learned, plan, count: part, from: done, seed: seed) { share in
        progress.update(
          (Double(done) + share * Double(part)) / Double(count), "\(done) words done")
      }
      real += run.tokens.supportShare(of: words) * Double(part)
      try writer.append(words)
      done += part
    }
    try writer.finish()
    progress.finish()
    let result = LetterResult(
      count: count, nfe: plan.evaluations, out: out, seed: seed,
      shareOnSupport: real / Double(count), stochasticity: choice.stochasticity,
      corrector: choice.corrector, temperature: choice.temperature, redraws: choice.redraws)
    if report.json { return try Output.json(result) }
    if !report.quiet && out != "-" {
      Output.message(
        "\(count) words to \(Output.visible(out)), NFE \(plan.evaluations), seed \(seed), "
          + "\(TableFigure.text(100 * result.shareOnSupport, digits: 3)) % of the list")
    }
  }

  /// Refuses what letters do not know.
  private func refuseForLetters() throws {
    for (option, isGiven, why) in [
      ("--from", from != nil, "words are drawn, not pushed"),
      ("--reverse", reverse, "letters jump forwards only"),
      ("--log-density", logDensity, "words have no density"),
      ("--added-noise", addedNoise != nil, "letters jump at random as it is: see --stochasticity"),
      ("--epsilon", epsilon != nil, "letters have no ε: see --stochasticity"),
      ("--columns", columns.columns != nil, "words are drawn, not read"),
    ] where isGiven {
      throw Failure.usage("\(why): leave out \(option)", option: option)
    }
  }

  /// What was done.
  private struct LetterResult: Encodable {
    let count, nfe: Int
    let out: String
    let seed: UInt64
    let shareOnSupport, stochasticity, corrector, temperature: Double
    let redraws: Int
  }
}

/// Sequences to a file as they come: words a line, CSV of letters, or npy of their numbers.
final class WordWriter {
  private let alphabet: Alphabet?
  private let points: PointWriter?
  private let file: AtomicFile?
  private let path: String
  private let isTable: Bool

  init(_ path: String, _ tokens: any TokenDistribution) throws {
    self.path = path
    alphabet = tokens.alphabet
    let isCsv = path.hasSuffix(".csv")
    guard
      path == "-" || isCsv || path.hasSuffix(".npy") || Input.isText(path)
        || POSIXFile.isSpecial(path)
    else {
      throw Failure.usage(
        "--out: \(Output.visible(path)) must end in .txt, .csv or .npy, or be -", option: "--out")
    }
    let names = (1...tokens.space.length).map { "letter_\($0)" }
    // Letters that are numbers are a table too: without blanks between none could be told.
    isTable = isCsv || alphabet == nil
    if alphabet == nil && Input.isText(path) {
      throw Failure.usage(
        "--out: these letters are numbers, which have no text: use .csv or .npy", option: "--out")
    }
    if path.hasSuffix(".npy") {
      points = try PointWriter(path, columns: names)
      file = nil
      return
    }
    points = nil
    do throws(FileFailure) { file = path == "-" ? nil : try AtomicFile(replacing: path) } catch {
      throw Failure.file(error, path)
    }
    if isTable { try write(names.joined(separator: ",") + "\n") }
  }

  /// Appends sequences.
  func append(_ words: TokenSequences) throws {
    if let points { return try points.append(words.points.interleaved) }
    var text = ""
    for j in 0..<words.count {
      let letters = words.sequence(j).map { letter in
        alphabet.map { WordWriter.field($0.letter(letter), isTable: isTable) } ?? "\(letter)"
      }
      text += letters.joined(separator: isTable ? "," : "") + "\n"
    }
    try write(text)
  }

  /// A letter as it is written, in a table as a field of CSV.
  private static func field(_ letter: Character, isTable: Bool) -> String {
    guard isTable else { return String(letter) }
    switch letter {
    case "\"": return "\"\"\"\""
    case ",": return "\",\""
    default: return String(letter)
    }
  }

  private func write(_ text: String) throws {
    guard let file else { return try Output.data(text) }
    do throws(FileFailure) { try file.write(Array(text.utf8)) } catch {
      throw Failure.file(error, path)
    }
  }

  /// Completes the file and puts it in its place.
  func finish() throws {
    try points?.finish()
    do throws(FileFailure) { try file?.commit() } catch { throw Failure.file(error, path) }
  }
}
