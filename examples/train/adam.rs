//! Adam (Kingma and Ba, 2015): steps along the gradient, each coefficient at its own pace.

/// Decay of the mean of the gradients and of their squares, and what keeps the quotient finite: the paper's defaults.
const MEAN: f64 = 0.9;
const SQUARE: f64 = 0.999;
const TINY: f64 = 1e-8;

/// Climbs `steps` times from `start`. `gradient` says where it goes up from given coefficients; `bound` mends each new
/// coefficient, given its place.
pub(crate) fn climb(
    start: &[f64],
    (steps, rate): (usize, f64),
    gradient: impl Fn(&[f64]) -> Vec<f64>,
    bound: impl Fn(usize, f64) -> f64,
) -> Vec<f64> {
    let mut w = start.to_vec();
    let (mut m, mut v) = (vec![0.0; w.len()], vec![0.0; w.len()]);
    let (mut mean, mut square) = (1.0, 1.0);
    for _ in 0..steps {
        mean *= MEAN;
        square *= SQUARE;
        for (at, g) in gradient(&w).into_iter().enumerate() {
            m[at] = MEAN * m[at] + (1.0 - MEAN) * g;
            v[at] = SQUARE * v[at] + (1.0 - SQUARE) * g * g;
            let pace = (v[at] / (1.0 - square)).sqrt() + TINY;
            w[at] = bound(at, w[at] + rate * m[at] / (1.0 - mean) / pace);
        }
    }
    w
}
