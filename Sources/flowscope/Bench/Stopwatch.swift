#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Seconds that a piece of work takes.
enum Stopwatch {
  /// Seconds that this thread has worked so far.
  static var threadSeconds: Double { seconds(of: CLOCK_THREAD_CPUTIME_ID) }

  /// Seconds of a clock that nobody sets.
  static var wallSeconds: Double { seconds(of: CLOCK_MONOTONIC) }

  private static func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Seconds of this thread that the work takes.
  static func time(_ work: () -> Void) -> Double {
    let start = threadSeconds
    work()
    return threadSeconds - start
  }

  /// How often a second of this thread the work can be done: after `warmUp` seconds, once for every
  /// repeat of `duration` seconds. Work is done `stride` times between two looks at the clock.
  static func rates(
    repeats: Int, duration: Double, warmUp: Double, stride: Int = 1, _ work: () -> Void
  ) -> [Double] {
    func rate(_ duration: Double) -> Double {
      let start = threadSeconds
      var done = 0
      var elapsed = 0.0
      repeat {
        for _ in 0..<stride { work() }
        done += stride
        elapsed = threadSeconds - start
      } while elapsed < duration
      return Double(done) / elapsed
    }
    _ = rate(warmUp)
    return (0..<repeats).map { _ in rate(duration) }
  }

  /// How many processes wanted a core over the last minute, on average; 0 where it is not told.
  static var loadAverage: Double {
    var loads = [0.0]
    return getloadavg(&loads, 1) == 1 ? loads[0] : 0
  }
}
