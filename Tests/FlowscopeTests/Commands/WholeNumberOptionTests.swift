import FlowMatching
import Testing

@testable import flowscope

@Suite("Options that are whole numbers")
struct WholeNumberOptionTests {
  @Test("The largest seed is read, and no larger one")
  func seeds() throws {
    #expect(try WholeNumber.parseUnsigned("18446744073709551615") == UInt64.max)
    #expect(throws: (any Error).self) { try WholeNumber.parseUnsigned("-1") }
    #expect(throws: (any Error).self) { try WholeNumber.parse("18446744073709551615") }
  }
}
