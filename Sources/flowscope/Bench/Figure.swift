/// One measured figure.
struct Figure: Codable {
  /// Whose seconds were counted.
  enum Clock: String, Codable {
    /// Those of the one thread that worked, so that other load matters less.
    case cpu
    /// Those of a person.
    case wall
  }

  /// The name that scripts rely on.
  let name: String
  /// The median.
  let value: Double
  /// What the value counts, such as `steps/s`.
  let unit: String
  /// The 5 % and 95 % quantiles over the repeats: of a few, the least and the greatest.
  let low, high: Double
  /// nil for what is no time.
  let clock: Clock?
  /// 10⁹ floating-point operations a second of the network alone; nil where there is none.
  var gflops: Double?
  /// `gflops` over the peak measured in the same run.
  var shareOfPeak: Double?
  /// 10⁹ bytes a second that cannot but be read; nil where the work is not of memory.
  var gigabytes: Double?
  /// `gigabytes` over the rate of memory measured in the same run.
  var shareOfMemory: Double?

  /// The figure of a spread. Of a rate `operations` is what one unit of the value costs, and of a time, in
  /// milliseconds, what it is spent on; so are `bytes`.
  init(
    _ name: String, _ spread: Spread, unit: String, clock: Clock? = .cpu,
    operations: Double? = nil, bytes: Double? = nil
  ) {
    self.name = name
    value = spread.median
    low = spread.low
    high = spread.high
    self.unit = unit
    self.clock = clock
    let times = unit == "ms" ? 1e3 / spread.median : spread.median
    gflops = operations.map { $0 * times / 1e9 }
    gigabytes = bytes.map { $0 * times / 1e9 }
  }

  enum CodingKeys: CodingKey {
    case name, value, unit, low, high, clock, gflops, shareOfPeak, gigabytes, shareOfMemory
  }

  // By hand: what does not apply is null, not a key that is missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(value, forKey: .value)
    try container.encode(unit, forKey: .unit)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
    try container.encode(clock, forKey: .clock)
    try container.encode(gflops, forKey: .gflops)
    try container.encode(shareOfPeak, forKey: .shareOfPeak)
    try container.encode(gigabytes, forKey: .gigabytes)
    try container.encode(shareOfMemory, forKey: .shareOfMemory)
  }
}

/// The middle of some numbers and how far they reach.
struct Spread: Equatable {
  let median, low, high: Double

  /// The median and the 5 % and 95 % quantiles (nearest rank) of at least one value.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "nothing was measured")
    let sorted = values.sorted()
    let middle = sorted.count / 2
    median =
      sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    low = Spread.quantile(0.05, of: sorted)
    high = Spread.quantile(0.95, of: sorted)
  }

  /// A value with bounds of its own.
  init(_ value: Double, low: Double, high: Double) {
    (median, self.low, self.high) = (value, low, high)
  }

  /// The least value that a share `q` of the sorted values does not exceed.
  static func quantile(_ q: Double, of sorted: [Double]) -> Double {
    sorted[max(0, Int(saturating: (q * Double(sorted.count)).rounded(.up)) - 1)]
  }
}
