import FlowMatching
import TerminalCanvas

/// What the keys of time do.
extension AppState {
  mutating func perform(_ action: TimeAction) -> [Effect] {
    playback.openingEnd = nil
    switch action {
    case .playPause, .scrub, .jump, .again: playback.pendingSteps = 0
    case .step, .newNoise, .speed, .resetSpeed, .mode: break
    }
    switch action {
    case .playPause:
      if playback.clock.isPlaying {
        playback.clock.pause()
      } else if playback.clock.t >= 1 && playback.clock.direction > 0 {
        beginPass()
      } else {
        playback.clock.isPlaying = true
        lanes.update(.stay)
      }
    case .step(let forward) where look.scenery.view == .step && probes.lesson != nil:
      turnLesson(forward: forward)
    case .step(let forward):
      playback.clock.pause()
      if forward {
        if playback.clock.wanted < 1 { playback.pendingSteps = min(256, playback.pendingSteps + 1) }
      } else if playback.pendingSteps > 0 {
        playback.pendingSteps -= 1
      } else if let knot = timedSolve.knot(before: playback.clock.wanted) {
        playback.clock.wanted = knot
      }
    case .scrub(let amount):
      playback.clock.seek(scrubbed(by: amount))
    case .jump(let t):
      playback.clock.seek(t)
      if t == 0 || t == 1 {
        playback.clock.isPlaying = false
        playback.clock.direction = 1
      }
    case .again where isInWorld:
      rewind()
    case .again:
      lanes.update(.solve(makeEnsemble()))
      judgeAnew(forgetting: false)
      playback.positionsAreCurrent = false
      beginPass()
    case .newNoise:
      change(Particles.Change.next)
      setNoise(count: particleCount)
      if playback.clock.isPlaying { rewind() }
    case .speed(let factor):
      playback.clock.multiplySpeed(by: factor)
      say("speed", "×" + NumberFormat.significant(playback.clock.speed, 2))
    case .resetSpeed:
      playback.clock.speed = 1
      say("speed", "×1.0")
    case .mode:
      let all = Clock.Mode.allCases
      playback.clock.mode = all[((all.firstIndex(of: playback.clock.mode) ?? 0) + 1) % all.count]
      say("at the end", playback.clock.mode.rawValue)
    }
    return []
  }
}
