import TerminalCanvas
import Testing

@Suite struct WholeNumberTests {
  @Test("numbers that fit are cut to whole ones; those that do not are as far off as can be")
  func saturating() {
    #expect(Int(saturating: 2.9) == 2 && Int(saturating: -2.9) == -2)
    #expect(Int(saturating: 1e300) == 1_000_000_000_000_000)
    #expect(Int(saturating: -.infinity) == -1_000_000_000_000_000)
    #expect(Int(saturating: .nan) == 0)
  }
}
