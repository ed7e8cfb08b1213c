import FlowMatching
import Kernels

/// The multiply-add peak of this machine, measured in between so that it ages with the figures.
struct PeakMeter {
  /// The best rate seen so far, in 10⁹ floating-point operations a second of one core.
  private(set) var gflops = 0.0
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
  }
}
