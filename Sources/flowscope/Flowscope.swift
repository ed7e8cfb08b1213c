import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// The command and its subcommands; alone it opens the viewer.
@main
struct Flowscope: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flowscope",
    abstract: "Flow matching, live in a terminal.",
    discussion: """
      A network learns a velocity field in the background; an ODE solver carries particles from \
      a Gaussian to the data, frame by frame. Without a subcommand the viewer opens.

        flowscope                                   watch the default experiment
        flowscope tour                              what flow matching is, in fourteen chapters
        flowscope --dataset moons --solver rk4      another target, another solver
        flowscope train --dataset moons --steps 2000 --seed 7 --out moons.safetensors
        flowscope sample moons.safetensors --count 10000 --out samples.npy
        flowscope render --keys session.keys --size 160x48 --out picture.svg
      """,
    version: Release.version,
    subcommands: [
      Watch.self, Train.self, Sample.self, Compare.self, Evaluate.self, Likelihood.self,
      Field.self, TimeGridCommand.self, TransportCommand.self, Doctor.self, Inspect.self, Runs.self,
      Render.self,
      Theory.self, Config.self,
      Bench.self, List.self, TourCommand.self,
      Version.self,
    ],
    defaultSubcommand: Watch.self)

  /// Runs the command of the arguments; however it ends, the status says which way.
  static func main() {
    // A write then fails with a reason, where the signal would end the process without one.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    Interruption.begin()
    do {
      let typed = Arguments.prepared(CommandLine.arguments.dropFirst())
      Failure.isJSON.store(Arguments.asksForJSON(typed), ordering: .relaxed)
      try checkCommand(typed)
      var command = try parseAsRoot(typed)
      if var taking = command as? any TakesSettings {
        try taking.take(Settings(environment: ProcessInfo.processInfo.environment))
        command = taking
      }
      SettingOrigins.tell()
      try command.run()
    } catch { end(error) }
  }

  /// Refuses a command that does not exist, with the nearest; the parser would take it for an argument
  /// of the viewer.
  private static func checkCommand(_ typed: [String]) throws {
    let names = configuration.subcommands.compactMap { $0._commandName } + ["help"]
    let asked = typed.first == "help" ? typed.dropFirst().first : typed.first
    guard let asked, !asked.isEmpty, !asked.hasPrefix("-"), !names.contains(asked) else { return }
    throw Failure.usage(UnknownName(kind: "command", name: asked, among: names).description)
  }

  /// Prints help to standard output, and of what the parser complains about one line to standard
  /// error, and exits.
  private static func end(_ error: any Error) -> Never {
    var code = exitCode(for: error)
    let text = fullMessage(for: error)
    if !text.isEmpty {
      if code.isSuccess {
        do { try Output.data(mended(text) + "\n") } catch { code = exitCode(for: error) }
      } else {
        code = complain(message(for: error))
      }
    }
    Foundation.exit(code.rawValue)
  }

  /// The parser's completions: in bash they offer files where nothing else is known, and in zsh a colon
  /// belongs to the name, such as lipman:0.0001, where it would begin a description. Other text as it
  /// is.
  private static func mended(_ text: String) -> String {
    text.replacing("\ncomplete -o filenames -F", with: "\ncomplete -o default -o filenames -F")
      .replacing(
        #"non_empty_completions=("${@:#(|:*)}")"#,
        with: #"non_empty_completions=("${(@)${@:#(|:*)}//:/\\:}")"#)
  }

  /// What the parser says, in one line, with where the option comes from and where to look it up.
  private static func complain(_ text: String) -> ExitCode {
    // What was typed may hold characters that act on a terminal.
    var line = text.split(separator: "\n").map { FileFailure.printable(String($0)) }
      .joined(separator: " ")
    while line.hasSuffix(".") { line.removeLast() }
    let option = line.firstMatch(of: /--[a-z][a-z-]*/).map { String($0.0) }
    let command = Arguments.command(Array(CommandLine.arguments.dropFirst())) ?? "help"
    let help = command == "help" ? "flowscope --help" : "flowscope \(command) --help"
    return Failure.usage(line + (line.hasSuffix("?") ? " See " : "; see ") + help, option: option)
  }
}

/// The version, as `--version` prints it.
struct Version: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print the version.")

  @Flag(
    name: [.long, .customLong("licenses")],
    help: "Print the notices of the data that the program holds, too.")
  var licences = false

  @OptionGroup var options: ReportOptions

  private struct Report: Encodable {
    let version: String
    let licences: String?
  }

  func run() throws {
    let notices = licences ? Notices.data : nil
    if options.json {
      return try Output.json(Report(version: Release.version, licences: notices))
    }
    try Output.data(Release.version + "\n" + (notices.map { "\n" + $0 } ?? ""))
  }
}
