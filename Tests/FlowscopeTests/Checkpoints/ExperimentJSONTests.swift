import FileFormats
import FlowMatching
import Testing

@testable import flowscope

@Suite("Experiments as text")
struct ExperimentJSONTests {
  @Test("An experiment is read back as it was, the largest seed too")
  func roundTrip() throws {
    var experiment = Experiment()
    experiment.seed = .max
    experiment.learningRate = 0.1 + 0.2
    experiment.widths = [1, 4096]
    experiment.path = .noisy(sigma: 0.25)
    experiment.source = "moons"
    experiment.coupling = .sinkhorn(regularisation: 0.125)
    experiment.loss = .cosh(kappa: 0.7)
    experiment.scheduler = .cosine
    let text = ExperimentJSON.encode(experiment)
    #expect(try ExperimentJSON.decode(Array(text.utf8)) == experiment)
  }

  /// Changes to the text of the default experiment, each of which makes it none.
  static let bad: [(String, String)] = [
    (#""batch":256"#, #""batch":0"#), (#""batch":256"#, #""batch":-1"#),
    (#""batch":256"#, #""batch":1e3.5"#), (#""batch":256"#, #""batch":2.5"#),
    (#""batch":256"#, #""batch":"256""#), (#""batch":256"#, #""batch":1e99"#),
    (#""batch":256"#, #""batch":256,"batch":256"#), (#""batch":256"#, #""batch":true"#),
    (#""widths":[64,64,64]"#, #""widths":[]"#), (#""widths":[64,64,64]"#, #""widths":[0]"#),
    (#""widths":[64,64,64]"#, #""widths":[4097]"#), (#""widths":[64,64,64]"#, #""widths":64"#),
    (#""widths":[64,64,64]"#, #""widths":[64,]"#),
    (#""widths":[64,64,64]"#, #""widths":[4096,4096,4096]"#),
    (#""dimension":2"#, #""dimension":65"#), (#""dimension":2"#, #""dimension":0"#),
    (#""learningRate":0.001"#, #""learningRate":0"#),
    (#""learningRate":0.001"#, #""learningRate":-1"#),
    (#""learningRate":0.001"#, #""learningRate":NaN"#),
    (#""learningRate":0.001"#, #""learningRate":1e999"#),
    (#""activation":"silu""#, #""activation":"swish""#),
    (#""activation":"silu""#, #""activation":7"#),
    (#""seed":0"#, #""seed":-1"#), (#""seed":0"#, #""seed":18446744073709551616"#),
    (#""steps":60000"#, #""steps":0"#), (#""steps":60000"#, #""steps":9223372036854775807"#),
    (#""weightDecay":0"#, #""weightDecay":-1"#),
    (#""source":"gaussian""#, #""source":"gausian""#), (#""source":"gaussian""#, #""source":3"#),
    (#""coupling":"independent""#, #""coupling":"best""#),
    (#""coupling":"independent""#, #""coupling":"sinkhorn:0""#),
    (#""coupling":"independent""#, #""coupling":"sinkhorn:nan""#),
    (#""loss":"squared""#, #""loss":"mahalanobis:1""#), (#""loss":"squared""#, #""loss":null7"#),
    (#""prediction":"velocity""#, #""prediction":"speed""#),
    (#""path":{"name":"affine"}"#, #""path":{"name":"i-cfm","sigma":-1}"#),
    (#""path":{"name":"affine"}"#, #""path":"affine""#),
    (#""prediction":"velocity","scheduler""#, #""prediction":"score","coupling":"ot","scheduler""#),
    (#""path":{"name":"affine"}"#, #""path":{"name":"lipman"},"source":"moons""#),
    (#""objective":"flow-matching""#, #""objective":"matching""#),
    (#""solver":"midpoint","steps":20"#, #""solver":"midpont","steps":20"#),
    (#""solver":"midpoint","steps":20"#, #""solver":"midpoint","steps":0"#),
    (#""clip":10"#, #""clip":0"#), (#""divergence":"exact""#, #""divergence":"none""#),
  ]

  @Test("What is no experiment is refused", arguments: bad)
  func refused(part: String, other: String) throws {
    let text = ExperimentJSON.encode(Experiment())
    try #require(text.contains(part), "the default experiment is written otherwise: \(text)")
    let changed = text.replacing(part, with: other)
    #expect(throws: FileFailure.self) { try ExperimentJSON.decode(Array(changed.utf8)) }
  }

  @Test("Choices that do not go together are refused with the reason, whatever the order")
  func incompatible() {
    var experiment = Experiment()
    experiment.prediction = .score
    experiment.coupling = .optimalTransport
    let text = ExperimentJSON.encode(experiment)
    let error = #expect(throws: FileFailure.self) { try ExperimentJSON.decode(Array(text.utf8)) }
    #expect("\(error!)".contains("only for independent pairs"))
  }

  @Test("An unknown number of bytes, another encoding and no object are refused")
  func forms() {
    let text = ExperimentJSON.encode(Experiment())
    let long = text.dropLast() + #","x":""# + String(repeating: "x", count: 1 << 16) + #""}"#
    for bytes in [
      [], Array("[]".utf8), Array("null".utf8), [0xef, 0xbb, 0xbf] + Array(text.utf8),
      text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }, Array(long.utf8),
    ] {
      #expect(throws: FileFailure.self) { try ExperimentJSON.decode(bytes) }
    }
  }

  @Test("A run goes on with other steps and settings of the optimiser; what else differs is named")
  func resumption() throws {
    var saved = Experiment()
    saved.batch = 64
    saved.steps = 500
    var asked = saved
    asked.steps = 1000
    try Resumption.check(saved: saved, asked: asked)
    #expect(Resumption.note(saved: saved, asked: asked, step: 400) == nil)
    asked.learningRate = 0.5
    asked.weightDecay = 0.01
    try Resumption.check(saved: saved, asked: asked)
    #expect(
      Resumption.note(saved: saved, asked: asked, step: 400)
        == "step 400: learning rate 0.001 to 0.5, weight decay 0.0 to 0.01")
    // The default is another value than the saved one as well.
    asked.batch = Experiment().batch
    #expect(throws: Resumption.ChangedOption(name: "batch")) {
      try Resumption.check(saved: saved, asked: asked)
    }
    asked.batch = saved.batch
    asked.likelihood.steps += 1
    #expect(throws: Resumption.ChangedOption(name: "likelihood-steps")) {
      try Resumption.check(saved: saved, asked: asked)
    }
  }

  @Test("An option that was not given leaves what a command begins with, whatever that is")
  func givenOptions() throws {
    var base = Experiment()
    base.dataset = "moons"
    base.batch = 64
    base.widths = [8]
    base.coupling = .optimalTransport
    base.likelihood.steps = 7
    #expect(try ExperimentOptions.parse([]).experiment(over: base) == base)
    // A usual value that is typed counts as typed.
    let usual = Experiment()
    let options = try ExperimentOptions.parse([
      "--dataset", usual.dataset, "--batch", "\(usual.batch)", "--coupling", "independent",
    ])
    var expected = base
    (expected.dataset, expected.batch, expected.coupling) =
      (usual.dataset, usual.batch, usual.coupling)
    #expect(try options.experiment(over: base) == expected)
  }
}
