import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Errors and their times")
struct TimedErrorTests {
  private func error(_ rms: Double, _ t: Double, scale: Double = 1) -> TimedError {
    TimedError(place: TimedError.Place(t: t, scale: scale), rms: rms, particles: [rms])
  }

  @Test("An error at another t, or at another place of the path, takes part in no comparison")
  func apart() {
    let comparison = ErrorComparison(
      [error(0.12, 1), error(0.001, 0.1), error(0.03, 1), nil, error(0.01, 1, scale: 1.4)],
      at: TimedError.Place(t: 1))
    #expect((0..<5).map { comparison[$0] != nil } == [true, false, true, false, false])
    // Sums of equal steps end a rounding error beside it.
    let near = ErrorComparison([error(0.1, 0.1 + 0.2)], at: TimedError.Place(t: 0.3))
    #expect(near[0] != nil)
  }

  @Test("Below what the places may be off themselves an error is a bound")
  func bound() {
    var error = error(3e-9, 1)
    #expect(error.bound == nil)
    error.resolution = 4e-9
    #expect(error.bound == 7e-9)
    error.resolution = 2e-9
    #expect(error.bound == nil)
  }

  @Test("Errors are of the judged points whatever a screen shows, and at t = 1 lie on their curves")
  func judged() throws {
    func replay(_ columns: Int, _ rows: Int, _ particles: Int) throws -> Replay {
      var replay = try smallReplay(
        columns: columns, rows: rows, particles: particles, steps: 200, learningRate: 1e-2)
      try replay.run("train 200\n|\n|\nEnd\nS-Tab\nN\nN\nN\nN\nN\nwait 12")
      return replay
    }
    let (few, many) = (try replay(80, 24, 300), try replay(160, 48, 2048))
    let errors = few.state.lanes.map { $0.error?.rms }
    #expect(errors == many.state.lanes.map { $0.error?.rms })
    #expect(
      many.state.comparesExactly
        && many.text.contains("distance to the reference, DOP853 in Double"))
    let curves = try #require(many.state.currentStudy).curves
    for (lane, curve) in zip(many.state.lanes, curves) {
      let rms = try #require(lane.error?.rms)
      #expect(curve.points.contains { $0.error == rms }, "\(curve.method)")
    }
    // Dormand–Prince at 1e-8: above the places' own error, far below that of a reference in Float.
    let own = try #require(many.state.comparison.resolution)
    let tight = try #require(many.state.lanes[3].error?.rms)
    #expect(many.state.lanes[3].settings.toleranceExponent == -8 && own < 1e-8)
    #expect(tight > own && tight < 2e-6, "\(tight)")
    // On the way the reference is that in Float, with the error it has at its end.
    var onTheWay = many
    try onTheWay.run("5\nwait 1")
    #expect(!onTheWay.state.comparesExactly)
    #expect(onTheWay.text.contains("error: distance to the reference"))
    #expect(try #require(onTheWay.state.comparison.resolution) > own)
    // The same points there too, however many are shown.
    var fewOnTheWay = few
    try fewOnTheWay.run("5\nwait 1")
    let way = onTheWay.state.lanes.map { $0.error?.rms }
    #expect(way == fewOnTheWay.state.lanes.map { $0.error?.rms })
    #expect(way.allSatisfy { $0 != nil } && way != errors)
  }

  @Test(
    "The solver race, matched by evaluations, says where Dormand–Prince stands and does not rank it"
  )
  func race() throws {
    var options = AppState.Options()
    options.preset = try Preset.named("solver-race")
    var replay = try smallReplay(
      columns: 160, rows: 48, particles: 1024, steps: 300, learningRate: 1e-2, options: options)
    try replay.run("train 300\nEnd\nwait 2")
    if replay.state.matching == .time { try replay.run("M\nwait 1") }
    let state = replay.state
    #expect(state.lanes[0].t == 1 && state.lanes[3].t < 0.9)
    // Its row in time ends where it stands.
    let rows = replay.text.split(separator: "\n").filter { $0.contains("│  Dormand–Prince  •") }
    let ends = try rows.map { try #require($0.lastIndex(of: "•")).utf16Offset(in: $0) }
    #expect(ends.count == 1 && ends[0] < 19 + 140 * 9 / 10)
    #expect(rows.allSatisfy { !$0[$0.lastIndex(of: "•")!...].contains("─") })
    let reached = NumberFormat.fixed(state.lanes[3].t, 2)
    #expect(state.standing(ofLane: 3) == "reached t \(reached) of 1")
    #expect(replay.text.contains("reached t \(reached) of 1"))
    #expect(state.comparison[3] == nil)
    #expect(state.colour(ofLane: 3) == .none && state.colour(ofLane: 0) == .error)
    #expect(!state.summary.lanes[3].isCompared && state.summary.lanes[3].endpointError == nil)
    // Who is best for eight evaluations is read off curves to t = 1.
    let verdict = try #require(state.equalCostVerdict)
    #expect(!verdict.ranked.prefix(2).contains { $0.lane == 3 })
    #expect(replay.text.contains("smaller than"))
    // Stepped on from there the last lane leads, and the others are the ones that stand elsewhere.
    try replay.run("S-Tab\n5\nwait 1")
    #expect(replay.state.focused == 3 && replay.state.comparison[3] != nil)
    let others = (0..<3).map { replay.state.standing(ofLane: $0) }
    #expect(others.allSatisfy { $0?.hasPrefix("is at t 1, not 0.") == true })
  }

  @Test("Halfway along another schedule an error is of other places; at the end it is compared")
  func schedules() throws {
    var replay = try smallReplay(columns: 160, rows: 48, particles: 1024, steps: 200)
    try replay.run("train 200\n|\nTab\nc\nEnd\nwait 1")
    #expect(replay.state.lanes[1].settings.scheduler != nil)
    #expect(replay.state.comparison[1] != nil && replay.state.standing(ofLane: 1) == nil)
    try replay.run("5\nwait 1")
    #expect(replay.state.comparison[0] != nil && replay.state.comparison[1] == nil)
    #expect(replay.state.standing(ofLane: 1) == "is compared at t 1")
  }

  @Test("Lanes at different t are apart for that reason alone, and no distance is named")
  func joined() throws {
    var replay = try smallReplay(columns: 160, rows: 48, particles: 1024, steps: 100)
    try replay.run("train 100\n|\n|\nj\nEnd\nwait 1\nS-Tab")
    #expect(replay.state.focused == 3 && replay.state.distanceToPartner != nil)
    try replay.run("M\n3\nwait 1")
    #expect(replay.state.lanes[0].t != replay.state.lanes[3].t)
    #expect(replay.state.distanceToPartner == nil)
  }
}
