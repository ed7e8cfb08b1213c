import ArgumentParser

@main
struct Flowscope: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "flowscope")
}
