import ArgumentParser
import FileFormats
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
        flowscope --dataset moons --solver rk4      another target, another solver
        flowscope train --dataset moons --steps 2000 --seed 7 --out moons.safetensors
        flowscope sample moons.safetensors --count 10000 --out samples.npy
        flowscope render --keys session.keys --size 160x48 --out picture.svg
      """,
    version: Checkpoint.version,
    subcommands: [
      Watch.self, Train.self, Sample.self, Compare.self, Evaluate.self, Likelihood.self,
      Inspect.self, Render.self, Theory.self, Config.self, Bench.self, List.self,
    ],
    defaultSubcommand: Watch.self)

  /// Runs the command of the arguments; however it ends, the status says which way.
  static func main() {
    // A write then fails with a reason, where the signal would end the process without one.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    do {
      let typed = Arguments.prepared(CommandLine.arguments.dropFirst())
      var command = try parseAsRoot(Arguments.completed(typed, with: try settings(for: typed)))
      try command.run()
    } catch { end(error) }
  }

  /// The options that the environment and the files of settings stand for.
  static func settings(for typed: [String]) throws -> [String] {
    guard let command = Arguments.command(typed),
      Setting.all.contains(where: { $0.scope.includes(command) })
    else { return [] }
    return try Settings(environment: ProcessInfo.processInfo.environment)
      .options(for: command, beside: typed)
  }

  /// Prints what the parser has to say, help to standard output and complaints to standard error,
  /// and exits.
  private static func end(_ error: any Error) -> Never {
    var code = exitCode(for: error)
    let text = fullMessage(for: error)
    if !text.isEmpty {
      if code.isSuccess {
        do { try Output.data(text + "\n") } catch { code = exitCode(for: error) }
      } else {
        // What was typed may hold characters that act on a terminal.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        Output.message(lines.map { FileFailure.printable(String($0)) }.joined(separator: "\n"))
      }
    }
    Foundation.exit(code.rawValue)
  }
}
