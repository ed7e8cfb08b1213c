import ArgumentParser
import FileFormats
import FlowMatching
import FlowViewer
import Foundation
import TerminalCanvas

/// Replays a scripted session without a terminal.
struct Render: TakesSettings {
  static let configuration = CommandConfiguration(
    abstract: "Replay a scripted session without a terminal, to the same bytes every time.",
    discussion: """
      The script has one step a line: a key by name (space, End, Left, S-Left, ?, |, q, a letter), \
      “wait SECONDS” of virtual time, “train STEPS”, “resize 80x24”, “click 40,12”, \
      “press 40,12”, “drag 44,14”, “release 44,14”, “snapshot FILE”; # begins a comment. The ending of a file chooses its form: .txt, .ansi, .svg; \
      --out FILE.cast records the whole session for asciinema.

        flowscope render --keys session.keys --size 160x48 --out picture.svg
        flowscope render --keys session.keys --size 80x24 --out session.cast
        flowscope render --tour floor --size 120x36 --out floor.cast
        printf 'train 5000\\nspace\\nwait 2\\n' | flowscope render --keys - --out -
      """)

  @OptionGroup var presetOption: PresetOption
  @OptionGroup var experimentOptions: ExperimentOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var solverOptions: SolverOptions
  @OptionGroup var letterOptions: LetterOptions

  @Option(
    help: ArgumentHelp("The script; - reads standard input.", valueName: "file"),
    completion: .file())
  var keys: String?

  @Option(
    help: ArgumentHelp(
      "A chapter of the tour instead of a script, read at a reader's pace: "
        + "\(Chapter.all.map(\.name).joined(separator: ", ")).", valueName: "chapter"),
    completion: .chapters)
  var tour: String?

  @Option(help: ArgumentHelp("Columns and rows.", valueName: "WxH"))
  var size = "160x48"

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("Where the last picture goes; - prints text.", valueName: "file"),
    completion: .file())
  var out: String?

  @OptionGroup var overwrite: OverwriteOptions

  @Option(name: .customLong("cast"), help: "The version of a .cast recording: 2 or 3.")
  var castVersion = Asciicast.Version.v2

  @Flag(help: "Begin with the ten seconds that a newcomer is shown, of the usual experiment.")
  var intro = false

  @OptionGroup var particles: ParticleOptions
  @OptionGroup var look: LookOptions

  @Flag(name: .shortAndLong, help: "Print the state in numbers as one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print no picture and no messages; for a script with snapshots.")
  var quiet = false

  /// What decides which bytes come out, of files that others have not; how they look is typed.
  mutating func take(_ settings: Settings) throws {
    try fillTour()
    try presetOption.fill(&experimentOptions, from: settings, beside: target)
    try solverOptions.fill(from: settings)
    try letterOptions.fill(from: settings)
  }

  func run() throws {
    let script = try readScript()
    var pilot = tour == nil ? nil : TourPilot()
    let size = try Render.size(size)
    let theme = look.theme(depth: .direct)
    var options = AppState.Options()
    options.preset = try presetOption.chosen()
    options.chapter = try chapter()
    options.particles = particles.count
    options.introduces = intro
    options.lecture = look.lecture
    let places = try places(of: script)
    var experiment = try presetOption.experiment(experimentOptions, beside: target)
    var dataset = try target.dataset(
      of: experiment, source: experimentOptions.sourceFile, labels: experimentOptions.labels,
      quiet: quiet)
    try experimentOptions.note(dataset, ofFile: target.data != nil, in: &experiment)
    try ExperimentOptions.validate(experiment, to: dataset)
    if let complaint = experiment.viewerComplaint { throw Failure.usage(complaint) }
    try checkIntroduction(of: experiment, on: size)
    dataset = try PictureEncoding.prepared(dataset, for: experiment, quiet: quiet)
    options.solver = try solverOptions.settings(of: experiment, letterOptions)
    var replay = Replay(
      experiment: experiment, dataset: dataset, size: size,
      options: options, theme: theme)
    var recording = isRecording ? Recording(replay.session.screen, castVersion, theme.depth) : nil
    var rest = script.commands[...]
    while let command = pilot == nil ? rest.popFirst() : pilot?.next(replay.session.state) {
      // A recording shows every frame of a wait.
      for part in isRecording ? command.frames : [command] {
        try replay.perform(part) { name, screen in
          try save(screen, to: places[name] ?? name, theme)
        }
        recording?.note(replay.session.screen, after: part.seconds)
      }
    }
    if let out, let place = places[out] {
      if var recording {
        try Output.file(place, recording.text)
      } else {
        try save(replay.session.screen, to: place, theme)
      }
    }
    if json { try Output.json(replay.session.state.summary) }
    if out == nil && !json && !quiet { try save(replay.session.screen, to: "-", theme) }
  }

  /// Its sentences are true of one screen only.
  private func checkIntroduction(of experiment: Experiment, on size: Size) throws {
    guard intro else { return }
    var usual = Experiment()
    (usual.seed, usual.steps) = (experiment.seed, experiment.steps)
    guard experiment == usual, presetOption.preset == nil else {
      throw Failure.usage("--intro tells of the usual experiment: leave out what changes it")
    }
    guard Introduction.fits(size) else {
      throw Failure.usage("--intro needs a --size of 100x30 at least", option: "--size")
    }
  }

  /// Where --out and the snapshots of a script go; refuses, before anything is trained, what would
  /// replace a file or, of a script, which may be another's, leave the folder of --out.
  private func places(of script: ReplayScript) throws -> [String: String] {
    var places: [String: String] = [:]
    for name in script.commands.compactMap(\.snapshotName) where places[name] == nil {
      if !overwrite.force, name != "-", !isBesideOut(name) {
        throw Failure(
          code: .cannotCreate,
          message: "\(Output.visible(name)): a snapshot of the script leaves the folder of --out; "
            + "--force lets it", file: Output.visible(keys ?? "-")
        ).exit()
      }
      places[name] = try place(name, isPicture: Picture(path: name) != nil)
    }
    if let out { places[out] = try place(out, isPicture: Picture(path: out) != nil || isRecording) }
    return places
  }

  private func place(_ name: String, isPicture: Bool) throws -> String {
    guard isPicture || POSIXFile.isSpecial(name) else {
      throw Failure.usage(
        "\(Output.visible(name)) must end in .txt, .ansi or .svg, for --out .cast too, or be -",
        option: "--out")
    }
    return try overwrite.place(name)
  }

  /// Whether a file lies in the folder of --out (or in this one), or below.
  private func isBesideOut(_ name: String) -> Bool {
    func folder(_ path: String) -> [String] {
      URL(filePath: path).deletingLastPathComponent().resolvingSymlinksInPath().pathComponents
    }
    return folder(name).starts(with: folder(out.flatMap { $0 == "-" ? nil : $0 } ?? "picture.txt"))
  }

  private var isRecording: Bool { out?.hasSuffix(".cast") == true }

  private func chapter() throws -> Chapter? {
    try tour.map { name in try Failure.named("--tour") { try Chapter.named(name) } }
  }

  /// A chapter brings its preset.
  private mutating func fillTour() throws {
    guard let chapter = try chapter() else {
      if keys == nil { throw Failure.usage("give --keys FILE, a script, or --tour CHAPTER") }
      return
    }
    if keys != nil || presetOption.preset != nil {
      throw Failure.usage(
        "--tour CHAPTER says what is played: give no --keys and no --preset", option: "--tour")
    }
    presetOption.preset = chapter.preset.name
  }

  private func readScript() throws -> ReplayScript {
    guard let keys else { return ReplayScript() }
    let text = try Output.read(keys)
    do { return try ReplayScript(text) } catch {
      let name = keys == "-" ? "standard input" : Output.visible(keys)
      throw Failure(code: .badData, message: "\(name), \(error)").exit()
    }
  }

  private func save(_ screen: Screen, to path: String, _ theme: Theme) throws {
    let picture = Picture(path: path) ?? .text
    try Output.file(path, picture.encode(screen, theme: theme))
  }

  /// Reads “160x48”.
  static func size(_ text: String) throws -> Size {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1],
      (1...1000) ~= columns, (1...1000) ~= rows
    else {
      throw Failure.usage(
        "--size needs WIDTHxHEIGHT from 1x1 to 1000x1000, as 160x48", option: "--size")
    }
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
