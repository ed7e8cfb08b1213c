import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("A tagged group")
struct TaggingTests {
  @Test("G tags the nearest neighbours, which stay the group at every t and in every lane")
  func nearest() throws {
    var state = slowState(budget: 1_000_000)
    state.settle()
    state.press("f", "G")
    let picked = try #require(state.particles.picked)
    #expect(state.particles.tagged.count == 64 && state.particles.tagged.contains(picked))
    #expect(state.particles.tagged == state.particles.tagged.sorted())
    let x = state.focusedLane.positions
    func square(_ j: Int) -> Double {
      let (dx, dy) = (x[0, j] - x[0, picked], x[1, j] - x[1, picked])
      return dx * dx + dy * dy
    }
    let farthest = try #require(state.particles.tagged.map(square).max())
    let others = (0..<x.count).filter { !state.particles.tagged.contains($0) }
    #expect(others.allSatisfy { square($0) >= farthest })
    let group = state.particles.tagged
    state.press("3", "|")
    state.tick(3)
    #expect(state.particles.tagged == group)
    state.press("G")
    #expect(state.particles.tagged.isEmpty)
  }

  @Test("New noise is other particles, so that the group is gone; the same noise keeps it")
  func newNoise() {
    var state = slowState(budget: 1_000_000)
    state.press("G", "0")
    #expect(!state.particles.tagged.isEmpty)
    state.press("r")
    #expect(state.particles.tagged.isEmpty)
  }

  @Test("Lanes that would show another number of particles keep those of a group")
  func keepsParticles() {
    var state = slowState(budget: 1_000_000, particles: nil)
    state.settle()
    state.press("G")
    let (group, count) = (state.particles.tagged, state.particleCount)
    state.press("|", "|")
    #expect(state.particles.tagged == group && state.particleCount == count)
    // Without a group the lanes have their own number.
    state.press("G", "|", "|")
    #expect(state.particleCount != count)
  }

  @Test("The group is drawn over the cloud, in the colour of what is followed")
  func drawn() {
    var state = slowState(budget: 1_000_000, columns: 120, rows: 36)
    state.settle()
    state.tick()
    func accents(_ state: AppState) -> Int {
      let theme = Theme(depth: .direct, background: .dark)
      let screen = state.drawn()
      let accent = theme.style(.accent).foreground
      let plot = state.layout.lanes[0].inset(by: 1)
      var count = 0
      for y in plot.y..<plot.maxY {
        for x in plot.x..<plot.maxX {
          let cell = screen[x, y]
          if (0x2801...0x28ff).contains(cell.scalar), screen.palette[cell.foreground] == accent {
            count += 1
          }
        }
      }
      return count
    }
    let before = accents(state)
    state.press("G")
    #expect(before == 0 && accents(state) > 8)
  }
}
