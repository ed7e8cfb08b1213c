/// What was typed, put so that the parser understands it.
enum Arguments {
  /// Joins an option and a negative number after it, `--batch -5`, which the parser would take for
  /// another option; and lets `--resume` stand without a file, meaning that of `--out`.
  static func prepared(_ arguments: some Sequence<String>) -> [String] {
    var result: [String] = []
    var isLiteral = false
    for argument in arguments {
      if let last = result.last, !isLiteral, last.hasPrefix("--"), last.count > 2,
        !last.contains("="), isNegativeNumber(argument)
      {
        result[result.count - 1] = last + "=" + argument
      } else {
        result.append(argument == "-V" && !isLiteral ? "--version" : argument)
      }
      if argument == "--" { isLiteral = true }
    }
    if let out = value(of: "--out", in: result) ?? value(of: "-o", in: result) {
      for (index, argument) in result.enumerated() where argument == "--resume" {
        let next: String? = index + 1 < result.count ? result[index + 1] : nil
        if next?.hasPrefix("-") != false && next != "-" { result[index] = "--resume=" + out }
      }
    }
    return result
  }

  /// Whether a command is asked for JSON, which its failures are then told in too.
  static func asksForJSON(_ arguments: [String]) -> Bool {
    arguments.prefix { $0 != "--" }.contains { argument in
      argument == "--json"
        // -j, also among other letters: -qj.
        || argument.hasPrefix("-") && !argument.hasPrefix("--") && argument.contains("j")
          && argument.dropFirst().allSatisfy { "qvj".contains($0) }
    }
  }

  /// The value that an option was given last, `--option value` or `--option=value`.
  static func value(of option: String, in arguments: [String]) -> String? {
    if let joined = arguments.last(where: { $0.hasPrefix(option + "=") }) {
      return String(joined.dropFirst(option.count + 1))
    }
    guard let index = arguments.lastIndex(of: option), index + 1 < arguments.count else {
      return nil
    }
    return arguments[index + 1]
  }

  /// The command that the arguments call, `watch` where they name none; nil where they ask for help
  /// and the like.
  static func command(_ arguments: [String]) -> String? {
    let asks = ["--help", "-h", "--version", "--generate-completion-script", "help"]
    guard let first = arguments.first else { return "watch" }
    if arguments.contains(where: { asks.contains($0) }) { return nil }
    return first.hasPrefix("-") ? "watch" : first
  }

  private static func isNegativeNumber(_ text: String) -> Bool {
    guard text.hasPrefix("-") else { return false }
    let rest = text.dropFirst()
    if rest.hasPrefix("inf") || rest.hasPrefix("nan") { return true }
    let digits = rest.hasPrefix(".") ? rest.dropFirst() : rest
    return digits.first?.isNumber == true
  }
}
