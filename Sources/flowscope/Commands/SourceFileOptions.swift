import ArgumentParser
import FileFormats
import FlowMatching
import FlowViewer

/// Where the viewer's network comes from, if it does not train one itself.
struct SourceFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Open a trained network; T lets training go on.", valueName: "file"))
  var checkpoint: String?

  @Option(
    help: ArgumentHelp("Show a file's network anew whenever it is rewritten.", valueName: "file"))
  var follow: String?

  @Option(help: ArgumentHelp("See again what w saved.", valueName: "file.json"))
  var state: String?

  func validate() throws {
    if checkpoint != nil && follow != nil {
      throw Failure.usage("--checkpoint opens a file once, --follow again and again: give one")
    }
    if state != nil && (checkpoint != nil || follow != nil) {
      throw Failure.usage("--state brings its own network: give no other")
    }
  }

  /// The state of `--state`; nil without one.
  func saved() throws -> SavedState? {
    guard let state else { return nil }
    do throws(FileFailure) {
      return try StateFile.decode(Input.source(state).readAll(limit: StateFile.limit))
    } catch { throw Failure.file(error, state, isInput: true) }
  }

  /// The file of a network that is opened once: `--checkpoint`, or the one beside `--state`.
  private func network(_ saved: SavedState?) -> String? {
    guard let state, let saved else { return checkpoint }
    return state.lastIndex(of: "/").map { state[...$0] + saved.network } ?? saved.network
  }

  /// The run of `--checkpoint` or of a saved state; experiment and data set become its own, unless points of one's own
  /// are the target.
  func opened(
    beside experiment: inout Experiment, _ dataset: inout Dataset, isOwnTarget: Bool,
    saved: SavedState?
  ) throws -> ReceivedRun? {
    guard let checkpoint = network(saved) else { return nil }
    do throws(FileFailure) {
      // As the file says, or a foreign one as --activation does.
      let file = try StoredModel(
        Safetensors(reading: Input.source(checkpoint)), activation: nil,
        otherwise: experiment.activation)
      if !isOwnTarget, let own = try file.dataset() { dataset = own }
      let received = file.received(beside: experiment, dataset: dataset, step: 1)
      experiment = received.experiment
      dataset = received.dataset
      experiment.dataset = dataset.name
      return received
    } catch { throw Failure.file(error, checkpoint, isInput: true) }
  }

  /// What asks the file of `--follow` for news; nil without one.
  func follower(
    _ experiment: Experiment, _ dataset: Dataset
  ) throws -> (@Sendable () -> ReceivedRun?)? {
    guard let follow else { return nil }
    let file = FollowedFile(follow, experiment: experiment, dataset: dataset)
    return { file.next() }
  }
}
