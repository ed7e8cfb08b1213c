import FlowMatching
import TerminalCanvas

/// What each action does to the state. A group of actions has a switch of its own, and none a default:
/// an action that nobody answers does not compile.
extension AppState {
  mutating func perform(_ action: Action) -> [Effect] {
    revision += 1
    switch action {
    case .time(let action): return perform(action)
    case .training(let action): return perform(action)
    case .lanes(let action): return perform(action)
    case .app(let action): return perform(action)
    case .world(let action): return perform(action)
    case .view(let action): perform(action)
    case .look(let action): say(look.perform(action))
    }
    return []
  }

  private mutating func perform(_ action: TrainingAction) -> [Effect] {
    switch action {
    case .pause:
      if isInWorld {
        say("training", "rests in the exact world: v leaves it")
        return []
      }
      if training.report.status == .finished {
        // What has been learned need not be the end of it.
        let goal = training.report.step + experiment.steps
        say("training", "goes on to step " + NumberFormat.grouped(goal))
        return [.trainer(.trainTo(goal))]
      }
      let pause = training.report.status == .training
      guard pause || training.report.status == .paused else { return [] }
      say("training", pause ? "paused" : "resumed")
      return [.trainer(.setPaused(pause))]
    case .restart:
      dialogue.overlay = .question(Question(experiment, "training → step 0"))
    case .dataset(let offset):
      openDatasets(by: offset)
    case .draw:
      beginDrawing()
    case .travel(let offset):
      travel(by: offset)
    case .bookmark:
      addBookmark()
    case .recall(let offset):
      recall(offset)
    case .chartSpan:
      say(charts.turn(training.shownReport))
    }
    return []
  }

  private mutating func perform(_ action: AppAction) -> [Effect] {
    switch action {
    case .palette:
      dialogue.overlay = .palette(Palette())
    case .parameters:
      dialogue.overlay = .parameters(ParameterList())
    case .help:
      if dialogue.overlay != .help { dialogue.helpsWorld = isInWorld }
      dialogue.turnHelp(on: window.size)
    case .close:
      return close()
    case .repaint:
      return [.repaint]
    case .save:
      return [.export(.picture)]
    case .record:
      return [.export(.recording(!look.isRecording))]
    case .quit:
      return leave()
    }
    return []
  }

  /// Closes what lies over the panes, or else the nearest thing that a person opened.
  private mutating func close() -> [Effect] {
    if dialogue.overlay == nil {
      if dialogue.reading != nil {
        return stopReading()
      } else if dialogue.caption != nil {
        dialogue.caption = nil
      } else if dialogue.tour != nil {
        endTour()
      } else if isInWorld, world?.drops.isEmpty == false {
        world?.clearDrops()
      } else if particles.picked != nil {
        follow(nil)
      } else if training.travel != nil {
        travel(to: nil)
      }
    }
    dialogue.overlay = nil
    return []
  }
}
