import Kernels
import Testing

@Suite("The loop that measures the peak")
struct PeakTests {
  @Test(
    "A round is a multiplication and an addition in each lane of every sum",
    arguments: InstructionSet.available)
  func operations(set: InstructionSet) {
    let perRound: Double =
      switch set {
      case .baseline: 2 * 12 * 4
      case .avx2: 2 * 12 * 8
      case .avx512: 2 * 16 * 16
      case .neon: 2 * 16 * 4
      }
    #expect(set.multiplyAdds(rounds: 1) == perRound)
    #expect(set.multiplyAdds(rounds: 1000) == 1000 * perRound)
  }
}
