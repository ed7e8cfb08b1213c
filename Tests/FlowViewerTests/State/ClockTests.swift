import Testing

@testable import FlowViewer

@Suite struct ClockTests {
  @Test("The speed goes from a sixteenth to sixteen times, and stays there")
  func speed() {
    var clock = Clock(t: 0)
    for _ in 0..<10 { clock.multiplySpeed(by: 0.5) }
    #expect(clock.speed == 1 / 16.0)
    for _ in 0..<20 { clock.multiplySpeed(by: 2) }
    #expect(clock.speed == 16)
  }

  @Test("A time that is asked for is kept to a millionth, inside 0…1")
  func seek() {
    var clock = Clock(t: 0)
    clock.seek(0.123_456_7)
    #expect(clock.wanted == 0.123_457)
    clock.seek(0.02 * 25 + 1e-12)
    #expect(clock.wanted == 0.5)
    clock.seek(1.5)
    #expect(clock.wanted == 1)
  }
}
