//! Logistic regression of "is it right" on the signals of a choice, held to a prior, coefficients never negative but the bias.

use crate::adam::climb;

/// A choice that was made: its signals with the leading 1, whether it was right, what it counts.
pub(crate) struct Made {
    pub(crate) group: String,
    pub(crate) signals: Vec<f64>,
    pub(crate) right: bool,
    pub(crate) weight: f64,
}

const STEPS: usize = 1500;
const RATE: f64 = 0.02;
const HOLD: f64 = 0.004;

pub(crate) fn probability(coefficients: &[f64], signals: &[f64]) -> f64 {
    let logit: f64 = coefficients.iter().zip(signals).map(|(c, x)| c * x).sum();
    1.0 / (1.0 + (-logit).exp())
}

/// `free`: coefficients that may be negative.
pub(crate) fn learn(made: &[&Made], prior: &[f64], free: &[bool]) -> Vec<f64> {
    let total: f64 = made.iter().map(|made| made.weight).sum::<f64>().max(1e-9);
    // A little of the held prior for few samples, hardly any for many.
    let hold = HOLD * (1.0 + 60.0 / total);
    let gradient = |w: &[f64]| {
        let mut gradient = vec![0.0; w.len()];
        for one in made {
            let pull = one.weight * (f64::from(u8::from(one.right)) - probability(w, &one.signals));
            for (g, x) in gradient.iter_mut().zip(&one.signals) {
                *g += pull * x;
            }
        }
        (gradient.iter().zip(w).zip(prior))
            .map(|((g, w), prior)| g / total - hold * (w - prior))
            .collect()
    };
    climb(prior, (STEPS, RATE), gradient, |at, w| {
        if free[at] { w } else { w.max(0.0) }
    })
}
