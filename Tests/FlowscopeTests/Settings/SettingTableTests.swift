import FlowMatching
import FlowViewer
import Foundation
import Testing

@testable import flowscope

@Suite("The table of settings")
struct SettingTableTests {
  /// A command as the parser describes it.
  private struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable { let kind, name: String }
      let kind: String
      let names: [Name]?
    }
    let commandName: String
    let arguments: [Argument]?
    let subcommands: [Command]?
  }

  private struct Tool: Decodable { let command: Command }

  /// What an option says of one call: files, counts, what is done; nobody sets it for all.
  private static let ofOneCall: Set<String> = [
    "help", "version", "intro", "preset", "data", "columns", "source-columns", "standardise",
    "steps",
    "checkpoint", "follow", "state", "against", "input-order", "network", "reversed-time",
    "no-reversed-time", "flipped-sign", "no-flipped-sign", "time-scale", "data-scale", "out",
    "resume", "reflow",
    "checkpoint-every", "metrics", "tensorboard", "threads", "dry-run", "force", "no-clobber",
    "json",
    "quiet", "verbose", "keys", "size", "cast", "count", "from", "reverse", "added-noise",
    "epsilon",
    "log-density", "divergence", "integral", "likelihood-tolerance", "at", "at-columns", "t",
    "quantity", "exact", "period", "vectors", "label", "guidance", "guidance-interval", "guide",
    "no-vectors", "overlay", "words", "tokens", "tour", "observations", "given", "time", "until",
  ]

  @Test("Every long option is a setting of the table or of one call, and every setting an option")
  func options() throws {
    let tool = try JSONDecoder().decode(Tool.self, from: Data(Flowscope._dumpHelp().utf8))
    let names = Set(Setting.all.map(\.name))
    #expect(names.count == Setting.all.count, "a name is there twice")
    #expect(names.isDisjoint(with: Self.ofOneCall))
    var seen: Set<String> = []
    let commands = ["watch", "train", "render", "sample", "likelihood", "evaluate"]
    for command in tool.command.subcommands ?? [] where commands.contains(command.commandName) {
      let options = (command.arguments ?? []).flatMap { $0.names ?? [] }
        .filter { $0.kind == "long" }.map(\.name)
      try #require(options.count > 10)
      for option in options {
        let isOff = option.hasPrefix("no-") && names.contains(String(option.dropFirst(3)))
        seen.insert(option)
        #expect(
          isOff || names.contains(option) || Self.ofOneCall.contains(option),
          "\(command.commandName) --\(option)")
      }
    }
    #expect(names.subtracting(seen).isEmpty, "\(names.subtracting(seen))")
    for setting in Setting.all where setting.kind == .flag {
      #expect(seen.contains("no-" + setting.name), "\(setting.name) cannot be switched off")
    }
  }

  @Test("Every setting of an experiment is a parameter of the viewer, with the same range")
  func parameters() {
    for setting in Experiment.settings {
      #expect(Setting.all.contains { $0.name == setting.name && $0.range == setting.range })
      #expect(Parameter.allCases.count { $0.name == setting.name } == 1, "\(setting.name)")
    }
  }

  @Test("A checkpoint holds every setting of an experiment", arguments: Experiment.settings)
  func metadata(setting: ExperimentSetting) throws {
    var experiment = Experiment()
    let other = try SettingMergeTests.other(than: setting)
    try setting.set(&experiment, to: other)
    let text = ExperimentJSON.encode(experiment)
    #expect(text != ExperimentJSON.encode(Experiment()))
    let read = try JSONDecoder().decode(Experiment.self, from: Data(text.utf8))
    #expect(read == experiment && setting.text(read) == other)
  }

  @Test("Every default is a value of its setting, and of a file of settings")
  func defaults() throws {
    for setting in Setting.all where !setting.fallback.isEmpty {
      try setting.check(setting.fallback)
      #expect(setting.accepts(setting.fallback))
      let file = try SettingsFile(Array(SettingMergeTests.line(setting, setting.fallback).utf8))
      #expect(file.values[setting.name].map { $0 == setting.fallback || Double($0) != nil } == true)
    }
  }

  @Test("What can be chosen is listed")
  func listed() {
    let families = Dictionary(
      uniqueKeysWithValues: List.families.map { ($0.title, $0.members.map(\.name)) })
    for setting in Experiment.settings where setting.kind == .text && setting.name != "source" {
      #expect(families[setting.family] == setting.choices.map(\.name), "\(setting.name)")
    }
    #expect(families["models"]?.contains("realnvp:8") == true)
  }
}
