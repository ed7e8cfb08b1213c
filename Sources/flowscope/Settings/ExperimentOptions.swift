import ArgumentParser
import FlowMatching

/// What is learned, by which network and for how long: the same options wherever something trains.
///
/// What holds of a setting that nobody gives is what a command begins with, a preset's, a
/// checkpoint's or the usual experiment.
struct ExperimentOptions: SettingOptions {
  static let settings = Experiment.settings.map { known in
    var setting = Setting(known)
    switch known.name {
    case "seed": setting.letter = "s"
    case "source":
      setting.completion = .namesAndFiles
      setting.valueName = "name or file"
      setting.help = setting.help.replacing(" (default", with: ", or an npy or CSV file (default")
    case "labels":
      setting.completion = .namesAndFiles
      setting.valueName = "column or file"
    default: break
    }
    return setting
  }

  var given = GivenSettings()

  /// The file that `--source` names; nil where it is the name of a distribution, which never has a
  /// dot or a slash.
  var sourceFile: String? {
    given["source"].flatMap { ExperimentOptions.isFile($0.text) ? $0.text : nil }
  }

  private static func isFile(_ source: String) -> Bool {
    // A deviation of a known source may have a point: wrapped-gaussian:0.5.
    if Experiment.settings.contains(where: { $0.name == "source" && $0.accepts(source) }) {
      return false
    }
    return source == "-" || source.contains { $0 == "." || $0 == "/" }
  }

  /// What its setting knows, and as the source a file.
  func check(_ setting: Setting, _ text: String) throws {
    // What a column is called is the file's to say.
    if setting.name == "labels" { return }
    if setting.name == "source" && ExperimentOptions.isFile(text) { return }
    try setting.check(text)
  }

  /// The optimiser steps in all; nil where nobody gives them.
  var steps: Int? {
    ExperimentOptions.settings.first { $0.name == "train-steps" }.flatMap(given.integer)
  }

  /// What `--labels` says: a column or a file of the points' classes, or whether those of the data set are
  /// told; nil where nobody says.
  var labels: String? { given["labels"]?.text }

  /// Lets an experiment learn a data set, with its classes where that is points of a file, and refuses
  /// what is asked of classes that are not there.
  func note(_ dataset: Dataset, ofFile isFile: Bool, in experiment: inout Experiment) throws {
    experiment.dataset = dataset.name
    if isFile {
      experiment.classes = dataset.classNames
      experiment.observe(dataset)
      experiment.take(snapshots: dataset)
    }
    if isFile, dataset.space == nil, dataset.tokens == nil {
      if given["latent"] == nil { experiment.suitPictures(dataset) }
      experiment.dimension = experiment.latent ?? dataset.dimension
    }
    guard experiment.classes.isEmpty, let labels else { return }
    if labels == Experiment.ownLabels {
      throw Failure.usage(
        "\(Output.visible(dataset.name)) has no classes; choose one of: "
          + DatasetCatalog.all.filter { $0.classes != nil }.map(\.name).joined(separator: ", "),
        option: "--labels")
    }
  }

  /// Gives a setting as if its own option had been typed.
  mutating func give(_ name: String, _ text: String) throws {
    for setting in ExperimentOptions.settings where setting.name == name {
      try check(setting, text)
      given[setting] = Settings.Value(text: text, origin: .option("--" + name))
    }
  }

  /// Refuses choices that do not go together as a usage error.
  static func validate(_ experiment: Experiment, to dataset: Dataset) throws {
    do throws(IncompatibleChoice) { try experiment.validate(to: dataset) } catch {
      throw Failure.usage(error.description + SettingOrigins.reminder)
    }
  }

  /// The given experiment with everything that was given, the nearer after the farther; `validate`
  /// tells whether it goes together.
  ///
  /// What a choice leads to follows it unless somebody as near says otherwise: a RealNVP is learned by
  /// likelihood, unless `--objective` is typed as well.
  func experiment(over base: Experiment = Experiment()) throws -> Experiment {
    var experiment = base
    for level in given.levels {
      let rows = Experiment.settings.filter { level[$0.name] != nil }
      for row in rows {
        try set(row, to: level[row.name] ?? "", in: &experiment)
        var led = experiment
        row.lead(&led)
        // What goes with other data goes before what is said of them.
        if row.name == "dataset" {
          experiment = led
          continue
        }
        for lead in Experiment.settings
        where lead.text(led) != lead.text(experiment) && level[lead.name] == nil {
          try set(lead, to: lead.text(led), in: &experiment)
        }
      }
    }
    if experiment.sizeComplaint != nil {
      throw Failure.usage(
        "--widths makes a network of more than 16 million weights", option: "--widths")
    }
    return experiment
  }

  private func set(
    _ row: ExperimentSetting, to text: String, in experiment: inout Experiment
  ) throws {
    if row.name == "source" && ExperimentOptions.isFile(text) {
      experiment.source = Source.points
      return
    }
    // A column or a file: the points bring their classes.
    if row.name == "labels" && !row.accepts(text) { return }
    do throws(SettingMistake) { try row.set(&experiment, to: text) } catch {
      // Values were checked when they were given.
      try Setting(row).check(text)
    }
  }
}
