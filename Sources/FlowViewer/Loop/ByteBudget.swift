/// How many bytes of frames a terminal is sent: half a megabyte in any second, as a slow line over SSH bears, or
/// what the line was seen to take where that is less.
///
/// Seconds are of any clock that goes forwards. What a key asks for is sent at once, whatever was spent.
struct ByteBudget {
  /// Bytes a second in the long run; with the burst half a megabyte in one second.
  static let rate = 450_000.0
  /// What may be sent at once after a rest: some frames, or a whole screen.
  private static let burst = 50_000.0
  /// A write that takes longer waits for the line.
  private static let blocked = 0.01

  /// Bytes a second that may be sent now.
  private(set) var rate = ByteBudget.rate
  private var left = ByteBudget.burst
  private var last = 0.0

  /// Notes a frame of so many bytes that took so many seconds to be written, until now.
  mutating func spend(_ bytes: Int, taking seconds: Double, at now: Double) {
    refill(at: now)
    left -= Double(bytes)
    if seconds > ByteBudget.blocked {
      // What was written before it has filled what lies between here and the line; a part of what drains is
      // left to whatever else goes through it, the echo of keys among them.
      rate = max(1000, min(ByteBudget.rate, 0.7 * Double(bytes) / seconds))
      left = min(left, 0)
    } else {
      rate = min(ByteBudget.rate, rate * 1.05)
    }
  }

  /// Seconds until the next frame that nobody has asked for.
  mutating func wait(at now: Double) -> Double {
    refill(at: now)
    return max(0, -left / rate)
  }

  private mutating func refill(at now: Double) {
    left = min(ByteBudget.burst, left + rate * max(0, now - last))
    last = max(last, now)
  }
}
