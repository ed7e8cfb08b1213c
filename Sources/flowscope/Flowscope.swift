import ArgumentParser

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
        flowscope train --dataset moons --steps 2000 --seed 7 --json
        flowscope render --keys session.keys --size 160x48 --out picture.svg
      """,
    version: "0.1.0",
    subcommands: [Watch.self, Train.self, Render.self, Theory.self, Bench.self, List.self],
    defaultSubcommand: Watch.self)
}
