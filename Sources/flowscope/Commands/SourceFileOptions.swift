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

  func validate() throws {
    if checkpoint != nil && follow != nil {
      throw Failure.usage("--checkpoint opens a file once, --follow again and again: give one")
    }
  }

  /// The run of `--checkpoint`; experiment and data set become its own, unless points of one's own
  /// are the target.
  func opened(
    beside experiment: inout Experiment, _ dataset: inout Dataset, isOwnTarget: Bool
  ) throws -> ReceivedRun? {
    guard let checkpoint else { return nil }
    do throws(FileFailure) {
      // As the file says, or a foreign one as --activation does.
      let saved = try Checkpoint(
        Safetensors(reading: Input.source(checkpoint)), activation: nil,
        otherwise: experiment.activation)
      if !isOwnTarget, let own = try saved.dataset() { dataset = own }
      let received = saved.received(beside: experiment, dataset: dataset, step: 1)
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
