import ArgumentParser
import FlowMatching

/// How fast the viewer's picture changes.
struct PaceOptions: SettingOptions {
  private static let framesSetting = Setting(
    "frames-per-second", SettingDomain<Double>.between(1...120), fallback: "30",
    valueName: "number", "Frames a second, 1 to 120 (default: 30).")
  private static let motionSetting = Setting(
    "reduced-motion", SettingDomain<Bool>.flag, fallback: "false",
    "No morphing, no fading, 10 frames a second.")

  static let settings = [framesSetting, motionSetting]

  var given = GivenSettings()

  /// Whether nothing moves that need not.
  var reducedMotion: Bool { given.flag(PaceOptions.motionSetting) ?? false }

  /// Frames a second.
  var framesPerSecond: Double {
    let asked = given.number(PaceOptions.framesSetting) ?? 30
    return reducedMotion ? min(10, asked) : asked
  }
}
