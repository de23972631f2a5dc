//! Judging by verdicts alone answers as the full estimate does, whatever the series.
//!
//! ```sh
//! SUPERLINEAR_SERIES=200000 cargo test --release --test screening -- --nocapture
//! ```

#[path = "support/dice.rs"]
mod dice;

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use dice::Dice;
use rayon::prelude::*;
use superlinear::stats::Design;
use superlinear::stats::NoiseFloor;
use superlinear::stats::Screen;
use superlinear::stats::Verdict;
use superlinear::system::env;

/// Sizes of the runs: distinct, repeated, few, narrow.
const DESIGNS: [&[f64]; 6] = [
    &[7.0, 7.0, 7.0, 7.0, 28.0, 31.0, 30.0, 91.0, 304.0],
    &[100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0],
    &[10.0, 20.0, 30.0, 40.0, 50.0],
    &[1.0, 4.0, 16.0],
    &[50.0, 50.0, 100.0, 100.0, 200.0, 200.0, 400.0, 400.0, 800.0, 800.0],
    &[10.0, 10.0, 10.0, 40.0, 40.0, 40.0, 160.0, 160.0, 160.0, 640.0, 640.0, 640.0],
];

#[test]
fn screening_changes_no_verdict() {
    let series: u64 = env::var("SUPERLINEAR_SERIES").map_or(2_000, |text| text.parse().unwrap());
    let designs: Vec<(Design, Screen)> = DESIGNS
        .iter()
        .map(|sizes| Design::new(sizes).unwrap())
        .map(|design| {
            let screen = Screen::new(&design);
            (design, screen)
        })
        .collect();
    let found = [(); 3].map(|()| AtomicUsize::new(0));
    (0..series).into_par_iter().for_each(|seed| {
        let mut dice = Dice::of(seed);
        let at = dice.below(DESIGNS.len());
        let (design, screen) = &designs[at];
        let (values, noise) = random(&mut dice, DESIGNS[at]);
        let full = design.estimate(&values, noise).map(|estimate| estimate.verdict);
        let quick = screen.verdict(design, &values, noise);
        assert_eq!(quick, full, "seed {seed}: {:?} {values:?} {noise:?}", DESIGNS[at]);
        if let Ok(verdict) = full {
            let kinds = [Verdict::NotSuperlinear, Verdict::CannotTell, Verdict::Superlinear];
            let kind = kinds.iter().position(|kind| *kind == verdict).unwrap();
            found[kind].fetch_add(1, Ordering::Relaxed);
        }
    });
    let found = found.map(AtomicUsize::into_inner);
    println!("not superlinear, cannot tell, superlinear: {found:?} of {series} series");
    assert!(found.iter().all(|count| *count * 20 > series as usize), "{found:?}");
}

/// Any growth from none to cubic with any fixed cost, disturbed by up to half, with slow runs,
/// gaps, steps of the clock and sizes that depart from the law now and then, and of every kind of
/// noise.
fn random(dice: &mut Dice, sizes: &[f64]) -> (Vec<Option<f64>>, NoiseFloor) {
    let exponent = [0.0, 1.0, 1.0, 1.2, 1.4, 1.5, 2.0, 3.0 * dice.part()][dice.below(8)];
    let fixed = [0.0, 0.0, 1.0, 10.0 * dice.part()][dice.below(4)];
    let scatter = [0.0, 0.01, 0.05, 0.2, 0.5][dice.below(5)];
    let scale = 10f64.powf(8.0 * dice.part() - 6.0);
    let noise = match dice.below(8) {
        0 => NoiseFloor::Counter,
        1 => NoiseFloor::Samples(1.0),
        _ => NoiseFloor::Clock([0.001, 0.01, 0.03, 0.2][dice.below(4)]),
    };
    let is_odd = dice.below(10);
    let departure = if is_odd > 6 { [0.02, 0.1, 0.5][is_odd - 7] } else { 0.0 };
    let of_sizes = dice.below(1_000_000) as u64;
    let values = sizes.iter().map(|size| {
        let departure = departure * (Dice::of(of_sizes ^ size.to_bits()).part() - 0.5);
        let law = (fixed + (size / sizes[0]).powf(exponent)) * departure.exp();
        let value = scale * law * (scatter * (dice.part() - 0.5)).exp();
        let slow = if is_odd < 3 && dice.below(8) == 0 { 1.0 + 5.0 * dice.part() } else { 1.0 };
        let value = value * slow;
        match (noise, is_odd) {
            (NoiseFloor::Counter | NoiseFloor::Samples(_), _) => Some((1e6 * value).round()),
            (_, 4) => Some((1e6 * value).round() / 1e6),
            (_, 5) if dice.below(6) == 0 => None,
            _ => Some(value),
        }
    });
    (values.collect(), noise)
}
