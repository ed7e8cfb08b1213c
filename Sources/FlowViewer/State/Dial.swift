import FlowMatching
import TerminalCanvas

/// The one number of the focused lane that a pair of keys turns: each kind of flow has its own, and no
/// keys beside these.
struct Dial: Sendable {
  /// The word in the row of hints.
  let hint: String
  /// What it is and its value, as it is said.
  let saying: @Sendable (AppState) -> Saying
  /// Turns it so many strokes further.
  let turn: @Sendable (inout AppState, Int) -> Void
}

extension AppState {
  /// The dial of the focused lane; nil where there is nothing to turn.
  var dial: Dial? {
    guard turning != nil, let space = experiment.picturedSpace else { return guidanceDial }
    let name = space.turningName
    return Dial(
      hint: "turn", saying: { Saying(name, $0.standingWords) },
      turn: { state, strokes in
        state.turnByHand(around: Double(strokes) * Turning.stride, lean: 0)
      })
  }

  /// The weight of the focused lane on a pair of keys.
  var guidanceDial: Dial? {
    guard
      focusedLane.settings.guidance?.label != nil
        || look.scenery.view == .pictures && !traits.classes.isEmpty
    else { return nil }
    return Dial(
      hint: "guidance w",
      saying: { state in
        Saying(
          "guidance w", (state.focusedLane.settings.guidance?.weight ?? 1).shortText)
      },
      turn: { state, strokes in
        let range = AppState.possibleWeights
        _ = state.changeLane { settings in
          let weight = (settings.guidance?.weight ?? 1) + 0.5 * Double(strokes)
          if settings.guidance == nil { settings.guidance = Guidance.none }
          settings.guidance?.weight = min(range.upperBound, max(range.lowerBound, weight))
        }
      })
  }

  /// Turns the focused lane's dial, or says that there is none.
  mutating func turnDial(by strokes: Int) {
    guard let dial else { return say("dial", "this flow has none") }
    dial.turn(&self, strokes)
    say(dial.saying(self))
  }

  /// Turns the body by hand, in degrees.
  mutating func turnByHand(around: Double, lean: Double) {
    turning?.turn(around: around, lean: lean)
    revision += 1
  }

  /// Turns the body by itself while t moves; with reduced motion it stands.
  mutating func turnBody(_ seconds: Double) {
    guard isTurning, turning?.advance(min(seconds, 0.1)) == true else { return }
    revision += 1
  }

  /// Stands so that the point opposite to the first of the data is in the middle.
  mutating func faceOpposite() {
    guard var body = turning, scene.someData.dimension == 3 else { return }
    let place = GeographicPlace(-scene.someData.vector(0))
    body.speed = 0
    body.turn(around: place.longitude - body.around, lean: place.latitude - body.lean)
    turning = body
    revision += 1
  }

  /// Whether the body turns now.
  var isTurning: Bool {
    guard let turning, turning.speed != 0 else { return false }
    return playback.clock.isPlaying && !options.reducedMotion
  }

  /// Where the body stands, in words: “14° N 24° E”.
  var standingWords: String {
    guard let turning, let space = experiment.picturedSpace else { return "" }
    return space.standing(turning)
  }
}

extension Turning {
  /// A place on a globe in whole degrees.
  var placeWords: String { Turning.words(lean: lean, around: around, gap: "  ") }

  /// A latitude and a longitude in whole degrees.
  static func words(lean: Double, around: Double, gap: String) -> String {
    func part(_ degrees: Double, _ plus: String, _ minus: String) -> String {
      let whole = Int(saturating: abs(degrees).rounded())
      return "\(whole)°" + (whole == 0 ? "" : degrees < 0 ? " " + minus : " " + plus)
    }
    return part(lean, "N", "S") + gap + part(around, "E", "W")
  }
}
