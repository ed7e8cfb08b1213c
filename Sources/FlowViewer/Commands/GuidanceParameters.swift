import FlowMatching
import TerminalCanvas

extension Parameter {
  /// What a lane asks of a field that knows classes.
  static let ofGuidance = [label, guidance, guidanceInterval, guide]

  /// The class.
  static let label = Parameter(
    "lane-label", "class", "The class for which the lane's field is asked; none is all data.",
    range: "a class of the data, or none",
    choices: ["none"] + (0..<LabelledDistribution.limit).map(String.init),
    counts: { !$0.guidedClasses.isEmpty },
    value: { state in
      let label = state.focusedLane.settings.guidance?.label
      return label.map { "\($0)" } ?? "none"
    },
    change: { state, text throws(ParameterMistake) in
      let names = state.guidedClasses
      guard text != "none" else {
        return lane(state) { ($0.guidance, $0.guide) = (nil, nil) }
      }
      guard let label = Experiment.label(named: text, among: names) ?? Int(text),
        names.indices.contains(label)
      else {
        throw ParameterMistake(
          reason: names.isEmpty
            ? "needs classes: set labels to classes"
            : "needs one of: " + names.joined(separator: ", "))
      }
      return lane(state) {
        var guidance = $0.guidance ?? .none
        guidance.label = label
        $0.guidance = guidance
      }
    })

  /// Its weight.
  static let guidance = Parameter(
    "lane-guidance", "guidance w",
    "How strongly: v(none) + w (v(class) − v(none)); 1 is the class as it is. ( and ) turn it.",
    range: "-20 to 20", choices: ["0", "0.5", "1", "1.5", "2", "3", "4", "6", "8"],
    counts: { $0.focusedLane.settings.guidance?.label != nil },
    value: { ($0.focusedLane.settings.guidance?.weight ?? 1).shortText },
    change: { state, text throws(ParameterMistake) in
      let weight = try read(.between(AppState.possibleWeights), text, "-20 to 20")
      return try guided(state) { $0.weight = weight }
    })

  /// Where in t it counts.
  static let guidanceInterval = Parameter(
    "lane-guidance-interval", "guidance in t", "Where in t the weight counts: two times that rise.",
    range: "two times in 0 to 1, such as 0.2,0.7",
    choices: ["0,1", "0,0.5", "0.2,0.7", "0.5,1"],
    counts: { $0.focusedLane.settings.guidance?.label != nil },
    value: { state in
      let guidance = state.focusedLane.settings.guidance ?? .none
      return [guidance.start, guidance.end].map(NumberFormat.axis).joined(separator: ",")
    },
    change: { state, text throws(ParameterMistake) in
      let ends = text.split(separator: ",").compactMap { Double($0) }
      guard ends.count == 2, ends[0] >= 0, ends[0] < ends[1], ends[1] <= 1 else {
        throw ParameterMistake(reason: "needs two times in 0 to 1 that rise, such as 0.2,0.7")
      }
      return try guided(state) { ($0.start, $0.end) = (ends[0], ends[1]) }
    })

  /// What it is guided away from.
  static let guide = Parameter(
    "lane-guide", "guided away from",
    "From the field of all data, or from the class as the network knew it at an eighth of its steps.",
    range: "none, or earlier", choices: ["none", "earlier"],
    counts: { $0.focusedLane.settings.guidance?.label != nil && !$0.experiment.classes.isEmpty },
    value: { $0.focusedLane.settings.guide?.rawValue ?? "none" },
    change: { state, text throws(ParameterMistake) in
      let guide = LaneSettings.Guide(rawValue: text)
      guard guide != nil || text == "none" else {
        throw ParameterMistake(reason: "needs none, or earlier")
      }
      if guide != nil, let complaint = state.guideComplaint {
        throw ParameterMistake(reason: complaint)
      }
      return lane(state) { $0.guide = guide }
    })

  private static func guided(
    _ state: AppState, _ change: (inout Guidance) -> Void
  ) throws(ParameterMistake) -> ParameterChange {
    guard var guidance = state.focusedLane.settings.guidance else {
      throw ParameterMistake(reason: "needs a class first")
    }
    change(&guidance)
    if guidance.needsGuide, state.focusedLane.settings.velocity != .exact,
      !state.followedExperiment.traits.isGuidable
    {
      throw ParameterMistake(
        reason: "more than a velocity is learned: it has classes, and no guidance")
    }
    return lane(state) { $0.guidance = guidance }
  }
}
