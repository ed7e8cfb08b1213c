import ArgumentParser
import FileFormats
import FlowMatching
import FlowViewer

/// Where the viewer's network comes from, if it does not train one itself.
struct SourceFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Open a trained network; T lets training go on.", valueName: "file"),
    completion: .file())
  var checkpoint: String?

  @Option(
    help: ArgumentHelp("Show a file's network anew whenever it is rewritten.", valueName: "file"),
    completion: .file())
  var follow: String?

  @Option(
    help: ArgumentHelp(
      "The losses of what is followed: CSV with columns such as step and loss, or a JSON object a line "
        + "(default: loss and step of its metadata).", valueName: "file"),
    completion: .file())
  var metrics: String?

  @Option(
    help: ArgumentHelp("See again what w saved.", valueName: "file.json"), completion: .file())
  var state: String?

  @Option(
    help: ArgumentHelp(
      "Lanes beside, from the same noise, for up to three trained networks, split by commas.",
      valueName: "files"), completion: .file())
  var against: String?

  @Option(
    help: ArgumentHelp(
      "The curves of another run behind: of its checkpoint, or of what --metrics wrote.",
      valueName: "file"), completion: .file())
  var overlay: String?

  @OptionGroup var readingOptions: ReadingOptions

  func validate() throws {
    if checkpoint != nil && follow != nil {
      throw Failure.usage("--checkpoint opens a file once, --follow again and again: give one")
    }
    if metrics != nil && follow == nil {
      throw Failure.usage("--metrics are the losses of what is followed: it needs --follow FILE")
    }
    if state != nil && (checkpoint != nil || follow != nil) {
      throw Failure.usage("--state brings its own network: give no other")
    }
    if state != nil && against != nil {
      throw Failure.usage("--state brings its own lanes: give no --against")
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
    saved.map { path(besideState: $0.network) } ?? checkpoint
  }

  private func path(besideState name: String) -> String {
    guard let state else { return name }
    return state.lastIndex(of: "/").map { state[...$0] + name } ?? name
  }

  /// The runs of lanes beside: those of `--against`, or of a saved state.
  func trainings(beside experiment: Experiment, saved: SavedState?) throws -> [KeptTraining] {
    let files =
      saved.map { ($0.beside ?? []).map { path(besideState: $0.network) } }
      ?? against.map { $0.split(separator: ",").map(String.init) } ?? []
    guard saved != nil || against == nil || (1...3).contains(files.count) else {
      throw Failure.usage("--against takes one to three files, split by commas")
    }
    let reading = try readingOptions.reading()
    return try files.map { file in
      let training: KeptTraining
      do throws(FileFailure) {
        training = try KeptTraining(reading: file, beside: experiment, as: reading, isSaid: true)
      } catch { throw Failure.file(error, file, isInput: true) }
      if let complaint = training.complaint(beside: experiment) {
        throw Failure.usage("\(Output.visible(file)) cannot be a lane: \(complaint)")
      }
      return training
    }
  }

  /// The run of `--overlay`; says where no curve of it belongs behind those of the experiment.
  func ghost(beside experiment: Experiment) throws -> GhostRun? {
    guard let overlay else { return nil }
    let reading = try readingOptions.reading()
    do throws(FileFailure) {
      let ghost = try GhostRun.read(overlay, as: reading)
      if let complaint = ghost.complaint(beside: experiment) {
        Output.message("\(Output.visible(overlay)) is not laid behind: \(complaint)")
      }
      return ghost
    } catch { throw Failure.file(error, overlay, isInput: true) }
  }

  /// The run of `--checkpoint` or of a saved state; experiment and data set become its own, unless points of one's own
  /// are the target.
  func opened(
    beside experiment: inout Experiment, _ dataset: inout Dataset, isOwnTarget: Bool,
    saved: SavedState?
  ) throws -> ReceivedRun? {
    guard let checkpoint = network(saved) else { return nil }
    let reading = try readingOptions.reading()
    do throws(FileFailure) {
      // As the file says, or a foreign one as --activation does.
      let file = try StoredRun(
        reading: checkpoint, as: reading, otherwise: experiment.activation)
      file.announce(checkpoint)
      if !isOwnTarget, let own = try file.dataset() {
        dataset = own
      } else if dataset.units == nil, let units = file.units.data {
        // Particles are in the units of the network, and so is what they are seen beside.
        dataset = dataset.changed(to: units) ?? dataset
      }
      file.warn(checkpoint, beside: experiment, on: dataset)
      let received = file.received(beside: experiment, dataset: dataset, step: 1)
      experiment = received.experiment
      dataset = received.dataset
      experiment.dataset = dataset.name
      return received
    } catch { throw Failure.file(error, checkpoint, isInput: true) }
  }

  /// Says what is read of the network that `--follow` finds already, before the screen is taken.
  func announceFollowed(beside experiment: Experiment, _ dataset: Dataset) throws {
    // Whole files alone: a pipe would keep everybody waiting.
    guard let follow, let version = POSIXFile.version(of: follow), version.size > 0 else { return }
    let reading = try readingOptions.reading()
    do throws(FileFailure) {
      let stored = try StoredRun(
        reading: follow, as: reading, otherwise: experiment.activation)
      stored.announce(follow)
      stored.warn(follow, beside: experiment, on: dataset)
    } catch {
      // It may be half written; where it is not, nothing else would say why it is not shown.
      Output.message("\(Output.visible(follow)): \(error); waiting for another version")
    }
  }

  /// What asks the file of `--follow` for news; nil without one.
  func follower(
    _ experiment: Experiment, _ dataset: Dataset
  ) throws -> (@Sendable () -> FollowedNews?)? {
    guard let follow else { return nil }
    let reading = try readingOptions.reading()
    let file = FollowedFile(
      follow, experiment: experiment, dataset: dataset, reading: reading, losses: metrics)
    return { file.next() }
  }
}
