import ArgumentParser
import FileFormats
import FlowMatching
import Foundation
import Synchronization

/// The user's own points as the target or the source: the same options wherever something trains.
struct TargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Learn the points of this npy or CSV file; - reads CSV.", valueName: "file"),
    completion: .file())
  var data: String?

  @Option(
    name: [.long, .customLong("words")],
    help: ArgumentHelp(
      "Learn the words of this text, one a line and all of one length (as --data FILE.txt).",
      valueName: "file"), completion: .file())
  var tokens: String?

  @OptionGroup var columns: ColumnOptions

  @Option(
    help: ArgumentHelp("Two columns of a CSV file of --source.", valueName: "A,B"))
  var sourceColumns: String?

  @Flag(
    help: "Learn the points of files with mean 0 and deviation 1; checkpoints remember the scale.")
  var standardise = false

  /// The target of an experiment, named as its file is, with the points of `source` where that is a
  /// file.
  func dataset(
    of experiment: Experiment, source: String?, quiet: Bool = false
  ) throws -> Dataset {
    if let words = try wordData() { return words }
    if source == "-" && data == "-" {
      throw Failure.usage("--source and --data cannot both read standard input")
    }
    let target = try given(quiet) ?? DatasetCatalog.named(experiment.dataset)
    guard let source else {
      if sourceColumns != nil { throw Failure.usage("--source-columns needs --source FILE") }
      if standardise && data == nil {
        throw Failure.usage("--standardise is for points of --data FILE or --source FILE")
      }
      return target
    }
    let (starts, units) = try starts(of: source, quiet)
    var given = target.with(source: starts)
    given.sourceUnits = units
    return given
  }

  private static let readWords = Mutex<[String: Dataset]>([:])

  /// The file of words, if one was given.
  var wordFile: String? { tokens ?? data.flatMap { Input.isText($0) ? $0 : nil } }

  /// The words of a file as a data set; nil where none was given.
  func wordData() throws -> Dataset? {
    guard let path = wordFile else { return nil }
    for (option, isGiven) in [
      ("--data", tokens != nil && data != nil), ("--columns", columns.columns != nil),
      ("--source-columns", sourceColumns != nil), ("--standardise", standardise),
    ] where isGiven {
      throw Failure.usage(
        "words of a file have no points: leave out \(option)", option: option)
    }
    // Standard input can be read once, and a run asks for its experiment and for its data.
    if let read = TargetOptions.readWords.withLock({ $0[path] }) { return read }
    do throws(FileFailure) {
      let words = Dataset(name: Input.name(of: path), words: try Input.words(path))
      TargetOptions.readWords.withLock { $0[path] = words }
      return words
    } catch { throw Failure.file(error, path, isInput: true) }
  }

  /// Networks take points in single precision, standardised in double.
  private var limit: CoordinateLimit { standardise ? .double : .single }

  /// The points of `--data` as a data set; nil where none was given.
  private func given(_ quiet: Bool) throws -> Dataset? {
    guard let data else {
      if columns.columns != nil { throw Failure.usage("--columns needs --data FILE") }
      return nil
    }
    let read = TargetOptions.watched(data, quiet)
    defer { read.finish() }
    let reader = try columns.reader(of: data, limit: limit, quiet: quiet, opening: read.open)
    do throws(FileFailure) {
      let (name, points) = try Input.points(of: data, reader)
      read.finish()
      let (scaled, units) = try standardised(points, data, quiet)
      var dataset = Dataset(name: name, points: scaled)
      dataset.units = units
      return dataset
    } catch { throw Failure.file(error, data, isInput: true) }
  }

  /// The points of `--source`.
  private func starts(of path: String, _ quiet: Bool) throws -> (Batch, Standardisation?) {
    let read = TargetOptions.watched(path, quiet)
    defer { read.finish() }
    let reader = try ColumnOptions.reader(
      of: path, columns: sourceColumns, limit: limit, quiet: quiet, opening: read.open)
    do throws(FileFailure) {
      let points = try Input.points(of: path, reader).points
      read.finish()
      return try standardised(points, path, quiet)
    } catch { throw Failure.file(error, path, isInput: true) }
  }

  /// Tells how far a long file is read, unless `quiet`.
  private static func watched(_ path: String, _ quiet: Bool) -> ReadShare {
    ReadShare(WorkProgress("read \(Input.name(of: path))", isShown: !quiet))
  }

  /// The points of a file, standardised where that was asked for, which is said unless `quiet`.
  private func standardised(
    _ points: Batch, _ path: String, _ quiet: Bool
  ) throws(FileFailure) -> (Batch, Standardisation?) {
    guard standardise else { return (points, nil) }
    guard let standard = Standardisation(of: points) else {
      throw .malformed("a coordinate is the same for all its points, which cannot be standardised")
    }
    if !quiet { Output.message("\(Output.visible(path)): \(standard.words)") }
    return (standard.applied(to: points), standard)
  }
}
