import FlowMatching
import Kernels

/// The bounds of this machine for one core, measured in between so that they age with the figures.
struct PeakMeter {
  /// The best rate of multiply-adds seen so far, in 10⁹ floating-point operations a second.
  private(set) var gflops = 0.0
  /// The best rates of bytes read and written, in 10⁹ a second: in the second-level cache, and in memory.
  private(set) var cache = 0.0
  private(set) var memory = 0.0
  let instructionSet = InstructionSet.best

  /// Measures for a few hundredths of a second and keeps the best.
  mutating func measure() {
    var rounds = 1000
    for _ in 0..<40 {
      var operations = 0.0
      let seconds = Stopwatch.time { operations = instructionSet.multiplyAdds(rounds: rounds) }
      // Too short to be told from the clock's own error: longer, and not counted.
      if seconds < 1e-3 {
        rounds *= 2
      } else {
        gflops = max(gflops, operations / seconds / 1e9)
      }
    }
    cache = max(cache, PeakMeter.rate(of: MemoryBlocks(count: 192 << 10), rounds: 200))
  }

  /// Measures the rate of memory, after all that tells how much of it is used: what a process has at its peak
  /// counts from the one that started it.
  mutating func measureMemory() {
    memory = PeakMeter.rate(of: MemoryBlocks(count: 64 << 20), rounds: 1)
  }

  private static func rate(of blocks: MemoryBlocks, rounds: Int) -> Double {
    (0..<5).reduce(0) { best, _ in
      var bytes = 0.0
      let seconds = Stopwatch.time { bytes = blocks.copy(rounds: rounds) }
      return max(best, bytes / max(seconds, 1e-9) / 1e9)
    }
  }
}
