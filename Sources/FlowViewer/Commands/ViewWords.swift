extension ViewAction {
  var words: ActionWords {
    switch self {
    case .colour:
      ActionWords(
        "Turn what colour means",
        "Of particles density, start, speed, log p; of a field its error.",
        "next colour")
    case .view(let offset):
      ActionWords(
        offset > 0 ? "Next view" : "Previous view",
        "Particles, field, density, grid, paths, pairs, theory.")
    case .show(let view):
      ActionWords("View: \(view.rawValue)", view.summary, view.rawValue)
    case .density:
      ActionWords("Density, and back", "The model's log-density at t, and the view before it.")
    case .arrows:
      ActionWords(
        "Turn what arrows show", "Of the field view: the velocity, the score, or their difference.")
    case .distance:
      ActionWords(
        "Turn the distance that is charted", "W₂, sliced W₂, or the energy distance.",
        "next distance")
    case .follow(let offset):
      offset > 0
        ? ActionWords(
          "Follow a particle", "Its way, its speed and where it may end; a click picks one.",
          "inspect", "pick", "next particle")
        : ActionWords("Follow the particle before", "Its way, its speed and where it may end.")
    case .tag:
      ActionWords("Tag a group of particles", "They keep a colour of their own, in every lane.")
    case .trails:
      ActionWords("Trails", "Where some particles came from over the last .15 of t.", "tails")
    case .content:
      ActionWords(
        "Turn particles, target, both", "The target is the grey region.", "hide the target")
    case .expand:
      ActionWords(
        "Expand the pane", "To the whole body; the same command brings the others back.",
        "full screen", "maximise", "zoom the pane")
    case .link:
      ActionWords("Link the lanes' windows", "Zoom and place of one are those of all.")
    case .zoom(let factor):
      ActionWords(
        factor > 1 ? "Zoom in" : "Zoom out", "Around the middle; the wheel, around the pointer.",
        factor > 1 ? "magnify" : "shrink")
    case .fit: ActionWords("Fit the window", "The whole target again.", "reset zoom", "unzoom")
    case .pan(let x, let y):
      ActionWords(
        "Move the window \(x < 0 ? "left" : x > 0 ? "right" : y < 0 ? "down" : "up")",
        "By a tenth; the mouse drags it.")
    }
  }
}

extension LookAction {
  var words: ActionWords {
    switch self {
    case .map: ActionWords("Next colour map", "Of densities and magnitudes.", "palette", "viridis")
    case .axes: ActionWords("Axes on, off", "Grid, numbers and ticks of the plots.", "grid")
    case .theme:
      ActionWords(
        "Next theme",
        "Dark or light as the terminal is, with more contrast, or for eyes that confuse colours.",
        "light", "dark", "contrast", "colour-blind")
    case .glyphs:
      ActionWords(
        "Glyphs: best, ASCII", "For terminals and fonts without braille.", "ascii", "braille")
    case .costs:
      ActionWords("What a frame costs", "Milliseconds, bytes, frames a second.", "fps", "latency")
    case .lecture:
      ActionWords(
        "Lecture: large clock, one chart",
        "For a hall: the plot, t in large figures, one chart, and no milliseconds.", "lecture",
        "presentation", "hall", "beamer")
    }
  }
}

extension AppAction {
  var words: ActionWords {
    switch self {
    case .palette: ActionWords("Commands by name", "This list.", "palette of commands")
    case .parameters:
      ActionWords(
        "Parameters", "All settings in one list, to be read, turned and typed.", "settings",
        "options", "hyperparameters", "config")
    case .help:
      ActionWords("Help: the keys", "And, with the same key again, the words.", "help", "keys")
    case .close: ActionWords("Close, let go", "What was opened last: a caption, a particle.", "esc")
    case .repaint: ActionWords("Repaint", "Every cell anew, after another program wrote.", "redraw")
    case .save:
      ActionWords(
        "Save a picture", "SVG, text, ANSI and the state to go on from.", "screenshot", "export",
        "snapshot", "svg", "photograph")
    case .record:
      ActionWords(
        "Record, or end the recording", "An asciicast of the screen until the same again.",
        "record",
        "cast", "video", "film", "movie", "gif")
    case .quit: ActionWords("Quit", "Asks while something is unsaved.", "exit", "leave")
    }
  }
}
