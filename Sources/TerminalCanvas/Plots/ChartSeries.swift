/// A point of a chart.
public struct ChartPoint: Hashable, Sendable {
  /// Along the x axis.
  public var x: Double
  /// Along the y axis; NaN interrupts a line.
  public var y: Double

  /// A point.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// Values of one kind in a chart, in the order of x.
public struct ChartSeries: Hashable, Sendable {
  /// How values are drawn.
  public enum Kind: Hashable, Sendable {
    /// A line through the points: two dots thick alone, one dot with others.
    case line
    /// A dot per point.
    case dots
  }

  /// The values.
  public var points: [ChartPoint]
  /// Line or dots.
  public var kind: Kind
  /// The role that colours them.
  public var role: Role
  /// A name that stands at the line's end.
  public var label: String

  /// A series.
  public init(
    _ points: [ChartPoint], kind: Kind = .line, role: Role = .series, label: String = ""
  ) {
    self.points = points
    self.kind = kind
    self.role = role
    self.label = label
  }
}

/// A level that nothing can go below, drawn as dashes.
public struct ChartFloor: Hashable, Sendable {
  /// The level.
  public var value: Double
  /// Words under the line, such as "no field can go below".
  public var note: String
  /// The role of the dashes.
  public var role: Role

  /// A floor.
  public init(_ value: Double, note: String = "", role: Role = .floor) {
    self.value = value
    self.note = note
    self.role = role
  }
}

/// A mark ● at a point of a chart.
public struct ChartMarker: Hashable, Sendable {
  /// Where it stands.
  public var point: ChartPoint
  /// The role that colours it.
  public var role: Role

  /// A marker.
  public init(_ point: ChartPoint, role: Role = .accent) {
    self.point = point
    self.role = role
  }
}

/// A place along x where something changed.
public struct ChartMark: Hashable, Sendable {
  /// Where on the x axis.
  public var x: Double
  /// The word beside the line.
  public var label: String

  /// A mark.
  public init(_ x: Double, label: String) {
    self.x = x
    self.label = label
  }
}
