import FileFormats
import Foundation
import Testing

@testable import flowscope

@Suite("Settings")
struct SettingsTests {
  /// A directory with a file of settings of its own and one of the user's.
  private final class Home {
    let path = NSTemporaryDirectory() + "flowscope-" + UUID().uuidString

    init(own: String?, users: String?) throws {
      for (text, name) in [(own, "flowscope.toml"), (users, "config/flowscope/config.toml")] {
        let url = URL(filePath: path + "/" + name)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        if let text { try text.write(to: url, atomically: false, encoding: .utf8) }
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func settings(_ environment: [String: String] = [:]) throws -> Settings {
      try Settings(
        environment: environment.merging(["XDG_CONFIG_HOME": path + "/config"]) { $1 },
        directory: path)
    }
  }

  private func setting(_ name: String) throws -> Setting {
    try #require(Setting.all.first { $0.name == name })
  }

  @Test(
    "The environment wins over ./flowscope.toml, that over the user's file, that over the default")
  func order() throws {
    let home = try Home(
      own: "batch = 2\nseed = 3\n", users: "batch = 4\nseed = 5\nwidths = [6, 7]\n")
    let settings = try home.settings(["FLOWSCOPE_BATCH": "1"])
    #expect(settings[try setting("batch")].text == "1")
    #expect(settings[try setting("batch")].origin == .environment("FLOWSCOPE_BATCH"))
    #expect(settings[try setting("seed")].text == "3")
    #expect(settings[try setting("widths")].text == "6,7")
    #expect(settings[try setting("dataset")].text == "8gaussians")
    #expect(settings[try setting("dataset")].origin == .fallback)
  }

  @Test("A command takes the settings of its own options, and only those")
  func options() throws {
    let home = try Home(
      own: "batch = 2\nparticles = 300\nascii = true\nreduced-motion = false\n", users: nil)
    let settings = try home.settings()
    var train = try #require(try Flowscope.parseAsRoot(["train"]) as? Train)
    try train.take(settings)
    #expect(train.options.given.names == ["batch"])
    var watch = try #require(try Flowscope.parseAsRoot([]) as? Watch)
    try watch.take(settings)
    #expect(watch.experimentOptions.given.names == ["batch"])
    #expect(watch.particles.count == 300 && watch.look.given.names == ["ascii"])
    #expect(watch.pace.reducedMotion == false && watch.pace.given.names == ["reduced-motion"])
    // A replay looks the same for everybody.
    var render = try #require(try Flowscope.parseAsRoot(["render", "--keys", "k"]) as? Render)
    try render.take(settings)
    #expect(render.particles.count == nil && render.look.given.names.isEmpty)
  }

  @Test("Of steps and tolerance only what suits the solver is taken from a file")
  func solver() throws {
    let settings = try Home(own: "solver-steps = 9\ntolerance = 1e-4\n", users: nil).settings()
    func given(_ typed: String...) throws -> (steps: Int?, tolerance: Double?) {
      var options = try SolverOptions.parse(typed)
      try options.fill(from: settings)
      return (options.steps, options.tolerance)
    }
    #expect(try given("--solver", "rk4") == (9, nil))
    #expect(try given("--solver=dopri5") == (nil, 1e-4))
    #expect(try given("--tolerance", "1e-3") == (nil, 1e-3))
    #expect(try given("--steps", "3") == (3, nil))
    #expect(try given("--solver", "euler-maruyama") == (9, nil))
  }

  @Test("A variable of another kind is a usage error")
  func variables() throws {
    let home = try Home(own: nil, users: nil)
    #expect(throws: (any Error).self) { try home.settings(["FLOWSCOPE_SEED": "x"]) }
    #expect(throws: (any Error).self) { try home.settings(["FLOWSCOPE_LEARNING_RATE": "nan"]) }
    #expect(try home.settings(["FLOWSCOPE_SEED": ""])[try setting("seed")].origin == .fallback)
  }

  /// Malformed files with the line and column of the mistake.
  static let bad: [(String, Int, Int)] = [
    ("batch", 1, 6), ("batch =", 1, 8), ("batch = \n", 1, 9), ("= 3", 1, 1),
    ("batch 3", 1, 7), ("batch = 3 4", 1, 11), ("batch = 3\nbatch = 4", 2, 1),
    ("seed = 1\n\nbatch = 0x", 3, 9), ("batch = 1_", 1, 9), ("batch = 01", 1, 9),
    ("batch = 1.", 1, 9), ("batch = 99999999999999999999", 1, 9),
    ("dataset = \"moons", 1, 11), ("dataset = 'moons", 1, 11), ("dataset = moons", 1, 11),
    ("dataset = \"\\q\"", 1, 12), ("widths = [1, 2", 1, 15), ("widths = [1 2]", 1, 13),
    ("ascii = True", 1, 9), ("ascii = tru", 1, 9), ("[a", 1, 1), ("[]", 1, 1), ("a.b = ", 1, 2),
    ("batch = \"3\"", 1, 1), ("seed = 1\nbatch = 3.5", 2, 1), ("  batch = true", 1, 3),
    ("dataset = 3", 1, 1), ("widths = 64", 1, 1), ("widths = []", 1, 1),
    ("widths = [1, 2.5]", 1, 15), ("widths = [\"1\"]", 1, 11), ("ascii = 1", 1, 1),
    ("learning-rate = \"fast\"", 1, 1), ("learning-rate = nan", 1, 1),
    ("learning-rate = inf", 1, 1),
    ("bacth = 3", 1, 1), ("seed = 1\n[training]\nbatch = 3", 2, 1), ("\nbatch.size = 3", 2, 6),
    ("\"batch \" = 3", 1, 1), ("dataset = \"\"", 1, 1), ("seed = 2024-01-01", 1, 8),
    ("[^\na\u{feff}1 = 1", 1, 1), ("a\u{feff}1 = 1", 1, 2), ("dataset = \"\"\"a\"\"\"", 1, 12),
    ("dataset = \"\\ud800\"", 1, 12), ("batch = 3 # \u{7}", 1, 13), ("batch = 3\rseed = 1", 1, 10),
    ("widths = [1,, 2]", 1, 13), ("widths = [\n1\n2]", 3, 1), ("batch = 1__0", 1, 9),
    ("batch = +0x1", 1, 9), ("learning-rate = .5", 1, 17), ("learning-rate = 1e", 1, 17),
    ("learning-rate = 1.e5", 1, 17), ("dätaset = 1", 1, 2),
    ("dataset = \"\u{1}\"", 1, 12), ("seed = 1\nba\u{0}tch = 3", 2, 3),
  ]

  @Test("A malformed file is refused at the line and column of the mistake", arguments: bad)
  func malformed(text: String, line: Int, column: Int) {
    let failure = #expect(throws: FileFailure.self) { try SettingsFile(Array(text.utf8)) }
    guard case .malformed(_, let shownLine, let shownColumn) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect([shownLine, shownColumn] == [line, column], "\(failure?.description ?? "")")
  }

  @Test("Other encodings and endless files are refused")
  func encodings() {
    for bytes in [
      Array("seed = 1\nx".utf8) + [0xff], [0xff, 0xfe, 0x41, 0],
      [UInt8](repeating: 0x23, count: 1 << 17),
    ] {
      #expect(throws: FileFailure.self) { try SettingsFile(bytes) }
    }
  }

  @Test("Comments, marks, CRLF and every form of a value are taken")
  func good() throws {
    let text =
      "\u{feff}# mine\r\nbatch = 0x10\r\nwidths = [ 8, 8, ]\r\nascii = true\r\n"
      + "dataset = \"m\\u006fons\"\r\n'learning-rate' = 1_0.5e-0_1 # fast\r\nseed = -0\r\n"
    #expect(
      try SettingsFile(Array(text.utf8)).values == [
        "batch": "16", "widths": "8,8", "ascii": "true", "dataset": "moons",
        "learning-rate": "1.05", "seed": "0",
      ])
  }

  @Test("What a fuzzer found is taken or refused without a trap")
  func fuzzed() throws {
    let url = SourceTree.root.appending(path: "Tests/FileFormatsTests/Corpora/fuzz-settings.tsv")
    let inputs = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
      .compactMap { Data(base64Encoded: String($0)) }.map(Array.init)
    try #require(inputs.count > 20)
    for bytes in inputs {
      if bytes.first == UInt8(ascii: "{") {
        let experiment = try? ExperimentJSON.decode(bytes)
        #expect(experiment.flatMap(ExperimentJSON.complaint) == nil)
      } else {
        let file = try? SettingsFile(bytes)
        for (name, text) in file?.values ?? [:] {
          #expect(Setting.all.first { $0.name == name }?.accepts(text) == true)
        }
      }
    }
  }
}
