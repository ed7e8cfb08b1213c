import ArgumentParser
import FileFormats
import FlowMatching
import Foundation
import Synchronization

/// The user's own points as the target or the source: the same options wherever something trains.
struct TargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Learn the points of this npy or CSV file, or a mixture of JSON; - reads CSV.",
      valueName: "file"),
    completion: .file())
  var data: String?

  @Option(
    name: [.long, .customLong("words")],
    help: ArgumentHelp(
      "Learn the words of this text, one a line and all of one length (as --data FILE.txt).",
      valueName: "file"), completion: .file())
  var tokens: String?

  @OptionGroup var columns: ColumnOptions
  @OptionGroup var notationOptions: NotationOptions

  @Option(
    help: ArgumentHelp(
      "The columns of a file of --source, as many as the data have; all takes every one.",
      valueName: "A,B,…"))
  var sourceColumns: String?

  @Option(
    help: ArgumentHelp(
      "Learn the posterior p(parameters | observed): the columns of --data that were observed, by name or "
        + "number; --columns are the parameters (default: all others).", valueName: "A,B,…"))
  var observations: String?

  @Option(
    help: ArgumentHelp(
      "Learn a population seen at several times: the column of --data that is the time, by name or number; "
        + "--columns are the coordinates (default: all others).", valueName: "column"))
  var time: String?

  @Flag(
    help: "Learn the points of files with mean 0 and deviation 1; checkpoints remember the scale.")
  var standardise = false

  /// Those that were given.
  var given: [String] {
    [
      ("data", data != nil), ("words", tokens != nil), ("columns", columns.columns != nil),
      ("source-columns", sourceColumns != nil), ("standardise", standardise),
      ("observations", observations != nil), ("time", time != nil),
    ].filter(\.1).map(\.0)
  }

  /// The target of an experiment, named as its file is, with the points of `source` where that is a
  /// file.
  ///
  /// `labels` is what `--labels` says, where it was given.
  func dataset(
    of experiment: Experiment, source: String?, labels: String? = nil, quiet: Bool = false
  ) throws -> Dataset {
    let labels = labels == Experiment.noLabels ? nil : labels
    if let words = try wordData() {
      if labels != nil {
        throw Failure.usage("words have no classes: leave out --labels", option: "--labels")
      }
      return words
    }
    if let labels, data == nil, labels != Experiment.ownLabels {
      throw Failure.usage(
        "--labels \(Output.visible(labels)) is a column or a file beside --data FILE; a data set's own "
          + "classes are --labels \(Experiment.ownLabels)", option: "--labels")
    }
    if source == "-" && data == "-" {
      throw Failure.usage("--source and --data cannot both read standard input")
    }
    let space = experiment.curvedSpace
    if observations != nil && time != nil {
      throw Failure.usage("--observations and --time are of different data: give one of them")
    }
    if let observations {
      return try simulations(
        observations, space: space, hasSource: source != nil, hasLabels: labels != nil, quiet)
    }
    if let time {
      return try snapshots(
        time, space: space, hasSource: source != nil, hasLabels: labels != nil, quiet)
    }
    if standardise, let space {
      throw Failure.usage(
        "points on the \(space.name) have no other units to be standardised to: leave out --standardise",
        option: "--standardise")
    }
    var place = try notationOptions.place(in: space)
    if space == nil { place.dimension = nil }
    var target =
      try given(place, labels.map(LabelReading.init), quiet)
      ?? DatasetCatalog.named(experiment.dataset)
    if data == nil, let notation = place.notation { target.notation = notation }
    guard let source else {
      if sourceColumns != nil { throw Failure.usage("--source-columns needs --source FILE") }
      if standardise && data == nil {
        throw Failure.usage("--standardise is for points of --data FILE or --source FILE")
      }
      return target
    }
    var sourcePlace = sourcePlace(place)
    sourcePlace.dimension = target.dimension
    let (starts, units) = try starts(of: source, sourcePlace, quiet)
    var given = target.with(source: starts)
    given.sourceUnits = units
    return given
  }

  /// The posterior that a file of simulations tells of.
  private func simulations(
    _ observed: String, space: (any Space)?, hasSource: Bool, hasLabels: Bool, _ quiet: Bool
  ) throws -> Dataset {
    guard let data else {
      throw Failure.usage(
        "--observations are columns of --data FILE; --dataset two-moons-posterior brings its own",
        option: "--observations")
    }
    let reason: String? =
      space.map { "parameters lie in flat space, not on the \($0.name): leave out --space" }
      ?? (hasLabels ? "a posterior has no classes: leave out --labels" : nil)
      ?? (hasSource ? "a posterior is learned from noise: leave out --source FILE" : nil)
    if let reason { throw Failure.usage(reason, option: "--observations") }
    return try ObservationReading(observed, chosen: columns.columns)
      .dataset(of: data, quiet: quiet)
  }

  /// The population that a file tells of.
  private func snapshots(
    _ time: String, space: (any Space)?, hasSource: Bool, hasLabels: Bool, _ quiet: Bool
  ) throws -> Dataset {
    guard let data else {
      throw Failure.usage(
        "--time is a column of --data FILE; --dataset \(DatasetCatalog.turningRing.name) brings its own",
        option: "--time")
    }
    let reason: String? =
      space.map { "snapshots lie in flat space, not on the \($0.name): leave out --space" }
      ?? (hasLabels ? "snapshots have no classes: leave out --labels" : nil)
      ?? (hasSource ? "snapshots start from the first of them: leave out --source FILE" : nil)
    if let reason { throw Failure.usage(reason, option: "--time") }
    return try SnapshotReading(time: time, chosen: columns.columns)
      .dataset(of: data, standardise: standardise, quiet: quiet)
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
      ("--observations", observations != nil), ("--time", time != nil),
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

  /// Where the points of `--source` lie: by the same angles on the torus, on the sphere as their columns
  /// say.
  private func sourcePlace(_ place: PointPlace) -> PointPlace {
    PointPlace(place.space, place.space is Torus ? place.notation : nil)
  }

  /// Networks take points in single precision, standardised in double.
  private var limit: CoordinateLimit { standardise ? .double : .single }

  /// The points of `--data` as a data set; nil where none was given.
  private func given(
    _ place: PointPlace, _ labels: LabelReading?, _ quiet: Bool
  ) throws -> Dataset? {
    guard let data else {
      if columns.columns != nil { throw Failure.usage("--columns needs --data FILE") }
      return nil
    }
    if MixtureFile.isNamed(data) {
      return try mixture(data, hasLabels: labels != nil, isCurved: place.space != nil)
    }
    let read = TargetOptions.watched(data, quiet)
    defer { read.finish() }
    let chosen = try labels.map { try $0.coordinates(of: data, chosen: columns.columns) }
    var points = try ColumnOptions.points(
      of: data, columns: chosen ?? columns.columns, in: place, limit: limit,
      takesPictures: place.space == nil, quiet: quiet, opening: read.open)
    let dataset: Dataset
    do throws(FileFailure) {
      let all = try points.all()
      read.finish()
      if let size = points.pictureSize {
        return try PictureReading(data, all, size, isStandardised: standardise).dataset(labels)
      }
      let (scaled, units) = try standardised(all, data, quiet)
      var flat = Dataset(name: Input.name(of: data), points: scaled)
      flat.units = units
      if place.space == nil, points.dimension != 2 {
        flat.columns = Units.usable(points.names)
      }
      if let space = place.space, let notation = points.notation, !quiet {
        Output.message("\(Output.visible(data)): \(notation.words), on the \(space.name)")
      }
      dataset = place.space.map { flat.within($0, points.notation) } ?? flat
    } catch { throw Failure.file(error, data, isInput: true) }
    guard let labels, let cloud = dataset.distribution as? PointCloud else { return dataset }
    return dataset.with(classes: try labels.classes(of: cloud.points, from: data))
  }

  /// The mixture of a file, which is no table of points.
  private func mixture(_ data: String, hasLabels: Bool, isCurved: Bool) throws -> Dataset {
    for (option, isGiven) in [
      ("--columns", columns.columns != nil), ("--standardise", standardise),
      ("--labels", hasLabels), ("--space", isCurved),
    ] where isGiven {
      throw Failure.usage("a mixture of a file has no points: leave out \(option)", option: option)
    }
    do throws(FileFailure) { return try MixtureFile.dataset(data) } catch {
      throw Failure.file(error, data, isInput: true)
    }
  }

  /// The points of `--source`.
  private func starts(
    of path: String, _ place: PointPlace, _ quiet: Bool
  ) throws -> (Batch, Standardisation?) {
    let read = TargetOptions.watched(path, quiet)
    defer { read.finish() }
    var points = try ColumnOptions.points(
      of: path, columns: sourceColumns, option: "--source-columns", in: place, limit: limit,
      quiet: quiet, opening: read.open)
    do throws(FileFailure) {
      let all = try points.all()
      read.finish()
      return try standardised(all, path, quiet)
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
