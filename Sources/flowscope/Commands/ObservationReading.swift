import FileFormats
import FlowMatching

/// The columns of a file of simulations: which are parameters, and which were observed of them.
struct ObservationReading {
  /// The observed columns, by name or number from 1.
  let observed: [String]
  /// Those of the parameters; nil takes all columns that are not observed.
  let chosen: [String]?
  /// What the observed ones are called where one is not there.
  private var option = ObservationReading.option

  static let option = "--observations"

  /// What `--observations` and `--columns` name, with commas between; nothing or all of the parameters takes
  /// every column that is not observed.
  init(_ observed: String, chosen: String?, naming option: String = ObservationReading.option) {
    func parts(_ text: String) -> [String] {
      text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    self.observed = parts(observed)
    self.chosen = chosen == ColumnOptions.all ? nil : chosen.map(parts)
    self.option = option
  }

  /// The columns that an experiment learned, where they are not named anew.
  init(
    _ experiment: Experiment, named observed: String?, parameters: [String]?, chosen: String?
  ) {
    self.init(observed ?? "", chosen: chosen)
    if observed == nil {
      self = ObservationReading(
        experiment.observations.map(\.name), self.chosen ?? (chosen == nil ? parameters : nil),
        "--observations, by which it was learned: name those of this file")
    } else if chosen == nil {
      self = ObservationReading(self.observed, parameters, option)
    }
  }

  private init(_ observed: [String], _ chosen: [String]?, _ option: String) {
    (self.observed, self.chosen, self.option) = (observed, chosen, option)
  }

  /// The columns of a file, and their names where it has some.
  private struct Extent {
    let width: Int
    let names: [String]?
  }

  /// The columns of both, by number from 1.
  private struct Parts {
    var parameters: [String] = []
    var observed: [String] = []
  }

  /// The parameters of a file, and what was observed of each, as they were measured.
  struct Pairs {
    let parameters, observations: Batch
    /// What the file calls them; nil where it does not.
    let parameterNames, observedNames: [String]?
  }

  /// The pairs of a file.
  func pairs(of data: String, quiet: Bool) throws -> Pairs {
    guard data != "-" else {
      throw Failure.usage(
        "\(option) needs a file, which is read twice, not standard input", option: option)
    }
    let parts: Parts
    do throws(FileFailure) { parts = try self.parts(of: data) } catch {
      throw Failure.file(error, data, isInput: true)
    }
    let parameters = try columns(parts.parameters, of: data, quiet: quiet)
    let seen = try columns(parts.observed, of: data, quiet: true)
    return Pairs(
      parameters: parameters.points, observations: seen.points,
      parameterNames: parameters.names, observedNames: seen.names)
  }

  /// The parameters of a file as a data set, standardised, with what was observed of each.
  func dataset(of data: String, quiet: Bool) throws -> Dataset {
    let pairs = try pairs(of: data, quiet: quiet)
    do throws(FileFailure) {
      guard let units = Standardisation(of: pairs.parameters) else {
        throw .malformed(
          "a parameter is the same for all its rows: choose others with --columns")
      }
      let scaled = units.applied(to: pairs.parameters)
      let names =
        Units.usable(pairs.observedNames)
        ?? (1...pairs.observations.dimension).map { "x\($0)" }
      guard
        let table = SimulationTable(
          parameters: scaled, observations: pairs.observations, named: names)
      else {
        throw .malformed(
          "an observed column is the same for all its rows, which tells nothing: leave it out")
      }
      var dataset = Dataset(name: Input.name(of: data), points: scaled).observing(table)
      dataset.units = units
      dataset.columns = Units.usable(pairs.parameterNames)
      if !quiet {
        Output.message(
          "\(Output.visible(data)): \(scaled.count) simulations, parameters \(units.words); observed "
            + table.columns.map(\.words).joined(separator: "; "))
      }
      return dataset
    } catch { throw Failure.file(error, data, isInput: true) }
  }

  private func columns(
    _ numbers: [String], of data: String, quiet: Bool
  ) throws -> (points: Batch, names: [String]?) {
    let read = ReadShare(WorkProgress("read \(Input.name(of: data))", isShown: !quiet))
    defer { read.finish() }
    var reader = try ColumnOptions.points(
      of: data, columns: numbers.joined(separator: ","), in: PointPlace(dimension: numbers.count),
      limit: .double, quiet: quiet, opening: read.open)
    do throws(FileFailure) { return (try reader.all(), reader.names) } catch {
      throw Failure.file(error, data, isInput: true)
    }
  }

  /// Which columns are which, by the first line or the shape of a file.
  private func parts(of data: String) throws(FileFailure) -> Parts {
    let source = PeekedSource(try Input.source(data))
    let extent: Extent
    if case .npy = FileKind(try source.peek(FileKind.byteCount)) {
      let shape = try NpyHeader(reading: source).shape
      guard shape.count == 2 else {
        throw .malformed("its shape is \(NpyHeader.text(shape)): simulations need (n, columns)")
      }
      extent = Extent(width: shape[1], names: nil)
    } else {
      let read = try LabelColumn.extent(reading: source)
      extent = Extent(width: read.width, names: read.names)
    }
    let observed = try places(self.observed, option, extent)
    let others = (0..<extent.width).filter { !observed.contains($0) }
    var parameters = others
    if let chosen {
      parameters = try places(chosen, "--columns", extent)
      if let both = parameters.first(where: observed.contains) {
        throw .malformed(
          "column \(both + 1) cannot be a coordinate and in \(option) too: leave it out of --columns or of "
            + option)
      }
    }
    guard (1...PointColumns.most).contains(parameters.count) else {
      throw .malformed(
        parameters.isEmpty
          ? "it has no column left for the points: name fewer with \(option)"
          : "it has \(parameters.count) columns beside those of \(option), points have at most "
            + "\(PointColumns.most): choose them with --columns A,B,…")
    }
    return Parts(
      parameters: parameters.map { "\($0 + 1)" }, observed: observed.map { "\($0 + 1)" })
  }

  /// The places of named columns, different ones.
  private func places(
    _ names: [String], _ option: String, _ extent: Extent
  ) throws(FileFailure) -> [Int] {
    var places: [Int] = []
    for name in names {
      guard let place = ObservationReading.place(name, extent) else {
        let names = extent.names.map { ": " + $0.prefix(20).joined(separator: ", ") }
        throw .malformed(
          "it has no column “\(FileFailure.printable(name))” for \(option) among its \(extent.width)"
            + FileFailure.printable(names ?? ", which have no names: choose by number from 1"))
      }
      guard !places.contains(place) else {
        throw .malformed("\(option) names one column twice: “\(FileFailure.printable(name))”")
      }
      places.append(place)
    }
    let most = option == "--columns" ? PointColumns.most : ObservedColumn.limit
    guard places.count <= most else {
      throw .malformed("\(option) names \(places.count) columns, at most \(most) are read")
    }
    return places
  }

  private static func place(_ column: String, _ extent: Extent) -> Int? {
    if let place = extent.names?.firstIndex(of: column) { return place }
    guard let number = Int(column), (1...extent.width).contains(number) else { return nil }
    return number - 1
  }
}

extension ObservedColumn {
  /// “x1, mean 1.5, deviation 0.3”.
  var words: String {
    "\(Output.visible(name)), mean \(TableFigure.short(mean)), deviation \(TableFigure.short(deviation))"
  }
}
