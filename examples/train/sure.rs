//! Logistic regression of "is it right" on the signals of a choice, held to a prior, coefficients never negative but the bias.

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
    let n = prior.len();
    let mut w = prior.to_vec();
    let (mut m, mut v) = (vec![0.0; n], vec![0.0; n]);
    let total: f64 = made.iter().map(|made| made.weight).sum::<f64>().max(1e-9);
    // A little of the held prior for few samples, hardly any for many.
    let hold = HOLD * (1.0 + 60.0 / total);
    for step in 1..=STEPS {
        let mut gradient = vec![0.0; n];
        for one in made {
            let pull =
                one.weight * (f64::from(u8::from(one.right)) - probability(&w, &one.signals));
            for (g, x) in gradient.iter_mut().zip(&one.signals) {
                *g += pull * x;
            }
        }
        for at in 0..n {
            let g = gradient[at] / total - hold * (w[at] - prior[at]);
            m[at] = 0.9 * m[at] + 0.1 * g;
            v[at] = 0.999 * v[at] + 0.001 * g * g;
            let t = i32::try_from(step).unwrap_or(i32::MAX);
            let (mh, vh) = (
                m[at] / (1.0 - 0.9_f64.powi(t)),
                v[at] / (1.0 - 0.999_f64.powi(t)),
            );
            w[at] += RATE * mh / (vh.sqrt() + 1e-8);
            if !free[at] {
                w[at] = w[at].max(0.0);
            }
        }
    }
    w
}
