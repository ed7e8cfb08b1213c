import ArgumentParser
import FlowMatching
import FlowViewer
import Foundation
import TerminalCanvas

/// The viewer.
struct Watch: TakesSettings {
  static let configuration = CommandConfiguration(
    abstract: "Watch training and the flow in this terminal (the default).",
    discussion: """
      Training starts at once; ? shows the keys, q quits.

        flowscope
        flowscope --dataset checkerboard --particles 10000
        flowscope --solver dopri5 --tolerance 1e-4 --theme light
        flowscope --preset solver-race
        flowscope --checkpoint moons.safetensors
        flowscope --checkpoint ot.safetensors --against independent.safetensors
        flowscope --state flowscope-1.json
        flowscope --follow run.safetensors --dataset moons
      """)

  @OptionGroup var presetOption: PresetOption
  @OptionGroup var experimentOptions: ExperimentOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var solverOptions: SolverOptions
  @OptionGroup var letterOptions: LetterOptions
  @OptionGroup var source: SourceFileOptions

  @OptionGroup var particles: ParticleOptions
  @OptionGroup var pace: PaceOptions
  @OptionGroup var look: LookOptions

  mutating func take(_ settings: Settings) throws {
    try presetOption.fill(&experimentOptions, from: settings, beside: target)
    try solverOptions.fill(from: settings)
    try letterOptions.fill(from: settings)
    try particles.fill(from: settings)
    try pace.fill(from: settings)
    try look.fill(from: settings)
  }

  func run() throws {
    var experiment = try presetOption.experiment(experimentOptions, beside: target)
    var dataset = try target.dataset(
      of: experiment, source: experimentOptions.sourceFile, labels: experimentOptions.labels)
    try experimentOptions.note(dataset, ofFile: target.data != nil, in: &experiment)
    let saved = try source.saved()
    let received = try source.opened(
      beside: &experiment, &dataset, isOwnTarget: target.data != nil, saved: saved)
    try ExperimentOptions.validate(experiment, to: dataset)
    if let complaint = experiment.viewerComplaint { throw Failure.usage(complaint) }
    dataset = try PictureEncoding.prepared(dataset, for: experiment, quiet: false)
    var options = AppState.Options()
    options.solver = try solverOptions.settings(of: experiment, letterOptions)
    options.preset = try presetOption.chosen()
    options.saved = saved
    try source.announceFollowed(beside: experiment, dataset)
    options.beside = try source.trainings(beside: experiment, saved: saved)
    options.origin = (source.checkpoint ?? source.state).map(Output.visible)
    options.follows = source.follow.map {
      Output.visible($0.split(separator: "/").last.map(String.init) ?? $0)
    }
    options.opened = received?.opened
    options.particles = particles.count
    options.reducedMotion = pace.reducedMotion
    options.framesPerSecond = pace.framesPerSecond
    let status = try watch(experiment, dataset, options, opening: received)
    if status != 0 { throw ExitCode(status) }
  }

  private func watch(
    _ experiment: Experiment, _ dataset: Dataset, _ options: AppState.Options,
    opening received: ReceivedRun?
  ) throws -> Int32 {
    var terminal: NcursesTerminal
    do { terminal = try NcursesTerminal(look.terminalOptions()) } catch {
      throw Failure(code: .noTerminal, message: error.description).exit()
    }
    #if DEBUG
      let fault = Fault.requested
      let willStep: (@Sendable (Int) -> Void)? = { step in fault?.trainer(step: step) }
      let didPresent: (Int) -> Void = { frame in fault?.ui(frame: frame) }
    #else
      let willStep: (@Sendable (Int) -> Void)? = nil
      let didPresent: (Int) -> Void = { _ in }
    #endif
    let trainer = BackgroundTrainer(
      experiment, dataset: dataset, solver: options.solver, opening: received,
      follow: try source.follower(experiment, dataset), willStep: willStep)
    defer { trainer.stop() }
    var options = options
    options.introduces = Watch.introduces(experiment, options, on: terminal.size)
    let state = AppState(
      experiment: experiment, dataset: dataset, size: terminal.size, options: options)
    let session = Session(
      state: state, driver: trainer, theme: look.theme(for: terminal), aspect: terminal.aspect)
    var loop = FrameLoop(session: session, framesPerSecond: options.framesPerSecond)
    let look = look
    var exporter = FileExporter(reading: try source.readingOptions.reading())
    loop.run(
      on: &terminal,
      look: { (terminal: borrowing NcursesTerminal) in
        (theme: look.theme(for: terminal), aspect: terminal.aspect)
      }, exporter: &exporter,
      didPresent: didPresent)
    return terminal.exitStatus
  }

  /// Whether a newcomer is here: nothing was asked for, there is room, and it was never shown before.
  private static func introduces(
    _ experiment: Experiment, _ options: AppState.Options, on size: Size
  ) -> Bool {
    CommandLine.arguments.count == 1 && experiment == Experiment() && !options.reducedMotion
      && Introduction.fits(size) && StateFolder.isFirst("introduced")
  }
}

#if DEBUG
  /// A trap on purpose, so that a test can see what a real one leaves of the terminal.
  private struct Fault: Sendable {
    private let place: String

    /// What `FLOWSCOPE_FAULT` asks for: `ui` or `trainer`.
    static var requested: Fault? {
      ProcessInfo.processInfo.environment["FLOWSCOPE_FAULT"].map(Fault.init)
    }

    func ui(frame: Int) {
      if place == "ui" && frame == 20 { fatalError("a fault on the UI thread, asked for") }
    }

    func trainer(step: Int) {
      if place == "trainer" && step == 2000 {
        fatalError("a fault on the trainer thread, asked for")
      }
    }
  }
#endif
