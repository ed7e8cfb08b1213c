/// What an action is called where it is chosen by its name, and what more can be said of it.
struct ActionWords: Sendable, Equatable {
  /// The name in the list of commands; no two actions share one.
  let title: String
  /// One sentence that adds something to the title.
  let text: String
  /// What else people call it.
  var synonyms: [String] = []

  init(_ title: String, _ text: String, _ synonyms: String...) {
    self.title = title
    self.text = text
    self.synonyms = synonyms
  }
}

extension Action {
  /// Its words; an action without any does not compile.
  var words: ActionWords {
    switch self {
    case .time(let action): action.words
    case .training(let action): action.words
    case .lanes(let action): action.words
    case .view(let action): action.words
    case .look(let action): action.words
    case .app(let action): action.words
    case .world(let action): action.words
    }
  }
}

extension TimeAction {
  var words: ActionWords {
    switch self {
    case .playPause:
      ActionWords(
        "Play or pause", "Runs t from 0 to 1, or stops it where it is; training goes on.",
        "start", "stop", "halt")
    case .step(forward: true):
      ActionWords("Step forward", "One step of the solver, as it takes them.", "next step")
    case .step(forward: false):
      ActionWords(
        "Step back", "To where the last step of the solver began, without solving again.", "back",
        "undo step", "previous step")
    case .scrub(let by):
      by < 0
        ? ActionWords("t back by \(-by)", "Looks up an earlier time of the same solve.")
        : ActionWords("t on by \(by)", "Looks up a later time, solving on where that is new.")
    case .jump(0):
      ActionWords("Go to t = 0", "The noise that every particle starts from.", "beginning")
    case .jump(1):
      ActionWords("Go to t = 1", "Where the flow leaves the particles: its samples.", "end")
    case .jump(let t): ActionWords("Go to t = \(t)", "Stops there.")
    case .again:
      ActionWords(
        "Again from the same noise", "The same particles from t = 0, by the newest weights.",
        "replay", "repeat", "restart the pass")
    case .newNoise:
      ActionWords(
        "New noise", "Other particles of the same source; the same seed gives the same ones.",
        "resample", "random", "sample again")
    case .speed(let factor):
      factor < 1
        ? ActionWords(
          factor < 0.6 ? "Half as fast" : "Slower", "A pass takes 4 seconds at speed 1.",
          factor < 0.6 ? "half speed" : "slow down")
        : ActionWords(
          factor > 1.5 ? "Twice as fast" : "Faster", "A pass takes 4 seconds at speed 1.",
          factor > 1.5 ? "double speed" : "speed up")
    case .resetSpeed:
      ActionWords("Usual speed", "A pass takes 4 seconds.", "reset speed", "normal speed")
    case .mode:
      ActionWords(
        "Turn what happens at t = 1", "Once, in a loop, or there and back.")
    }
  }
}

extension TrainingAction {
  var words: ActionWords {
    switch self {
    case .pause:
      ActionWords(
        "Pause or resume training", "Once it is done: trains as many steps again.",
        "stop training", "train on", "continue training", "resume")
    case .restart:
      ActionWords(
        "Restart training", "From step 0 with fresh weights; asks first.", "retrain", "reset")
    case .dataset(let offset):
      offset > 0
        ? ActionWords("Next data set", "Through the catalogue, round and round; asks first.")
        : ActionWords("Previous data set", "Through the catalogue backwards; asks first.")
    case .draw:
      ActionWords(
        "Draw a data set by hand",
        """
        Drag the mouse over the plot, or move the pen by the arrows and put points by space. Enter \
        takes them as the target.
        """, "draw data", "paint")
    case .travel(let offset):
      offset < 0
        ? ActionWords(
          "Earlier weights", "The network as it was an eighth of the steps before.",
          "older weights", "travel back")
        : ActionWords(
          "Later weights", "Towards the newest of the network that trains.", "newer weights")
    case .bookmark:
      ActionWords("Bookmark this picture", "The view, t and the window, to come back to.")
    case .recall(let offset):
      offset < 0
        ? ActionWords("Previous bookmark", "The view, t and the window as they were kept.")
        : ActionWords("Next bookmark", "The view, t and the window as they were kept.")
    case .chartSpan:
      ActionWords(
        "Span of the charts", "All of training, its tail, or as it is now and no further.",
        "freeze the charts")
    }
  }
}

extension LaneAction {
  var words: ActionWords {
    switch self {
    case .solver(let offset):
      ActionWords(
        offset > 0 ? "Next solver" : "Previous solver", "Of the lane that the keys are turned to.")
    case .steps(finer: true):
      ActionWords(
        "More steps", "Half as far each, or a tenth of the tolerance of an adaptive solver.",
        "finer", "smaller tolerance", "more evaluations")
    case .steps(finer: false):
      ActionWords(
        "Fewer steps", "Twice as far each, or ten times the tolerance of an adaptive solver.",
        "coarser", "larger tolerance", "fewer evaluations")
    case .schedule(let offset):
      ActionWords(
        offset > 0 ? "Next schedule" : "Previous schedule",
        "Follows the same field under another noise schedule, without training it again.")
    case .noise:
      ActionWords(
        "Turn the lane's noise or velocity",
        "How much noise an SDE takes on the way; of an ODE, which field it follows.",
        "next velocity", "sde noise")
    case .join:
      ActionWords(
        "Join two lanes", "A stroke from each particle to the same one in the next lane.",
        "distance of lanes")
    case .keep:
      ActionWords(
        "Keep the weights of this lane",
        """
        The lane stays at the weights that it shows, whatever is trained from here on: before and \
        after, side by side from the same noise. The same command lets them go.
        """, "hold weights", "before and after")
    case .particles(more: true):
      ActionWords("Twice the particles", "Up to 2²⁰ in all lanes together.", "more particles")
    case .particles(more: false):
      ActionWords("Half the particles", "At least 256.", "fewer particles", "less particles")
    case .split:
      ActionWords(
        "Compare: one, two, four lanes", "The same noise through several solvers at once.",
        "compare", "split", "side by side", "compare solvers")
    case .focus(let offset):
      ActionWords(
        offset > 0 ? "Next lane or pane" : "Previous lane or pane", "Turns the keys to it.")
    case .dial(let strokes):
      ActionWords(
        strokes > 0 ? "Turn the dial on" : "Turn the dial back",
        "The one number of the focused lane that its kind of flow has: of a globe, how it stands.",
        strokes > 0 ? "turn the globe" : "turn the globe back")
    case .matching:
      ActionWords(
        "Match lanes by t or by evaluations",
        "The same time in every lane, or the same work done in each.", "equal cost")
    }
  }
}
