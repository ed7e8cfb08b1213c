import FlowMatching

extension Setting {
  /// Every setting, by the options that they are.
  static let all: [Setting] =
    ExperimentOptions.settings + SolverOptions.settings + LetterOptions.settings
    + ParticleOptions.settings
    + PaceOptions.settings + LookOptions.settings

  /// Refuses a text that is no value as a usage error of the option.
  func check(_ text: String) throws {
    do throws(SettingMistake) { try read(text) } catch {
      switch error {
      case .unknown(let name):
        throw Failure.usage("--\(self.name): \(name.description)", option: "--" + self.name)
      case .outside(let value):
        throw Failure.usage("--\(name) must be \(range), not \(value)", option: "--" + name)
      }
    }
  }
}
