//! Series with a known truth: a law of growth, a fixed part, sizes, repetitions and noise.

use std::collections::HashMap;

use superlinear::stats::Class;

use crate::random::Random;

/// A law of growth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    Named(Class),
    /// `n^a` for an `a` in no list.
    Power(f64),
    /// `n + n²`, with the share of the square at the largest size.
    TwoTerms(f64),
}

/// Which laws a set of cases is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Named,
    Powers,
    TwoTerms,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    None,
    /// Factors even over 1 ± level.
    Uniform,
    /// Log-normal factors with the standard deviation of the uniform ones.
    Normal,
    /// 2 % uniform; one run of ten takes up to four levels longer.
    SlowOutliers,
    /// 2 % uniform, and speed changes steadily by up to the level over the runs.
    Drift,
    /// 1 % uniform, rounded to steps of the level times the smallest value.
    TimerSteps,
    /// A machine that is busy for a while: log-normal factors, of which seven tenths carry over
    /// to the next run.
    Correlated,
}

#[derive(Debug, Clone)]
pub struct Case {
    pub law: Law,
    /// Part of the value at the smallest size that does not grow.
    pub fixed_share: f64,
    pub design: &'static str,
    pub noise: Noise,
    /// Relative.
    pub noise_level: f64,
    pub repetitions: usize,
    /// One per run, in the order run.
    pub sizes: Vec<f64>,
    /// One per run, above 0.
    pub values: Vec<f64>,
}

pub const DESIGNS: [(&str, &[f64]); 4] = [
    ("five doublings", &[100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0]),
    ("windows", &[7.0, 7.0, 7.0, 7.0, 28.0, 31.0, 30.0, 91.0, 304.0]),
    ("narrow", &[10.0, 15.0, 20.0, 30.0, 40.0, 50.0]),
    ("steps of 1.5", &[64.0, 96.0, 144.0, 216.0, 324.0, 486.0, 729.0, 1093.5]),
];
const FIXED_SHARES: [f64; 4] = [0.0, 0.3, 0.6, 0.9];
const NOISES: [Noise; 6] = [
    Noise::Uniform,
    Noise::Normal,
    Noise::SlowOutliers,
    Noise::Drift,
    Noise::TimerSteps,
    Noise::Correlated,
];
const LEVELS: [f64; 7] = [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
/// Of a busy run's factor, what the next run inherits.
const CARRIED: f64 = 0.7;
const REPETITIONS: [usize; 5] = [1, 1, 1, 3, 5];

impl Family {
    pub const ALL: [Family; 3] = [Family::Named, Family::Powers, Family::TwoTerms];

    pub fn name(self) -> &'static str {
        match self {
            Family::Named => "named classes",
            Family::Powers => "powers in no list",
            Family::TwoTerms => "n + n^2",
        }
    }
}

impl Law {
    pub fn class(self) -> Option<Class> {
        match self {
            Law::Named(class) => Some(class),
            Law::Power(_) | Law::TwoTerms(_) => None,
        }
    }

    /// Local slope on log-log axes at the largest size.
    pub fn exponent(self, largest: f64) -> f64 {
        match self {
            Law::Named(class) => class.exponent_at(largest.ln()),
            Law::Power(power) => power,
            Law::TwoTerms(share) => 1.0 + share,
        }
    }

    /// Whether growth is meaningfully above `n log n`.
    pub fn is_superlinear(self, largest: f64) -> bool {
        match self {
            Law::Named(class) => class.is_superlinear(),
            Law::Power(power) => {
                power > f64::midpoint(Class::NLogN.exponent_at(largest.ln()).min(1.35), 1.5)
            }
            Law::TwoTerms(share) => 1.0 + share >= 1.35,
        }
    }

    fn growth(self, size: f64, largest: f64) -> f64 {
        match self {
            Law::Named(class) => class.ln_growth(std::f64::consts::E.ln(), size.ln()).exp(),
            Law::Power(power) => size.powf(power),
            Law::TwoTerms(share) => {
                let x = size / largest;
                (1.0 - share) * x + share * x * x
            }
        }
    }
}

impl Case {
    pub fn draw(family: Family, random: &mut Random) -> Case {
        let law = match family {
            Family::Named => Law::Named(random.pick(&Class::ALL)),
            Family::Powers => Law::Power(unlisted(random)),
            Family::TwoTerms => Law::TwoTerms(random.between(0.1, 0.9)),
        };
        let fixed_share = random.pick(&FIXED_SHARES);
        let (design, sizes) = random.pick(&DESIGNS);
        let noise_level = random.pick(&LEVELS);
        let noise = random.pick(&NOISES);
        let repetitions = match design {
            "windows" => 1,
            _ => random.pick(&REPETITIONS),
        };
        let sizes: Vec<f64> = (0..repetitions).flat_map(|_| sizes.iter().copied()).collect();
        let mut case = Case {
            law,
            fixed_share,
            design,
            noise: if noise_level == 0.0 { Noise::None } else { noise },
            noise_level,
            repetitions,
            values: exact(law, fixed_share, &sizes),
            sizes,
        };
        case.disturb(random);
        let unit = 10f64.powf(random.between(-6.0, 3.0));
        case.values.iter_mut().for_each(|value| *value *= unit);
        case
    }

    /// Makes the program itself depart from its law: log-normal factors, one for each size, which
    /// all repetitions of it share.
    pub fn deviate(&mut self, level: f64, random: &mut Random) {
        let mut factors: HashMap<u64, f64> = HashMap::new();
        for (size, value) in self.sizes.iter().zip(&mut self.values) {
            let factor = factors.entry(size.to_bits());
            *value *= *factor.or_insert_with(|| (level * random.normal()).exp());
        }
    }

    pub fn family(&self) -> Family {
        match self.law {
            Law::Named(_) => Family::Named,
            Law::Power(_) => Family::Powers,
            Law::TwoTerms(_) => Family::TwoTerms,
        }
    }

    /// What the case is counted under when figures are split.
    pub fn key(&self, by: &str) -> String {
        match by {
            "design" => self.design.to_string(),
            "noise" => format!("{:?}", self.noise),
            "level" => format!("{:.2}", self.noise_level),
            "fixed" => format!("{:.1}", self.fixed_share),
            "repetitions" => self.repetitions.to_string(),
            _ => self.law.class().map_or(String::new(), |class| class.to_string()),
        }
    }

    pub fn largest(&self) -> f64 {
        self.sizes.iter().copied().fold(0.0, f64::max)
    }

    fn disturb(&mut self, random: &mut Random) {
        let runs = self.values.len();
        let smallest = self.values.iter().copied().fold(f64::INFINITY, f64::min);
        let trend = random.between(-1.0, 1.0);
        let mut busy = random.normal();
        for run in 0..runs {
            busy = CARRIED * busy + (1.0 - CARRIED * CARRIED).sqrt() * random.normal();
            let drift = trend * (run as f64 + 0.5) / runs as f64;
            self.values[run] *= self.factor(busy, drift, random);
            if self.noise == Noise::TimerSteps {
                let step = smallest * self.noise_level;
                self.values[run] = (self.values[run] / step).round().max(1.0) * step;
            }
        }
    }

    fn factor(&self, busy: f64, drift: f64, random: &mut Random) -> f64 {
        /// Standard deviation of numbers even over −1 to 1.
        const EVEN: f64 = 0.577;
        let level = self.noise_level;
        let mut even = |level: f64| 1.0 + level * random.between(-1.0, 1.0);
        match self.noise {
            Noise::None => 1.0,
            Noise::Uniform => even(level),
            Noise::Normal => (level * EVEN * random.normal()).exp(),
            Noise::SlowOutliers => {
                let small = even(0.02);
                let slow = random.unit() < 0.1;
                small * if slow { 1.0 + 4.0 * level * random.unit() } else { 1.0 }
            }
            Noise::Drift => even(0.02) * (1.0 + level * drift),
            Noise::TimerSteps => even(0.01),
            Noise::Correlated => (level * EVEN * busy).exp(),
        }
    }
}

/// A power from 0.15 to 3.2, away from the named ones.
fn unlisted(random: &mut Random) -> f64 {
    loop {
        let power = random.between(0.15, 3.2);
        if [0.5, 1.0, 1.5, 2.0, 3.0].iter().all(|named| (power - named).abs() > 0.05) {
            return power;
        }
    }
}

pub fn exact(law: Law, fixed_share: f64, sizes: &[f64]) -> Vec<f64> {
    let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let start = law.growth(smallest, largest);
    sizes
        .iter()
        .map(|size| fixed_share + (1.0 - fixed_share) * law.growth(*size, largest) / start)
        .collect()
}
