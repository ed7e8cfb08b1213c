/// A word of the screen, explained.
public struct GlossaryEntry: Sendable, Hashable {
  /// The word as it stands on the screen.
  public let term: String
  /// Other words for the same.
  public let synonyms: [String]
  /// What it means, in one sentence.
  public let sentence: String
  /// The same as a formula; empty where there is none.
  public let formula: String

  init(_ term: String, _ synonyms: [String] = [], _ sentence: String, _ formula: String = "") {
    self.term = term
    self.synonyms = synonyms
    self.sentence = sentence
    self.formula = formula
  }

  /// The sentence, then the formula.
  public var text: String { formula.isEmpty ? sentence : sentence + " " + formula }
}

/// The words of the screen: what each means, in one place, for help, commands, clicks and the manual.
public enum Glossary {
  /// Every entry, in alphabetical order.
  public static let all: [GlossaryEntry] = (flow + training + solving + quality).sorted {
    $0.term.lowercased() < $1.term.lowercased()
  }

  /// The entry that a text on the screen is about: the longest of its terms that stands in it as words.
  public static func entry(in text: String) -> GlossaryEntry? {
    let words = " " + spaced(text) + " "
    var best: (entry: GlossaryEntry, length: Int)?
    for entry in all {
      for name in [entry.term] + entry.synonyms {
        let spelled = spaced(name)
        if words.contains(" " + spelled + " "), spelled.count > best?.length ?? 0 {
          best = (entry, spelled.count)
        }
      }
    }
    return best?.entry
  }

  /// Lower-case words with one blank between them; signs that belong to a term stay.
  private static func spaced(_ text: String) -> String {
    let kept = text.lowercased().map { character -> Character in
      character.isLetter || character.isNumber || "₀₁₂ₜ|·∇*∫−".contains(character)
        ? character : " "
    }
    return String(kept).split(separator: " ").joined(separator: " ")
  }

  private static let flow = [
    GlossaryEntry(
      "velocity", ["velocity field", "v"],
      "Where a particle at x goes at time t, and how fast; the network learns it.",
      "dx/dt = v(x, t)."),
    GlossaryEntry(
      "speed", ["|v|"],
      "The length of a particle's velocity; before a ×, how fast t runs on the screen.",
      "|v(x, t)|."),
    GlossaryEntry(
      "t", ["time"], "The time of the flow: 0 is noise, 1 is data; it is no time of training."),
    GlossaryEntry(
      "source", ["noise", "start"],
      "Where particles start at t = 0, unless said otherwise a standard Gaussian.", "x₀ ~ N(0, I)."),
    GlossaryEntry(
      "target", ["data set", "data"],
      "The distribution that the flow is to reach at t = 1; the grey region holds 95 % of it.",
      "x₁ ~ q."),
    GlossaryEntry(
      "world", ["exact world", "in numbers"],
      "The view where nothing trains: components of the target are dragged, and what is known exactly follows.",
      "u_t(x) = E[ẋ_t | x_t = x]."),
    GlossaryEntry(
      "random pairs", ["mean squared way", "least possible", "this flow"],
      "How far noise is carried to data: by random pairs, by this flow, and by the best of all pairings.",
      "E|x₁ − x₀|²; the least is W₂²."),
    GlossaryEntry(
      "path", ["conditional path"],
      "The way from one noise to one data point that training draws, and the network averages over.",
      "x_t = α_t x₁ + σ_t x₀."),
    GlossaryEntry(
      "schedule", ["scheduler", "conditional OT"],
      "How fast data replaces noise along the path.",
      "α_t and σ_t; conditional OT: α = t, σ = 1 − t."),
    GlossaryEntry(
      "coupling", ["pairs", "OT"],
      "Which noise is paired with which data point in a training batch: by chance, or so that the way is short."
    ),
    GlossaryEntry(
      "semidiscrete", ["semidiscrete transport"],
      "Optimal transport from the noise to finitely many points: every place of the noise goes to one of them.",
      "x₀ ↦ the xᵢ with the greatest ⟨x₀, xᵢ⟩ − ½|xᵢ|² + gᵢ."),
    GlossaryEntry(
      "Laguerre cells", ["Laguerre cell", "cells"],
      "The places of the noise that go to one point; straight lines bound them, and each has the mass of its point."
    ),
    GlossaryEntry(
      "dual certificate", ["dual", "primal", "certificate"],
      "Two numbers between which the least cost lies: the dual, below which no plan costs, and the cost of one plan."
    ),
    GlossaryEntry(
      "prediction", [],
      "What the network is asked for: the velocity, the data, the noise or the score; each gives the others."
    ),
    GlossaryEntry(
      "score", ["∇log p"],
      "The direction in which the density grows fastest; noise needs it, and the velocity implies it.",
      "s = ∇ log p_t(x)."),
    GlossaryEntry(
      "divergence", ["div v"],
      "How fast the flow spreads around a point: negative where particles gather.", "∇·v."),
    GlossaryEntry(
      "amplification", [],
      "How much an error of the prediction grows when a velocity is made of it."),
    GlossaryEntry(
      "reflow", ["rectified flow"],
      "Training again on pairs that the flow itself has made: they hardly cross, so that ways straighten."
    ),
    GlossaryEntry(
      "straightness", ["straight"],
      "How direct a particle's way is; 1 is a straight line, which one step of Euler follows exactly.",
      "|x₁ − x₀| / path length."),
    GlossaryEntry(
      "path length", ["way"], "How long the way of a particle is from t = 0 to 1.", "∫|v| dt."),
  ]

  private static let training = [
    GlossaryEntry(
      "loss", [],
      "The mean squared error of the network along random paths; it cannot reach 0, because many paths cross at each point.",
      "E|f − (ẋ_t)|² / d."),
    GlossaryEntry(
      "floor", ["loss floor"],
      "The least loss that any network can have: what is left when it predicts the average of all paths.",
      "E Var(ẋ_t | x_t)."),
    GlossaryEntry(
      "excess", [], "How far the loss is above its floor: the true error of the field.",
      "loss − floor = E|f − u*|² / d."),
    GlossaryEntry(
      "|v−u*|", ["field error"],
      "The distance of the learned velocity from the exact one, u*, where that is known."),
    GlossaryEntry(
      "EMA", ["averaged weights", "average"],
      "Weights averaged over the last steps; what is drawn and saved, since it is calmer than the newest.",
      "a ← βa + (1 − β)w, a the average of the weights w."),
    GlossaryEntry(
      "held", [], "A pass that plays keeps the weights it began with; newer ones wait for its end."),
    GlossaryEntry("newest", [], "The picture follows the weights of the latest training step."),
    GlossaryEntry(
      "kept", [],
      "Older weights are on show: PgUp and PgDn choose them, Esc goes back to the newest."),
    GlossaryEntry(
      "batch", ["minibatch"], "How many pairs of noise and data each training step sees."),
    GlossaryEntry(
      "step", ["training step"],
      "One change of the weights by the optimiser; solvers have steps of their own, in t."),
  ]

  private static let solving = [
    GlossaryEntry(
      "NFE", ["evaluations"],
      "Number of function evaluations: how often a solver asks the network for each particle."),
    GlossaryEntry(
      "order", [],
      "How fast a solver's error falls with smaller steps: halving h divides it by 2 to that power.",
      "error ~ hᵖ."),
    GlossaryEntry(
      "tolerance", ["adaptive"],
      "The error that an adaptive solver allows itself in a step; it chooses the steps by that."),
    GlossaryEntry(
      "4 + 2×", ["accepted", "rejected"],
      "Four steps that an adaptive solver accepted, and two that it tried in vain and took again smaller."
    ),
    GlossaryEntry(
      "lane", ["lanes"], "One solver with its particles; all lanes start from the same noise."),
    GlossaryEntry(
      "distance", ["apart"],
      "How far the particles of two lanes are from each other, as a root mean square."),
    GlossaryEntry(
      "error", [],
      "How far particles are from where an exact solve of the same network puts them; nothing of the network's own error.",
      "√(E|x − x_exact|²)."),
    GlossaryEntry(
      "SDE", ["noise schedule"],
      "Particles take noise on the way and lean against the score; at every t they have the same distribution.",
      "dX = (v + ½g²s)dt + g dW."),
  ]

  private static let quality = [
    GlossaryEntry(
      "same p_t?", ["one p_t?"],
      "Whether lanes have one distribution at t: how far half of one is from half of the other, beside "
        + "random halves of both.", "D² = 2E|X−Y| − E|X−X′| − E|Y−Y′|"),
    GlossaryEntry(
      "total variation", ["TV"],
      "Half the sum of the differences between shares of points and probabilities, over the cells of a "
        + "grid.", "½Σ|n_c/n − P_c|"),
    GlossaryEntry(
      "teleport", [],
      "Every point leaps once from noise to data: p_t is the mixture of both, and not the flow's.",
      "p_t = (1 − κ)p₀ + κp₁"),
    GlossaryEntry(
      "drift", ["E|b−b*|²"],
      "The velocity of an interpolant's ODE, learned beside the denoiser that gives its score.",
      "dX = (b + εs)dt + √(2ε)dW"),
    GlossaryEntry(
      "W₂", ["W2", "Wasserstein"],
      "The distance of two clouds of points: the root mean square way when one is carried onto the other at least cost.",
      "min over pairings √(mean |x − y|²)."),
    GlossaryEntry(
      "noise floor", ["floor of W₂"],
      "The distance that two samples of the target itself have; less cannot be told from perfect."),
    GlossaryEntry(
      "sliced W₂", ["sliced"],
      "W₂ of the points' shadows on a line, over all directions: cheaper, and weaker."),
    GlossaryEntry(
      "energy distance", [],
      "A distance of two samples by the distances of their points; 0 only where both are the same.",
      "2E|X − Y| − E|X − X′| − E|Y − Y′|."),
    GlossaryEntry(
      "NLL", ["negative log-likelihood"],
      "How surprised the model is by data, in nats; the data's entropy is the least.",
      "−E log p₁(x)."),
    GlossaryEntry(
      "log p", ["density"],
      "How likely the model holds a point to be, in nats per area; solved back to the noise.",
      "log p₁(x) = log p₀(x₀) − ∫∇·v dt."),
    GlossaryEntry(
      "∫p", [], "The whole of the density; 1, unless the solve or the window misses something."),
    GlossaryEntry(
      "Hutchinson", [],
      "An estimate of the divergence by random probes, cheap in many dimensions, with scatter.",
      "E zᵀ(∂v/∂x)z."),
    GlossaryEntry(
      "KL", ["relative entropy"],
      "How much more surprised the model is by data than the data's own law would be.",
      "NLL − entropy."),
  ]
}
