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
        flowscope --overlay earlier.safetensors
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
    options.overlay = try source.ghost(beside: experiment)
    options.origin = (source.checkpoint ?? source.state).map(Output.visible)
    options.follows = source.follow.map {
      Output.visible($0.split(separator: "/").last.map(String.init) ?? $0)
    }
    options.opened = received?.opened
    options.particles = particles.count
    options.lecture = look.lecture
    options.reducedMotion = pace.reducedMotion
    options.framesPerSecond = pace.framesPerSecond
    let viewing = Viewing(look: look, reading: try source.readingOptions.reading())
    let status = try viewing.run(
      experiment, dataset, options, opening: received,
      follow: try source.follower(experiment, dataset))
    if status != 0 { throw ExitCode(status) }
  }
}
