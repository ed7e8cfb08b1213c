import ArgumentParser
import FlowMatching
import FlowViewer
import Foundation

/// The guided tour.
struct TourCommand: TakesSettings {
  static let configuration = CommandConfiguration(
    commandName: "tour",
    abstract: "Learn what flow matching is, chapter by chapter, in this terminal.",
    discussion: """
      Two lines at the foot of the screen say what is to be seen. Enter goes on, Backspace back, a \
      digit answers a question, Esc ends the tour and leaves you in the viewer; all its keys work \
      meanwhile. A chapter that learns something of its own trains it while you read.

        flowscope tour
        flowscope tour --list
        flowscope tour solvers
        flowscope render --tour floor --size 120x36 --out floor.cast
      """)

  @Argument(
    help: ArgumentHelp(
      "Where to begin: \(Chapter.all.map(\.name).joined(separator: ", ")).", valueName: "chapter"),
    completion: .chapters)
  var chapter: String?

  @Flag(help: "List the chapters.")
  var list = false

  @Flag(name: .shortAndLong, help: "With --list, print one JSON object.")
  var json = false

  @OptionGroup var particles: ParticleOptions
  @OptionGroup var pace: PaceOptions
  @OptionGroup var look: LookOptions

  mutating func take(_ settings: Settings) throws {
    try particles.fill(from: settings)
    try pace.fill(from: settings)
    try look.fill(from: settings)
  }

  private struct Report: Encodable {
    struct Entry: Encodable {
      let name, title, preset: String
    }
    let chapters: [Entry]
  }

  func run() throws {
    let begin = try chapter.map { name in
      do throws(UnknownName) { return try Chapter.named(name) } catch {
        throw Failure.usage(error.description + "; flowscope tour --list says what each tells")
      }
    }
    if list { return try tell(begin.map { [$0] } ?? Chapter.all) }
    if json { throw Failure.usage("--json goes with --list", option: "--json") }
    let told = begin ?? Chapter.all[0]
    let experiment = told.preset.experiment
    let dataset = try PictureEncoding.prepared(
      try DatasetCatalog.named(experiment.dataset), for: experiment, quiet: false)
    var options = AppState.Options()
    options.preset = told.preset
    options.chapter = told
    options.particles = particles.count
    options.lecture = look.lecture
    options.reducedMotion = pace.reducedMotion
    options.framesPerSecond = pace.framesPerSecond
    let status = try Viewing(look: look).run(experiment, dataset, options)
    if status != 0 { throw ExitCode(status) }
  }

  private func tell(_ chapters: [Chapter]) throws {
    if json {
      return try Output.json(
        Report(
          chapters: chapters.map {
            Report.Entry(name: $0.name, title: $0.title, preset: $0.preset.name)
          }))
    }
    let width = Chapter.all.map(\.name.count).max() ?? 0
    let lines = chapters.map { chapter -> String in
      let number = (Chapter.all.firstIndex { $0.name == chapter.name } ?? 0) + 1
      return "\(number)".padding(toLength: 4, withPad: " ", startingAt: 0)
        + chapter.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + chapter.title
    }
    try Output.data(lines.map { $0 + "\n" }.joined())
  }
}
