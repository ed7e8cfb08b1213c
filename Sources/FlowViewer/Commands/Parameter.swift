import FlowMatching
import TerminalCanvas

/// A number or a name that a person can set while the viewer runs: a setting of the experiment, or what
/// one lane or the clock has.
public struct Parameter: Sendable, CaseIterable {
  /// What tells it from others: the name of the setting, “train-steps”.
  public let name: String
  /// What it is called on the screen, “solver steps”.
  let title: String
  /// One sentence about it.
  let summary: String
  /// What a value may be, in a few words.
  let range: String
  /// Values to go through, in order, as they are typed.
  let choices: [String]
  /// Whether it belongs to training, not to the solve of a lane.
  let isOfTraining: Bool
  /// Whether a change begins training anew.
  public let restartsTraining: Bool

  private let naming: @Sendable (String) -> String
  private let present: @Sendable (AppState) -> String
  private let counting: @Sendable (AppState) -> Bool
  private let making: @Sendable (AppState, String) throws(ParameterMistake) -> ParameterChange

  /// A parameter of the viewer itself.
  init(
    _ name: String, _ title: String, _ summary: String, range: String, choices: [String],
    counts: @escaping @Sendable (AppState) -> Bool = { _ in true },
    naming: @escaping @Sendable (String) -> String = { $0 },
    value: @escaping @Sendable (AppState) -> String,
    change:
      @escaping @Sendable (AppState, String) throws(ParameterMistake) -> ParameterChange
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.range = range
    self.choices = choices
    self.naming = naming
    isOfTraining = false
    restartsTraining = false
    present = value
    counting = counts
    making = change
  }

  /// A setting of the experiment.
  private init(_ setting: ExperimentSetting) {
    name = setting.name
    title = setting.title
    summary = setting.summary
    range = Parameter.grouped(setting.range)
    choices = setting.suggestions
    naming = { setting.title(of: $0) }
    isOfTraining = true
    restartsTraining = setting.change == .restarts
    present = { state in
      let text = setting.text(state.experiment)
      guard setting.kind == .number, let number = Double(text) else { return text }
      return setting.suggestions.first { Double($0) == number } ?? NumberFormat.scientific(number)
    }
    counting = { setting.counts($0.experiment) }
    making = { state, text throws(ParameterMistake) in
      var next = state.experiment
      do throws(SettingMistake) { try setting.set(&next, to: text) } catch {
        throw ParameterMistake(reason: "needs " + Parameter.grouped(setting.range))
      }
      setting.lead(&next)
      if next.sizeComplaint != nil {
        throw ParameterMistake(reason: "makes more than 16 million weights")
      }
      if let complaint = next.viewerComplaint { throw ParameterMistake(reason: complaint) }
      do { try next.validate(to: state.dataset.replaced(by: next.dataset)) } catch {
        throw ParameterMistake(reason: "cannot be that: \(error)")
      }
      switch setting.change {
      case .restarts: return .experiment(next)
      case .adjusts(let symbol):
        return .optimiser(next, mark: symbol.isEmpty ? "" : symbol + " " + text)
      }
    }
  }

  /// Every parameter, in the order in which they are listed.
  public static let allCases: [Parameter] = [dataset] + ofLanes + training

  /// What the flow is to reach.
  static let dataset = of("dataset")
  /// The nonlinearity of the network.
  static let activation = of("activation")
  /// What all random numbers derive from.
  static let seed = of("seed")

  private static let training = Experiment.settings.filter { $0.name != "dataset" }
    .map { Parameter($0) }

  /// The setting of that name, which there must be.
  static func of(_ name: String) -> Parameter {
    guard let setting = Experiment.settings.first(where: { $0.name == name }) else {
      preconditionFailure("no setting is called \(name)")
    }
    return Parameter(setting)
  }

  /// How a choice is written on the screen.
  func title(of choice: String) -> String { naming(choice) }

  /// The present value, as it is typed.
  func value(in state: AppState) -> String { present(state) }

  /// Whether it means something now.
  func counts(in state: AppState) -> Bool { counting(state) }

  /// What a typed value would change; throws what is wrong with it.
  func change(_ state: AppState, to text: String) throws(ParameterMistake) -> ParameterChange {
    // Words may have blanks between their letters.
    try making(state, self == .dataset ? text.trimmed : text.filter { !$0.isWhitespace })
  }

  /// The words with a blank per thousand in long numbers.
  private static func grouped(_ words: String) -> String {
    words.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.count > 4 ? Int($0).map(NumberFormat.grouped) ?? String($0) : String($0) }
      .joined(separator: " ")
  }
}

extension Parameter: Hashable {
  public static func == (a: Parameter, b: Parameter) -> Bool { a.name == b.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// What a new value means for the viewer.
enum ParameterChange: Sendable, Equatable {
  /// Trains anew.
  case experiment(Experiment)
  /// Trains on, and what was learned stays.
  case optimiser(Experiment, mark: String)
  case lane(LaneSettings)
  case particles(Int)
  case speed(Double)
  case turning(Double)
  /// Two coordinates, or the principal axes where it is nil.
  case axes([Int]?)
}

/// Why a value cannot be taken, in one sentence.
struct ParameterMistake: Error, Equatable {
  let reason: String
}
