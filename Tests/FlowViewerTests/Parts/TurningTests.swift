import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("A body that turns")
struct TurningTests {
  @Test("It moves fifteen times a second by its speed, and not in between")
  func steps() {
    var turning = Sphere().turning
    let before = turning.around
    let isEarly = turning.advance(1.0 / 30)
    #expect(!isEarly && turning.around == before)
    let isDue = turning.advance(1.0 / 30)
    #expect(isDue)
    #expect(abs(turning.around - before - turning.speed / 15) < 1e-9)
    turning.speed = 0
    let stands = !turning.advance(10)
    #expect(stands)
  }

  @Test("By hand it turns any number of times around, and no further over than its axis allows")
  func byHand() {
    var turning = Sphere().turning
    turning.turn(around: 1000, lean: 400)
    #expect((-180..<180).contains(turning.around) && turning.lean == 85)
    turning.turn(around: .nan, lean: .infinity)
    #expect(turning.around.isFinite && turning.lean.isFinite)
  }

  @Test("The film keeps how it stood when the film was taken")
  func film() {
    var turning = Torus().turning
    turning.takeFilm()
    turning.turn(around: 40, lean: -10)
    #expect(turning.ofFilm.around == 0 && turning.ofFilm.lean == 44)
  }

  @Test("It turns while t moves, stands when parked, and then nothing is left to do")
  func rests() throws {
    var replay = try spaceReplay("sphere-vmf", particles: 256, steps: 20)
    try replay.run("train 20\nspace\nwait 0.5")
    let playing = try #require(replay.state.turning)
    #expect(replay.state.isTurning && playing.around != Sphere().turning.around)
    try replay.run("End\nwait 5")
    let parked = try #require(replay.state.turning).around
    #expect(replay.state.nextDeadline == nil)
    let revision = replay.state.revision
    try replay.run("wait 2")
    #expect(replay.state.turning?.around == parked && replay.state.revision == revision)
  }

  @Test("With reduced motion it turns by hand alone")
  func reducedMotion() throws {
    var options = AppState.Options()
    options.reducedMotion = true
    var replay = try spaceReplay("sphere-land", steps: 20, options: options)
    try replay.run("train 20\nspace\nwait 1")
    #expect(replay.state.turning?.around == Sphere().turning.around)
    try replay.run(")")
    #expect(replay.state.turning?.around == Sphere().turning.around + Turning.stride)
  }

  @Test("One pair of keys turns the dial, another the axis; the plane says that it has no dial")
  func dial() throws {
    var replay = try spaceReplay("torus-checkerboard", steps: 20)
    try replay.run("(\n(")
    #expect(replay.state.turning?.around == -2 * Turning.stride)
    #expect(replay.text.contains("doughnut → turned −30°"))
    try replay.run("K")
    #expect(replay.state.turning?.lean == 54)
    var plane = try smallReplay(steps: 20)
    try plane.run(")")
    #expect(plane.text.contains("dial → this flow has none"))
    #expect(plane.state.turning == nil)
  }

  @Test("A drag takes the globe along: what was under the pointer stays there")
  func drag() throws {
    var state = try spaceReplay("sphere-land", columns: 160, rows: 48, steps: 20).state
    let axes = try #require(state.plotAxes)
    let (x, y) = (axes.rect.x + axes.rect.width / 2, axes.rect.y + axes.rect.height / 2)
    let before = try #require(state.turning).around
    _ = state.update(.event(.mouse(MouseEvent(action: .press, button: .left, x: x, y: y))))
    _ = state.update(.event(.mouse(MouseEvent(action: .drag, button: .left, x: x + 5, y: y))))
    _ = state.update(.event(.mouse(MouseEvent(action: .release, button: .left, x: x + 5, y: y))))
    let moved = try #require(state.turning).around - before
    // Five cells to the right bring what is west into the middle.
    let degrees = 10 * axes.unitsPerDotX * 180 / .pi
    #expect(abs(moved + degrees) < 1e-9)
    #expect(state.particles.picked == nil)
  }
}
