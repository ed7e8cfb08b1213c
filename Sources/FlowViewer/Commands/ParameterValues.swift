import FlowMatching
import TerminalCanvas

extension AppState {
  /// The present value, as it is typed.
  func value(of parameter: Parameter) -> String {
    let settings = focusedLane.settings
    switch parameter {
    case .dataset: return dataset.name
    case .solver: return settings.solverName
    case .steps: return "\(settings.steps)"
    case .tolerance: return "1e\(settings.toleranceExponent)"
    case .velocity: return (settings.velocity ?? .learned).description
    case .particles: return "\(particleCount)"
    case .speed: return NumberFormat.axis(playback.clock.speed)
    case .model: return experiment.model.description
    case .objective: return experiment.objective.rawValue
    case .scheduler: return experiment.scheduler.name
    case .source: return experiment.source
    case .path: return experiment.path.description
    case .coupling: return experiment.coupling.description
    case .prediction: return experiment.prediction.rawValue
    case .loss: return experiment.loss.description
    case .widths: return experiment.widths.map(String.init).joined(separator: ",")
    case .activation: return experiment.activation.rawValue
    case .learningRate: return NumberFormat.scientific(experiment.learningRate)
    case .weightDecay: return NumberFormat.scientific(experiment.weightDecay)
    case .batch: return "\(experiment.batch)"
    case .trainingSteps: return "\(experiment.steps)"
    case .seed: return "\(experiment.seed)"
    }
  }

  /// The parameters that mean something now: steps or a tolerance, not both, and a schedule where
  /// there are paths.
  var parameters: [Parameter] {
    Parameter.allCases.filter { parameter in
      switch parameter {
      case .solver: traits.needsSolver
      case .steps: traits.needsSolver && !focusedLane.settings.isAdaptive
      case .tolerance: traits.needsSolver && focusedLane.settings.isAdaptive
      case .scheduler: experiment.traits.followsPath
      default: true
      }
    }
  }

  /// What a typed value would change; throws what is wrong with it.
  func change(_ parameter: Parameter, to text: String) throws(ParameterMistake) -> ParameterChange {
    // Words may have blanks between their letters.
    let text =
      parameter == .dataset ? text.trimmed : text.filter { !$0.isWhitespace }
    var next = experiment
    var settings = focusedLane.settings
    func mistake() -> ParameterMistake { ParameterMistake(reason: "needs " + parameter.range) }
    func whole(_ range: ClosedRange<Int>) throws(ParameterMistake) -> Int {
      guard let value = Int(text), range.contains(value) else { throw mistake() }
      return value
    }
    func number(_ range: ClosedRange<Double>) throws(ParameterMistake) -> Double {
      guard let value = Double(text), range.contains(value) else { throw mistake() }
      return value
    }
    switch parameter {
    case .dataset:
      guard (try? DatasetCatalog.named(text)) != nil else { throw mistake() }
      next.dataset = text
    case .solver where !traits.needsSolver, .steps where !traits.needsSolver,
      .tolerance where !traits.needsSolver:
      throw ParameterMistake(reason: "layers are maps in closed form: there is no solver")
    case .solver:
      guard LaneSettings.solverNames.contains(text) else { throw mistake() }
      guard allowsNoise || ButcherTableau.all.contains(where: { $0.name == text }) else {
        throw ParameterMistake(reason: "with noise needs independent pairs from a Gaussian")
      }
      settings.solverName = text
      return .lane(settings)
    case .steps:
      settings.steps = try whole(1...256)
      return .lane(settings)
    case .tolerance:
      let value = try number(1e-9...1e-1)
      settings.toleranceExponent = LaneSettings.exponent(of: value)
      return .lane(settings)
    case .velocity:
      guard let velocity = try? LaneVelocity.named(text) else { throw mistake() }
      guard allows(velocity, in: settings) else {
        throw ParameterMistake(reason: "cannot be that: it is not known for these pairs")
      }
      settings.velocity = velocity == .learned ? nil : velocity
      return .lane(settings)
    case .particles:
      return .particles(try whole(256...1 << 20))
    case .speed:
      return .speed(try number(1 / 16...16))
    case .model:
      guard let model = try? FlowModel.named(text) else { throw mistake() }
      next.choose(model)
    case .objective:
      guard let objective = Objective(rawValue: text) else { throw mistake() }
      next.choose(objective)
    case .scheduler:
      guard let scheduler = Scheduler.all.first(where: { $0.name == text }) else { throw mistake() }
      next.scheduler = scheduler
    case .source:
      guard Source.names.contains(text) else { throw mistake() }
      next.source = text
    case .path:
      guard let path = try? ConditionalPath.named(text) else { throw mistake() }
      next.path = path
    case .coupling:
      guard let coupling = try? CouplingChoice.named(text) else { throw mistake() }
      next.coupling = coupling
    case .prediction:
      guard let prediction = Prediction(rawValue: text) else { throw mistake() }
      next.prediction = prediction
    case .loss:
      guard let loss = try? Loss.named(text) else { throw mistake() }
      next.loss = loss
    case .widths:
      let layers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...16).contains(layers.count),
        layers.allSatisfy({ $0.map { (1...4096).contains($0) } ?? false })
      else { throw mistake() }
      next.widths = layers.compactMap { $0 }
      guard next.parameterCount <= 1 << 24 else {
        throw ParameterMistake(reason: "makes more than 16 million weights")
      }
    case .activation:
      guard let activation = Activation(rawValue: text) else { throw mistake() }
      next.activation = activation
    case .learningRate:
      let value = try number(0...10)
      guard value > 0 else { throw mistake() }
      next.learningRate = value
    case .weightDecay:
      next.weightDecay = try number(0...10)
    case .batch:
      next.batch = try whole(1...65_536)
    case .trainingSteps:
      next.steps = try whole(1...1_000_000_000)
    case .seed:
      guard let seed = UInt64(text) else { throw mistake() }
      next.seed = seed
    }
    do { try next.validate(to: dataset.replaced(by: next.dataset)) } catch {
      throw ParameterMistake(reason: "cannot be that: \(error)")
    }
    switch parameter {
    case .learningRate: return .optimiser(next, mark: "η " + text)
    case .weightDecay: return .optimiser(next, mark: "λ " + text)
    case .trainingSteps: return .optimiser(next, mark: "")
    default: return .experiment(next)
    }
  }

  /// The choice before or after the present value; of numbers the next smaller or larger.
  func neighbour(of parameter: Parameter, by offset: Int) -> String {
    let choices = choices(of: parameter)
    let now = value(of: parameter)
    if parameter == .seed {
      return "\(offset > 0 ? experiment.seed &+ 1 : experiment.seed &- min(1, experiment.seed))"
    }
    if let index = choices.firstIndex(of: now) {
      return choices[(index + offset + choices.count) % choices.count]
    }
    guard let value = Double(now) else { return choices[0] }
    let larger = choices.firstIndex { (Double($0) ?? 0) > value } ?? choices.count
    return choices[min(choices.count - 1, max(0, offset > 0 ? larger : larger - 1))]
  }

  /// The choices that can be trained: a likelihood needs an activation without a kink.
  private func choices(of parameter: Parameter) -> [String] {
    guard parameter == .activation else { return parameter.choices }
    return parameter.choices.filter { (try? change(.activation, to: $0)) != nil }
  }

  /// Sets a parameter: at once, or after a question where training would begin anew.
  mutating func set(_ parameter: Parameter, to text: String) throws(ParameterMistake) -> [Effect] {
    let change = try change(parameter, to: text)
    let name = parameter.rawValue
    switch change {
    case .experiment(let next):
      if next != experiment {
        dialogue.overlay = .question(Question(next, "\(name) → \(parameter.title(of: text))"))
      }
    case .optimiser(let next, let mark):
      guard next != experiment else { break }
      experiment = next
      say(name, text)
      return [.trainer(.adjust(next, mark: mark))]
    case .lane(let settings):
      return changeLane { $0 = settings }
    case .particles(let count):
      particles.chosenCount = count
      fitParticles()
      say(name, NumberFormat.grouped(particleCount))
    case .speed(let speed):
      playback.clock.speed = speed
      say(name, "×" + NumberFormat.significant(speed, 2))
    }
    revision += 1
    return []
  }
}

/// Asks before training begins anew.
public struct Question: Sendable, Equatable {
  /// What would be trained.
  public let experiment: Experiment
  /// What would change.
  public let change: String
  /// What is arranged after it, if a preset asks.
  public let preset: String?
  /// The data, where they are in no catalogue.
  let points: Batch?

  init(
    _ experiment: Experiment, _ change: String, preset: String? = nil, points: Batch? = nil
  ) {
    self.experiment = experiment
    self.change = change
    self.preset = preset
    self.points = points
  }
}

/// The list of parameters as it is shown and edited.
public struct ParameterList: Sendable, Equatable {
  /// The row that keys act on.
  public internal(set) var selection = 0
  /// The text that is being typed; nil while rows are only chosen.
  public internal(set) var text: String?
  /// What was wrong with the last value.
  public internal(set) var mistake: String?
}

extension AppState {
  /// A key while the list of parameters is open.
  mutating func editParameters(_ list: ParameterList, _ key: Key) -> [Effect] {
    var list = list
    let rows = parameters
    list.selection = min(max(0, list.selection), rows.count - 1)
    let parameter = rows[list.selection]
    revision += 1
    var effects: [Effect] = []
    func attempt(_ text: String, _ state: inout AppState) {
      do {
        effects = try state.set(parameter, to: text)
        list.mistake = nil
        list.text = nil
      } catch { list.mistake = error.reason }
    }
    switch (key, list.text) {
    case (.escape, nil):
      dialogue.overlay = nil
      return []
    case (.escape, _):
      list.text = nil
      list.mistake = nil
    case (.enter, let text?):
      attempt(text, &self)
    case (.enter, nil):
      list.text = ""
      list.mistake = nil
    case (.up, _), (.down, _), (.tab, _), (.backTab, _):
      let step = key == .up || key == .backTab ? rows.count - 1 : 1
      list = ParameterList(selection: (list.selection + step) % rows.count)
    case (.left, nil), (.right, nil):
      attempt(neighbour(of: parameter, by: key == .right ? 1 : -1), &self)
    case (.backspace, let text?):
      list.text = String(text.dropLast())
    case (.character(let character), let text?):
      if text.count < 40 { list.text = text + String(character) }
    case (.character("q"), nil):
      return perform(.app(.quit))
    case (.character(":"), nil), (.control("p"), nil):
      return perform(.app(.palette))
    case (.character(let character), nil) where character.isNumber || character == "-":
      list.text = String(character)
    default:
      break
    }
    // A question that the value asks comes first, and goes back to nothing.
    if case .question = dialogue.overlay { return effects }
    dialogue.overlay = .parameters(list)
    return effects
  }
}
