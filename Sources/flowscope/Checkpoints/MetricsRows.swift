import Foundation

/// The rows of what a training logs: CSV with names in its first line, or a JSON object a line.
struct MetricsRows {
  /// One row: its finite numbers by their names, and which of them are the loss and the step.
  struct Row {
    let loss, step: Double?
    let values: [String: Double]
  }

  /// The columns of a CSV, of which one must be called like a loss.
  private var names: [String]?

  /// What the columns are called, the likeliest names first.
  private static let steps = ["step", "global_step", "iteration", "iter", "steps", "epoch"]
  private static let losses = [
    "loss", "train_loss", "train/loss", "training_loss", "train_loss_step", "loss_step",
    "train/loss_step", "train_loss_epoch",
  ]

  /// The row that a line holds; nil of the line of names, and of one that is no row.
  mutating func row(of line: some StringProtocol) -> Row? {
    let line = line.trimmingCharacters(in: .whitespacesAndNewlines)
    if line.isEmpty { return nil }
    if line.hasPrefix("{") {
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return object.map { MetricsRows.row($0.keys.sorted(), $0.compactMapValues { $0 as? Double }) }
    }
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces).trimmingCharacters(in: ["\""])
    }
    guard let names else {
      if MetricsRows.loss(among: fields) != nil { names = fields }
      return nil
    }
    let values = zip(names, fields).map { ($0, Double($1)) }
    return MetricsRows.row(
      names, Dictionary(values, uniquingKeysWith: { first, _ in first }).compactMapValues { $0 })
  }

  private static func row(_ names: [String], _ values: [String: Double]) -> Row {
    let values = values.filter { $1.isFinite }
    return Row(
      loss: loss(among: names).flatMap { values[$0] },
      step: steps.first(where: names.contains).flatMap { values[$0] }, values: values)
  }

  private static func loss(among names: [String]) -> String? {
    losses.first(where: names.contains) ?? names.first(where: isLoss)
  }

  /// Whether a name may be that of a training loss.
  private static func isLoss(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.contains("loss")
      && !["val", "test", "floor", "excess"].contains(where: name.contains)
  }
}
