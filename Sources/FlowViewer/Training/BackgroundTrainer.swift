import FlowMatching
import Foundation
import Synchronization

/// A trainer on a thread of its own: it never waits for the screen, and the screen never for it.
///
/// Requests go in through a queue that the thread drains between two steps; it holds at most one of a
/// kind, and for distances one a lane. About 30 times a second the thread overwrites the mailbox with
/// its newest report. A thread, not a task: an endless loop does not belong in the cooperative pool.
public final class BackgroundTrainer: TrainingDriver, Sendable {
  private struct Mailbox {
    var requests: [TrainerRequest] = []
    var report: TrainingReport?
    var isStopping = false
  }

  private let mailbox = Mutex(Mailbox())
  private let wakeUp = DispatchSemaphore(value: 0)

  /// Starts training at once; `willStep` hears of every step before it is taken.
  ///
  /// With `opening` it rests at that run. With `follow` it never trains: about ten times a second
  /// it asks, on its thread, for what another program has trained, and shows what is new.
  public init(
    _ experiment: Experiment, dataset: Dataset, solver: LaneSettings,
    instructionSet: InstructionSet = .best, opening received: ReceivedRun? = nil,
    follow: (@Sendable () -> FollowedNews?)? = nil, willStep: (@Sendable (Int) -> Void)? = nil
  ) {
    let thread = Thread { [self] in
      // Made here: preparing a run draws samples and integrates floors, which no frame waits for.
      var session = TrainingSession(
        experiment, dataset: dataset, solver: solver, instructionSet: instructionSet,
        timer: { _, body in ContinuousClock().measure(body) / .seconds(1) })
      if let received { session.open(received) }
      if let follow {
        loop(following: follow, session)
      } else {
        loop(session, willStep: willStep)
      }
    }
    thread.name = "trainer"
    thread.stackSize = 4 << 20
    thread.start()
  }

  public func send(_ request: TrainerRequest) {
    mailbox.withLock { box in
      // A key that is held down must not fill the queue with work that nobody waits for.
      box.requests.removeAll { $0.isSuperseded(by: request) }
      box.requests.append(request)
    }
    wakeUp.signal()
  }

  public func takeReport() -> TrainingReport? {
    mailbox.withLock { box in
      defer { box.report = nil }
      return box.report
    }
  }

  /// Ends the thread after the step that it is in.
  public func stop() {
    mailbox.withLock { $0.isStopping = true }
    wakeUp.signal()
  }

  private func loop(_ prepared: TrainingSession, willStep: (@Sendable (Int) -> Void)?) {
    var session = prepared
    let clock = ContinuousClock()
    var speedometer = Speedometer(clock.now)
    var lastPost = clock.now
    while true {
      let (requests, isStopping) = mailbox.withLock { box in
        defer { box.requests.removeAll(keepingCapacity: true) }
        return (box.requests, box.isStopping)
      }
      if isStopping { return }
      for request in requests { session.handle(request) }
      let studies = session.hasStudy
      if studies { session.studyOnce() }
      if session.isRunning {
        willStep?(session.run.trainer.stepsDone)
        session.step()
      }
      let now = clock.now
      speedometer.note(session.run.trainer.stepsDone, at: now)
      if !requests.isEmpty || studies || !session.isRunning || now - lastPost >= .milliseconds(33) {
        let report = session.report(stepsPerSecond: speedometer.stepsPerSecond)
        mailbox.withLock { $0.report = report }
        lastPost = now
      }
      if !session.isRunning, !session.hasStudy {
        wakeUp.wait()
        speedometer = Speedometer(clock.now)
      }
    }
  }
}

extension BackgroundTrainer {
  /// The loop of one who only shows what others train.
  private func loop(following follow: @Sendable () -> FollowedNews?, _ prepared: TrainingSession) {
    var session = prepared
    let clock = ContinuousClock()
    var speedometer = Speedometer(clock.now)
    while true {
      let (requests, isStopping) = mailbox.withLock { box in
        defer { box.requests.removeAll(keepingCapacity: true) }
        return (box.requests, box.isStopping)
      }
      if isStopping { return }
      for request in requests { session.handle(request) }
      let news = follow()
      let studies = session.hasStudy
      if studies { session.studyOnce() }
      if let news { session.follow(news) }
      if news != nil || !requests.isEmpty || studies {
        speedometer.note(session.run.trainer.stepsDone, at: clock.now)
        var report = session.report(stepsPerSecond: 0)
        report.stepsPerSecond = speedometer.stepsPerSecond
        mailbox.withLock { $0.report = report }
      }
      // A study goes on at once.
      _ = wakeUp.wait(timeout: .now() + .milliseconds(session.hasStudy ? 1 : 100))
    }
  }
}

/// Steps per second over the last half second or so.
struct Speedometer {
  private(set) var stepsPerSecond = 0.0
  private var mark: ContinuousClock.Instant
  private var steps: Int?

  init(_ now: ContinuousClock.Instant) { mark = now }

  mutating func note(_ done: Int, at now: ContinuousClock.Instant) {
    guard let from = steps, done >= from else {
      steps = done
      mark = now
      return
    }
    let elapsed = now - mark
    guard elapsed >= .milliseconds(400) else { return }
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    stepsPerSecond = Double(done - from) / seconds
    steps = done
    mark = now
  }
}
