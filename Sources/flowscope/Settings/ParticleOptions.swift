import ArgumentParser
import FlowMatching
import FlowViewer

/// How many particles the viewer carries.
struct ParticleOptions: SettingOptions {
  private static let setting = Setting(
    "particles", SettingDomain<Int>.whole(AppState.possibleParticles),
    "Particles, 256 to 1048576; by default as many as suit the size.")

  static let settings = [setting]

  var given = GivenSettings()

  /// The number; nil for as many as suit the size.
  var count: Int? { given.integer(ParticleOptions.setting) }
}
