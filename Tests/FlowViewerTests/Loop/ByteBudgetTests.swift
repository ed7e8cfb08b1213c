import Testing

@testable import FlowViewer

@Suite("The bytes that a terminal is sent")
struct ByteBudgetTests {
  /// Plays frames at most 30 times a second for some seconds; returns bytes and frames a second after the first
  /// two. `line` says how long bytes take to be written.
  private func play(_ bytes: Int, line: (Int) -> Double = { _ in 0 }) -> (
    bytes: Double, frames: Double
  ) {
    var budget = ByteBudget()
    var (now, sent, frames) = (0.0, 0, 0)
    while now < 12 {
      let taken = line(bytes)
      now += taken
      budget.spend(bytes, taking: taken, at: now)
      if now > 2 { (sent, frames) = (sent + bytes, frames + 1) }
      now += max(1.0 / 30, budget.wait(at: now))
    }
    return (Double(sent) / 10, Double(frames) / 10)
  }

  @Test("Small frames are never held back, large ones at half a megabyte a second")
  func rate() {
    #expect(play(15_000).frames > 29.5)
    let large = play(45_000)
    #expect(large.bytes < 1.02 * ByteBudget.rate && large.bytes > 0.95 * ByteBudget.rate)
    #expect(large.frames > 9)
  }

  @Test("A line that takes less is sent less than it takes")
  func slowLine() {
    let played = play(20_000) { Double($0) / 100_000 }
    #expect(played.bytes < 75_000 && played.bytes > 30_000)
  }

  @Test("After a rest some frames may be sent at once")
  func rest() {
    var budget = ByteBudget()
    for k in 0..<100 { budget.spend(45_000, taking: 0, at: Double(k) / 30) }
    #expect(budget.wait(at: 3.4) > 1)
    #expect(budget.wait(at: 30) == 0)
    budget.spend(50_000, taking: 0, at: 30)
    #expect(budget.wait(at: 30) == 0)
  }
}
