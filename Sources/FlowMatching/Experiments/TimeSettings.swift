extension Experiment {
  /// When training looks, how much it counts, and what a map learns by.
  static let times = [
    ExperimentSetting(
      "time-density", "density of t", \.timeDensity, "timeDensity", .timeDensity,
      """
      How often training looks at each t; what is learned at each is the same.
      """,
      counts: { $0.drawsTimes }),
    ExperimentSetting(
      "time-weight", "weight of t", \.timeWeight, "timeWeight",
      SettingDomain<TimeWeight>.cases("weight of t").listed("weights of t") { $0.summary },
      "How much the error at each t counts in the loss, beside how often it is drawn.",
      counts: { $0.learnsAlongPaths }),
    ExperimentSetting(
      "map-share", "share of jumps", \.mapShare, "mapShare",
      SettingDomain<Double>.between(0.01...1).suggesting(["0.125", "0.25", "0.5", "0.75"]),
      "The share of a batch that learns a flow map's jumps; the rest learns its velocity.",
      counts: { $0.objective.isMap }),
    ExperimentSetting(
      "map-power", "power of errors", \.mapPower, "mapPower",
      SettingDomain<Double>.between(0...2).suggesting(["0", "0.5", "0.75", "1"]),
      "The p of a flow map's normalised loss, error²/(error² + 0.001)^p; the loss shown is plain.",
      counts: { $0.objective.isMap }),
    ExperimentSetting(
      "map-tangent", "map's tangent", \.mapTangent, "mapTangent",
      SettingDomain<MapTangent>.cases("tangent").listed("tangents of maps") { $0.summary },
      "Along what a mean flow's derivative is taken; all but flow are mistakes, to look at.",
      counts: { $0.objective.takesTangents }),
    ExperimentSetting(
      "map-teacher", "map's teacher", \.mapTeacher, "mapTeacher",
      SettingDomain<MapTeacher>.cases("teacher").listed("teachers of maps") { $0.summary },
      "Where a flow map has its velocities from.",
      counts: { $0.objective.isMap }),
  ]

  /// Whether times are drawn by its density: on paths of points.
  var drawsTimes: Bool {
    (objective == .flowMatching || objective.isMap) && letters == nil
  }

  /// Whether it learns along paths in the plane, where errors have a weight of t too.
  var learnsAlongPaths: Bool { drawsTimes && space == nil }

  /// Why its density or weight of t has no meaning; nil where it has, or where both are even.
  var timeComplaint: String? {
    if timeDensity != .uniform, !drawsTimes {
      return "a density and a weight of t are of paths of points; leave out time-density and "
        + "time-weight"
    }
    if timeWeight != .uniform, !learnsAlongPaths {
      return "a weight of t is of paths of points in the plane; leave out time-weight"
    }
    return nil
  }
}

extension SettingDomain where Value == TimeDensity {
  /// The densities, with all their numbers.
  static let timeDensity = SettingDomain(
    .text, range: TimeDensity.range,
    read: { text throws(SettingMistake) in
      if let density = TimeDensity(text) { return density }
      let names = TimeDensity.all.map(\.name)
      guard names.contains(where: { text.hasPrefix($0) }) else {
        throw .unknown(UnknownName(kind: "density of t", name: text, among: names))
      }
      throw .outside("“\(text)”")
    }, write: { $0.description }
  ).listing(
    "densities of t",
    TimeDensity.all.map { SettingChoice(name: $0.description, note: $0.summary) })
}

extension SettingDomain where Value == TimeGrid {
  /// The grids, with all their numbers.
  public static let timeGrid = SettingDomain(
    .text, range: TimeGrid.range,
    read: { text throws(SettingMistake) in
      if let grid = TimeGrid(text) { return grid }
      let names = TimeGrid.all.map(\.name)
      if text.contains(where: \.isNumber) || names.contains(where: { text.hasPrefix($0) }) {
        throw .outside("“\(text)”")
      }
      throw .unknown(UnknownName(kind: "time grid", name: text, among: names))
    }, write: { $0.description }
  ).listing(
    "time grids", TimeGrid.all.map { SettingChoice(name: $0.description, note: $0.summary) })
}
