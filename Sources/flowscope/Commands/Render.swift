import ArgumentParser
import FileFormats
import FlowMatching
import FlowViewer
import Foundation
import TerminalCanvas

/// Replays a scripted session without a terminal.
struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replay a scripted session without a terminal, to the same bytes every time.",
    discussion: """
      The script has one step a line: a key by name (space, End, Left, S-Left, ?, |, q, a letter), \
      “wait SECONDS” of virtual time, “train STEPS”, “resize 80x24”, “click 40,12”, \
      “snapshot FILE”; # begins a comment. The ending of a file chooses its form: .txt, .ansi, .svg; \
      --out FILE.cast records the whole session for asciinema.

        flowscope render --keys session.keys --size 160x48 --out picture.svg
        flowscope render --keys session.keys --size 80x24 --out session.cast
        printf 'train 5000\\nspace\\nwait 2\\n' | flowscope render --keys - --out -
      """)

  @OptionGroup var presetOption: PresetOption
  @OptionGroup var experimentOptions: ExperimentOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var solverOptions: SolverOptions

  @Option(help: ArgumentHelp("The script; - reads standard input.", valueName: "file"))
  var keys: String

  @Option(help: ArgumentHelp("Columns and rows.", valueName: "WxH"))
  var size = "160x48"

  @Option(help: ArgumentHelp("Where the last picture goes; - prints text.", valueName: "file"))
  var out: String?

  @Option(name: .customLong("cast"), help: "The version of a .cast recording: 2 or 3.")
  var castVersion = Asciicast.Version.v2

  @Option(help: "Particles, 256 to 1048576; by default as many as suit the size.")
  var particles: Int?

  @OptionGroup var look: LookOptions

  @Flag(help: "Print the state in numbers as one JSON object.")
  var json = false

  func run() throws {
    let script = try readScript()
    let size = try Render.size(size)
    let theme = look.theme(depth: .direct)
    var options = AppState.Options()
    options.solver = try solverOptions.settings()
    options.preset = try presetOption.chosen()
    options.particles = try particles.map(Watch.particles)
    let names = [out].compactMap { $0 } + script.commands.compactMap(\.snapshotName)
    for name in names where Picture(path: name) == nil && !(name == out && isRecording) {
      throw Failure.usage(
        "\(Output.visible(name)) must end in .txt, .ansi or .svg, for --out .cast too, or be -")
    }
    var experiment = try presetOption.experiment(experimentOptions.experiment())
    let dataset = try target.dataset(of: experiment, source: experimentOptions.sourceFile)
    experiment.dataset = dataset.name
    try ExperimentOptions.validate(experiment, to: dataset)
    var replay = Replay(
      experiment: experiment, dataset: dataset, size: size,
      options: options, theme: theme)
    var recording = isRecording ? Recording(replay.session.screen, castVersion, theme.depth) : nil
    for command in script.commands {
      // A recording shows every frame of a wait.
      for part in isRecording ? command.frames : [command] {
        try replay.perform(part) { name, screen in try save(screen, to: name, theme) }
        recording?.note(replay.session.screen, after: part.seconds)
      }
    }
    if let recording, let out {
      try Output.file(out, recording.text)
    } else if let out {
      try save(replay.session.screen, to: out, theme)
    }
    if json { try Output.json(replay.session.state.summary) }
    if out == nil && !json { try save(replay.session.screen, to: "-", theme) }
  }

  private var isRecording: Bool { out?.hasSuffix(".cast") == true }

  private func readScript() throws -> ReplayScript {
    let text = try Output.read(keys)
    do { return try ReplayScript(text) } catch {
      let name = keys == "-" ? "standard input" : Output.visible(keys)
      throw Failure(code: .badData, message: "\(name), \(error)").exit()
    }
  }

  private func save(_ screen: Screen, to path: String, _ theme: Theme) throws {
    guard let picture = Picture(path: path) else { return }
    try Output.file(path, picture.encode(screen, theme: theme))
  }

  /// Reads “160x48”.
  static func size(_ text: String) throws -> Size {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1],
      (1...1000) ~= columns, (1...1000) ~= rows
    else { throw Failure.usage("--size needs WIDTHxHEIGHT from 1x1 to 1000x1000, as 160x48") }
    return Size(columns: columns, rows: rows)
  }
}

extension ReplayCommand {
  /// The file of a snapshot.
  var snapshotName: String? {
    if case .snapshot(let name) = self { return name }
    return nil
  }
}
