import FlowMatching

/// Commands that lead to data of one's own, and from trained data to new pairs.
extension Command {
  static func data(_ state: AppState) -> [Command] {
    let pairs = state.experiment.traits.followsPath
    return [
      Command(
        "data", "Data set: a word that you type", .note("text WORD"),
        text: "Up to 12 letters, digits and blanks, uniform on the letters’ shapes.",
        .prompt("text ")),
      Command(
        "data", "Data set: points of a file", .note("data FILE"),
        text: """
          A file of 1 to 64 columns, npy or CSV: its points are the target, learned by heart. Or a mixture \
          in JSON.
          """,
        .prompt("data ")),
      Command(
        "lanes", "Open a checkpoint in this lane", .note("lane FILE"),
        text: """
          The same noise through the weights of a file, beside what is trained here; a single lane is \
          split. X lets them go.
          """, .prompt("lane ")),
    ]
      + (pairs
        ? [
          Command(
            "training", "Reflow: learn the pairs of this flow", .note("keeps the weights"),
            text: """
              Noise is paired with where the flow carries it, and training goes on with these pairs: \
              they hardly cross, so that paths straighten and few steps do.
              """, .reflow)
        ] : [])
  }

  /// The command that a prompt spells out: “text HELLO”, or “data points.csv”.
  static func typed(_ query: String) -> Command? {
    if let word = rest(of: query, after: ["text ", "text:"]) {
      let name = Dataset.textPrefix + word
      let mistake = (try? DatasetCatalog.named(name)) == nil
      return Command(
        "data", "Data set: the word “\(word.uppercased())”",
        mistake ? .note("needs 1 to 12 letters A to Z, digits") : .restarts,
        text: "Uniform on the shapes of these letters.", .set(.dataset, name))
    }
    // “data set” is what all data sets are found by.
    if let path = rest(of: query, after: ["data "]),
      !"set".hasPrefix(path.lowercased()),
      !["set ", "set:"].contains(where: path.lowercased().hasPrefix)
    {
      return Command(
        "data", "Data set: \(path)", .restarts,
        text: """
          Reads the points of this npy or CSV file, or a mixture in JSON, and asks before training starts \
          anew.
          """,
        .read(.points(path)))
    }
    if let path = rest(of: query, after: ["lane "]), !"velocity".hasPrefix(path.lowercased()),
      !path.lowercased().hasPrefix("velocity")
    {
      return Command(
        "lanes", "Lane: the network of \(path)", .note("keeps the training"),
        text: """
          Opens a checkpoint or a network from PyTorch in the focused lane: the same noise through \
          other weights. The experiment trains on beside it.
          """, .read(.network(path)))
    }
    return nil
  }

  /// Whether what is typed ends with the name of a file.
  static func namesFile(_ query: String) -> Bool {
    ["data ", "lane "].contains { query.lowercased().hasPrefix($0) }
  }

  private static func rest(of query: String, after prefixes: [String]) -> String? {
    for prefix in prefixes where query.lowercased().hasPrefix(prefix) {
      let rest = String(query.dropFirst(prefix.count)).trimmed
      return rest.isEmpty ? nil : rest
    }
    return nil
  }
}
