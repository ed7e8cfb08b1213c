import FileFormats
import FlowMatching

/// A file of a population seen at several times: one column is the time, the others are coordinates.
struct SnapshotReading {
  /// The column of the time, by name or number from 1.
  let time: String
  /// Those of the coordinates; nil takes all others.
  let chosen: String?

  /// The population as a data set, standardised where that is asked for, all times alike.
  func dataset(of data: String, standardise: Bool, quiet: Bool) throws -> Dataset {
    let read = try ObservationReading(time, chosen: chosen, naming: "--time")
      .pairs(of: data, quiet: quiet)
    do throws(FileFailure) {
      let times = Array(read.observations.values)
      let distinct = Array(Set(times)).sorted()
      if let complaint = Snapshots.complaint(about: distinct) { throw .malformed(complaint) }
      var points = read.parameters
      var units: Standardisation?
      if standardise {
        guard let standard = Standardisation(of: points) else {
          throw .malformed(
            "a coordinate is the same for all its points, which cannot be standardised")
        }
        (units, points) = (standard, standard.applied(to: points))
      }
      if let complaint = points.values.lazy.compactMap(CoordinateLimit.single.complaint).first {
        throw .malformed(
          "a number \(complaint): networks take points in single precision, add --standardise")
      }
      let snapshots = Snapshots(
        times: distinct,
        points: distinct.map { time in points.choosing(times.indices.filter { times[$0] == time }) }
      )
      let name = Input.name(of: data)
      var dataset = Dataset(
        name: name, title: name, summary: "\(points.count) points of \(name)",
        snapshots: snapshots)
      (dataset.units, dataset.sourceUnits) = (units, units)
      if points.dimension != 2 { dataset.columns = Units.usable(read.parameterNames) }
      if !quiet {
        let list = zip(distinct, snapshots.points).prefix(12).map {
          "\(TableFigure.short($0, 6)) (\($1.count))"
        }
        Output.message(
          "\(Output.visible(data)): \(distinct.count) snapshots, points at "
            + list.joined(separator: ", ") + (distinct.count > 12 ? ", …" : "")
            + (units.map { "; " + $0.words } ?? ""))
      }
      return dataset
    } catch { throw Failure.file(error, data, isInput: true) }
  }
}
