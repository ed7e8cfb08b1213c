import FlowMatching
import TerminalCanvas

extension AppState {
  /// A click on the wall of pictures asks for the class of the one there alone, and on any after that for
  /// all classes again.
  mutating func askForPicture(x: Int, y: Int) {
    guard showsPictures, let pictures = dataset.pictures, let shown = pictureWall else { return }
    let labels = shown.key.labels
    let wall = PicturesPane.Wall(
      layout.lanes[lanes.focused], pictures, Theme(), groups: labels.count)
    guard let place = wall.index(x: x, y: y), let label = labels[place % labels.count] else {
      return
    }
    let isAlone = focusedLane.settings.guidance?.label != nil
    _ = changeLane { settings in
      var guidance = settings.guidance ?? .none
      guidance.label = isAlone ? nil : label
      settings.guidance = guidance
    }
    say("class", isAlone ? "all" : traits.classes[label])
  }
}
