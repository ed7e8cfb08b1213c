extension Experiment {
  /// What an older file does not name has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: ExperimentSetting.Key.self)
    func read<Value: Decodable>(_ key: String, into value: inout Value) throws {
      let known = try values.decodeIfPresent(
        Value.self, forKey: ExperimentSetting.Key(stringValue: key))
      if let known { value = known }
    }
    try read("dimension", into: &dimension)
    try read("space", into: &space)
    try read("letters", into: &letters)
    try read("latent", into: &latent)
    try read("classes", into: &classes)
    try read("observations", into: &observations)
    try read("snapshots", into: &snapshots)
    // A group of settings is read as a whole.
    try read("likelihood", into: &likelihood)
    for setting in Experiment.settings { try setting.decode(values, into: &self) }
  }
}
