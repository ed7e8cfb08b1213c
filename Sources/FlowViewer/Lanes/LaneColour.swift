/// What the particles of a lane are coloured by.
enum LaneColour: String, Sendable {
  /// How far each is from its exact place.
  case error
  /// Where each started.
  case start = "angle at start"
  /// How many there are.
  case density = "particles per cell"
  /// Nothing: the lane is compared with no other.
  case none
}

extension AppState {
  /// What a lane of a comparison is coloured by; header and pane both ask here.
  func colour(ofLane index: Int) -> LaneColour {
    if standing(ofLane: index) != nil { return .none }
    if look.scenery.colouring == .angle { return .start }
    let knowsErrors = lanes.all[index].error?.particles.count == lanes.all[index].positions.count
    return knowsErrors && !comparesTrainings ? .error : .density
  }
}
