/// What this program calls itself: the one place, from which `--version`, checkpoints and packages have
/// it.
enum Release {
  /// The version, as semver.org orders them; `CHANGELOG.md` says what each brought.
  static let version = "0.1.0"
}
