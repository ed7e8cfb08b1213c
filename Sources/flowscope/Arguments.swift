/// What was typed, put so that the parser understands it.
enum Arguments {
  /// Joins an option and a negative number after it, `--batch -5`, which the parser would take for
  /// another option; parts letters that stand together, `-qjo FILE`; and lets `--resume` stand
  /// without a file, meaning that of `--out`.
  static func prepared(_ arguments: some Sequence<String>) -> [String] {
    var result: [String] = []
    var isLiteral = false
    for argument in arguments {
      if isLiteral {
        result.append(argument)
      } else if let last = result.last, isNegativeNumber(argument),
        last.hasPrefix("--") && last.count > 2 && !last.contains("=") || takesValue(last)
      {
        // A letter takes its value without a sign between.
        result[result.count - 1] = last + (takesValue(last) ? "" : "=") + argument
      } else {
        result += argument == "-V" ? ["--version"] : parted(argument)
      }
      if argument == "--" { isLiteral = true }
    }
    // The parser prints the version and looks at nothing else.
    if result.count == 2, result.contains("--version"),
      let notices = result.first(where: { $0 == "--licences" || $0 == "--licenses" })
    {
      return ["version", notices]
    }
    if let out = value(of: "--out", in: result) ?? value(of: "o", in: result) {
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
        || argument.hasPrefix("-") && argument.count > 1
          && argument.dropFirst().allSatisfy { flags.contains($0) } && argument.contains("j")
    }
  }

  /// The letters that take no value, and those that take one.
  private static let (flags, options) = ("qvj", "ons")

  /// Whether it is a letter whose value comes next.
  private static func takesValue(_ argument: String) -> Bool {
    argument.count == 2 && argument.hasPrefix("-")
      && argument.dropFirst().allSatisfy(options.contains)
  }

  /// Letters that stand together before one with a value, `-qjoFILE`, as the parser knows them; other
  /// arguments as they are.
  private static func parted(_ argument: String) -> [String] {
    let letters = argument.dropFirst().prefix { flags.contains($0) }
    let rest = argument.dropFirst(letters.count + 1)
    guard argument.hasPrefix("-"), !letters.isEmpty, rest.first.map(options.contains) == true else {
      return [argument]
    }
    return ["-" + letters, "-" + rest]
  }

  /// The value that an option was given last, `--option value` or `--option=value`; of a letter,
  /// `-o value` or `-ovalue`.
  static func value(of option: String, in arguments: [String]) -> String? {
    let isLetter = option.count == 1
    let option = isLetter ? "-" + option : option
    let joint = isLetter ? option : option + "="
    if let joined = arguments.last(where: { $0.hasPrefix(joint) && $0.count > option.count }) {
      return String(joined.dropFirst(joint.count))
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
