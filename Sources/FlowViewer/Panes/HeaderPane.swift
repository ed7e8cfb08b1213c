import FlowMatching
import TerminalCanvas

/// The first row: what is learned, by what, and how far training is.
struct HeaderPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard !rect.isEmpty else { return }
    var details = self.details(state)
    var status = self.status(state, width: rect.width)
    // Between lanes' details and how they are matched a wider gap says where one ends.
    let gap = state.isComparing ? 6 : 4
    func title(named: Bool = true) -> [Run] { line(state, details, named: named) }
    func fits(_ line: [Run]) -> Bool { line.columns + status.columns + gap <= rect.width }
    // Whether lanes have one p_t is what processes are about; elsewhere it stands where nothing has to go for it.
    if !fits(title()), !state.comparesProcesses {
      status = self.status(state, width: rect.width, isJudged: false)
    }
    // Details go from the right until the line fits, then the speed or the reason, then the name.
    while !fits(title()), !details.isEmpty { details.removeLast() }
    if !fits(title()) { status = self.status(state, width: rect.width, isBrief: true) }
    screen.write(title(named: fits(title())), x: rect.x + 1, y: rect.y, clip: rect)
    screen.write(status, endingAt: rect.maxX - 1, y: rect.y, clip: rect)
  }

  private func line(_ state: AppState, _ details: [String], named: Bool) -> [Run] {
    var runs = [theme.run(state.dataset.title, .title)]
    if named {
      runs = [theme.run("flowscope", .accent, bold: true), theme.run("   ", .label)] + runs
    }
    for detail in details {
      runs.append(theme.run("  ·  ", .border))
      runs.append(theme.run(detail, .label))
    }
    return runs
  }

  private func details(_ state: AppState) -> [String] {
    if let tokens = state.traits.tokens {
      return letters(state, tokens)
    }
    if state.isInWorld {
      return [state.world?.words ?? "", state.worldSettings.short, state.followedScheduler.title]
    }
    if state.isComparing {
      let count = AppState.numeral(state.lanes.all.count)
      if state.comparesTrainings {
        return [
          state.experiment.traits.needsSolver
            ? "one noise, two trainings" : state.experiment.modelTitle,
          NumberFormat.grouped(state.particleCount) + " particles",
        ]
      }
      if state.comparesGuidance { return guided(state) }
      let what =
        state.comparesProcesses
        ? "processes" : state.comparesSolvers ? "solvers" : "lanes"
      return [
        "one noise, \(count) \(what)",
        NumberFormat.grouped(state.particleCount) + " particles",
      ] + choices(state.experiment)
        + ["colour: \(state.colour(ofLane: state.lanes.focused).rawValue)"]
    }
    if !state.experiment.traits.needsSolver {
      return [
        state.experiment.modelTitle, state.experiment.objective.title,
        "seed \(state.experiment.seed)",
      ]
    }
    let experiment = state.experiment
    // A path that is not affine has a schedule of its own.
    let usual =
      !experiment.traits.followsPath
      ? [experiment.objective.title]
      : experiment.traits.hasSchedules ? [state.followedScheduler.title] : []
    let way = experiment.picturedSpace.map { [$0.name, $0.pathWords] } ?? usual
    return [state.focusedLane.settings.short] + way + choices(experiment)
      + [
        experiment.traits.isLatent ? experiment.modelTitle : experiment.shape.title,
        "seed \(experiment.seed)",
      ]
  }

  /// What is asked of the field, and which field that is.
  private func guided(_ state: AppState) -> [String] {
    let name = state.guidedLabel.map { state.dataset.classNames[$0] } ?? ""
    let exact = state.lanes.all.map { $0.settings.velocity == .exact }
    return [
      "asked for \(name)", "v = v(none) + w (v(\(name)) − v(none))",
      exact.allSatisfy { $0 }
        ? "exact fields" : exact.contains(true) ? "learned and exact fields" : "learned fields",
      NumberFormat.grouped(state.particleCount) + " particles",
    ]
  }

  /// Where letters jump.
  private func letters(_ state: AppState, _ tokens: FlowTraits.Tokens) -> [String] {
    let start = tokens.path.source == .mask ? "from masks" : "from random letters"
    let lanes =
      state.isComparing
      ? "one start, \(AppState.numeral(state.lanes.all.count)) lanes"
      : state.focusedLane.settings.short
    return [
      start, tokens.path.schedule.formula, lanes, state.experiment.shape.title,
      "seed \(state.experiment.seed)",
    ]
  }

  /// What is not chosen as it usually is.
  private func choices(_ experiment: Experiment) -> [String] {
    guard experiment.traits.followsPath else { return [] }
    let usual = Experiment()
    var names: [String] = []
    if experiment.path != usual.path { names.append("path \(experiment.path)") }
    if experiment.coupling != usual.coupling { names.append(experiment.coupling.title) }
    if experiment.source != usual.source { names.append("from \(experiment.source)") }
    if experiment.prediction != usual.prediction {
      names.append("predicts \(experiment.prediction.title)")
    }
    if experiment.loss != usual.loss { names.append("loss \(experiment.loss)") }
    return names
  }

  private func status(
    _ state: AppState, width: Int, isBrief: Bool = false, isJudged: Bool = true
  ) -> [Run] {
    if state.isInWorld {
      var runs = [theme.run(width < 100 ? "nothing trains" : "exact world: nothing trains", .label)]
      if state.look.isRecording { runs.insert(theme.run("● rec   ", .bad, bold: true), at: 0) }
      return runs
    }
    let report = state.training.shownReport
    let hasNoPane = !state.isComparing && state.layout.loss == nil
    var runs = isBrief || width < 100 || !isJudged ? [] : marginals(state)
    // The usual way to match goes unsaid where room is scarce.
    let isUnusual = state.lanes.matching == .evaluations && !state.comparesTrainings
    if state.isComparing, !isBrief, width >= 100 || isUnusual && width >= 76 {
      runs += [
        theme.run(state.comparesTrainings ? "NLL by " : "at the same ", .label),
        theme.run(
          state.comparesTrainings && state.lanes.matching == .time
            ? "seconds" : state.lanes.matching.rawValue,
          .value),
        theme.run("  ·  ", .border),
      ]
    }
    runs += badge(state, width: width, isBrief: isBrief)
    if let wait = state.followWords {
      let text = CellText.truncated(wait, to: max(8, width / 2 - 4))
      if state.training.report.readings == 0 { return runs + [theme.run("● " + text, .warn)] }
      runs.append(theme.run(text + "   ", .warn))
    }
    if state.look.isRecording { runs.append(theme.run("● rec   ", .bad, bold: true)) }
    runs += stand(report.status, width: width)
    if !hasNoPane || report.status.isFailure { runs.append(theme.run("step ", .hint)) }
    runs.append(theme.run(NumberFormat.grouped(report.step), .value, bold: true))
    if isBrief { return runs }
    let isDone = report.status == .finished
    if !hasNoPane, width >= 140, !report.status.isFailure, !(isDone && state.isComparing) {
      runs.append(theme.run(" of " + NumberFormat.grouped(state.trainedSteps), .hint))
    }
    if case .failed(let reason) = report.status {
      let isLong = width >= reason.count + 60
      runs.append(theme.run(isLong ? "   " + reason + "  " : "   ", .bad))
      runs.append(theme.run("R restarts", .label))
    } else if isDone, width >= 140 {
      runs.append(theme.run("   T", .key))
      runs.append(theme.run(" train more", .hint))
    } else if hasNoPane {
      runs += numbers(state, width: width)
    } else if report.status == .training {
      let speed = NumberFormat.padded(report.speed, to: 6)
      runs.append(theme.run("  " + speed, .value))
      runs.append(theme.run(" /s", .hint))
    }
    return runs
  }

  /// Whether training goes on.
  private func stand(_ status: TrainingReport.Status, width: Int) -> [Run] {
    let (mark, word, role): (String, String, Role) =
      switch status {
      case .training: ("● ", "training", .good)
      case .paused: ("■ ", "training paused", .label)
      case .finished: ("✓ ", "trained", .good)
      case .failed: ("! ", "stopped", .bad)
      }
    let isSaid = width >= 76 || status.isFailure
    return [theme.run(mark, role)]
      + (isSaid ? [theme.run(word + "   ", status.isFailure ? .bad : .value)] : [])
  }

  /// Whether the lanes have one p_t.
  private func marginals(_ state: AppState) -> [Run] {
    let words = MarginalLines(theme: theme).brief(state)
    return words.isEmpty ? [] : words + [theme.run("  ·  ", .border)]
  }

  /// Older weights on show, and the key that leads back; lanes that hold older ones say so too.
  private func badge(_ state: AppState, width: Int, isBrief: Bool) -> [Run] {
    if let badge = state.travelBadge, let step = state.training.travel {
      guard width >= 76 else {
        return [theme.run("step \(NumberFormat.grouped(step)), Esc  ", .accent, bold: true)]
      }
      return [
        theme.run(badge, .accent, bold: true), theme.run(", ", .hint), theme.run("Esc", .key),
        theme.run(": newest   ", .hint),
      ]
    }
    guard state.isComparing, width >= 120, !isBrief,
      state.shownWeightsStep != state.training.shownReport.step,
      // Exact fields have no weights.
      !state.lanes.all.allSatisfy(\.settings.followsKnown)
    else { return [] }
    let step = NumberFormat.grouped(state.shownWeightsStep)
    return [theme.run("weights of ", .label), theme.run("step \(step)   ", .value)]
  }

  /// Loss and distance, each followed by its floor, where no pane shows them.
  private func numbers(_ state: AppState, width: Int) -> [Run] {
    let (report, words) = (state.training.shownReport, state.experiment.kind.words)
    func pair(_ name: String, _ value: Double?, _ floor: Double?, _ digits: Int) -> [Run] {
      let text = value.map { NumberFormat.significant($0, digits) } ?? NumberFormat.missing
      var runs = [theme.run("  " + name + " ", .label), theme.run(text, .value, bold: true)]
      if let floor {
        runs.append(theme.run(" " + NumberFormat.significant(floor, digits), .floor))
      }
      return runs
    }
    let loss =
      width < 60
      ? [] : pair(words.name, state.lossFigure?.value, report.lossFloor, 4)
    if state.traits.tokens != nil { return loss }
    return loss + pair("W₂", state.distanceFigure?.value, report.noiseFloor?.mean, 3)
  }
}

extension TrainingReport {
  /// Steps per second as panes write them; while training there is none before it was measured.
  var speed: String {
    if status == .training && stepsPerSecond == 0 { return NumberFormat.missing }
    return NumberFormat.grouped(Int(saturating: stepsPerSecond))
  }
}

extension TrainingReport.Status {
  var isFailure: Bool {
    if case .failed = self { return true }
    return false
  }
}
