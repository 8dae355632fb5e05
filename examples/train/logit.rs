//! Conditional logistic regression: of several candidates, and none, which is right.

use crate::adam::climb;

/// A choice to learn from.
pub(crate) struct Choice {
    /// Which set it is of.
    pub(crate) set: usize,
    /// Documents of one vendor or template: never both learned from and tested on.
    pub(crate) group: String,
    /// What it counts.
    pub(crate) weight: f64,
    /// The features of each candidate, and whether it is right.
    pub(crate) candidates: Vec<(Vec<f64>, bool)>,
    /// Whether none is right.
    pub(crate) none: bool,
}

/// Coefficients of the features, and the points of none.
#[derive(Clone)]
pub(crate) struct Model {
    pub(crate) each: Vec<f64>,
    pub(crate) none: f64,
}

impl Model {
    pub(crate) fn points(&self, features: &[f64]) -> f64 {
        self.each.iter().zip(features).map(|(w, x)| w * x).sum()
    }

    /// The place of the best candidate, if it is better than none.
    pub(crate) fn choose(&self, choice: &Choice) -> Option<usize> {
        let mut best = (self.none, None);
        for (at, (features, _)) in choice.candidates.iter().enumerate() {
            let points = self.points(features);
            if points > best.0 {
                best = (points, Some(at));
            }
        }
        best.1
    }

    /// Tells whether the choice is right.
    pub(crate) fn right(&self, choice: &Choice) -> bool {
        match self.choose(choice) {
            Some(at) => choice.candidates[at].1,
            None => choice.none,
        }
    }
}

/// How hard the model is held to the one it starts from.
const HOLD: f64 = 0.03;
/// What a document counts of which no candidate is right though one should be: to say nothing is better than to be wrong.
const MISSED: f64 = 0.3;
const STEPS: usize = 600;
const RATE: f64 = 0.03;

/// Learns from choices, beginning with and held to `prior`.
pub(crate) fn learn(choices: &[&Choice], prior: &Model) -> Model {
    let n = prior.each.len();
    let start: Vec<f64> = prior.each.iter().copied().chain([prior.none]).collect();
    let total: f64 = choices.iter().map(|choice| choice.weight).sum();
    let gradient = |w: &[f64]| {
        let mut gradient = vec![0.0; n + 1];
        for choice in choices {
            pull(choice, w, &mut gradient);
        }
        (gradient.iter().zip(w).zip(&start))
            .map(|((g, w), start)| g / total - HOLD * (w - start))
            .collect()
    };
    let mut w = climb(&start, (STEPS, RATE), gradient, |_, w| w);
    let none = w[n];
    w.truncate(n);
    Model { each: w, none }
}

/// Adds to the gradient of the coefficients `w` what a choice says of them.
fn pull(choice: &Choice, w: &[f64], gradient: &mut [f64]) {
    let n = w.len() - 1;
    let any = choice.candidates.iter().any(|(_, right)| *right);
    let scale = if any || choice.none {
        choice.weight
    } else {
        choice.weight * MISSED
    };
    let mut scores: Vec<f64> = choice
        .candidates
        .iter()
        .map(|(x, _)| x.iter().zip(w).map(|(x, w)| x * w).sum())
        .collect();
    scores.push(w[n]);
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let each: Vec<f64> = scores.iter().map(|score| (score - top).exp()).collect();
    let all: f64 = each.iter().sum();
    let is_right = |at: usize| choice.candidates.get(at).map_or(!any, |(_, right)| *right);
    let right: f64 = each
        .iter()
        .enumerate()
        .filter(|(at, _)| is_right(*at))
        .map(|(_, value)| value)
        .sum();
    for (at, value) in each.iter().enumerate() {
        let wanted = if is_right(at) {
            value / right.max(1e-12)
        } else {
            0.0
        };
        let pull = scale * (wanted - value / all);
        match choice.candidates.get(at) {
            Some((x, _)) => {
                for (g, x) in gradient.iter_mut().zip(x) {
                    *g += pull * x;
                }
            }
            None => gradient[n] += pull,
        }
    }
}
