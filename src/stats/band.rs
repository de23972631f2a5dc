//! The word that a person reads for an exponent: one ordered table of closed-open bands.
//! A band says how steep, not how sure; the verdict says how sure.

use std::fmt;

/// How steep an exponent is, from flat to steep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    Constant,
    Sublinear,
    Linear,
    NLogN,
    MildlySuperlinear,
    Superlinear,
    Quadratic,
    CubicOrWorse,
}

/// Where each band ends; the last has no end. A limit belongs to the band above it.
const ENDS: [(Band, f64); 7] = [
    (Band::Constant, 0.1),
    (Band::Sublinear, 0.9),
    (Band::Linear, 1.1),
    (Band::NLogN, 1.3),
    (Band::MildlySuperlinear, 1.5),
    (Band::Superlinear, 1.8),
    (Band::Quadratic, 2.5),
];

/// The table of bands in use: the usual limits unless overridden.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    ends: [(Band, f64); 7],
}

impl Band {
    pub const ALL: [Band; 8] = [
        Band::Constant,
        Band::Sublinear,
        Band::Linear,
        Band::NLogN,
        Band::MildlySuperlinear,
        Band::Superlinear,
        Band::Quadratic,
        Band::CubicOrWorse,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Band::Constant => "constant",
            Band::Sublinear => "sublinear",
            Band::Linear => "linear",
            Band::NLogN => "n log n",
            Band::MildlySuperlinear => "mildly superlinear",
            Band::Superlinear => "superlinear",
            Band::Quadratic => "quadratic",
            Band::CubicOrWorse => "cubic or worse",
        }
    }

    pub fn by_name(name: &str) -> Option<Band> {
        Band::ALL.into_iter().find(|band| band.name() == name)
    }
}

impl Bands {
    /// The usual table with some bands ending elsewhere, as pairs of band and end.
    /// `None` when an end is not finite, the ends do not rise, or the last band is given an end.
    pub fn with_ends(overrides: &[(Band, f64)]) -> Option<Bands> {
        let mut ends = ENDS;
        for (band, end) in overrides {
            ends.iter_mut().find(|(known, _)| known == band)?.1 = *end;
        }
        let finite = ends.iter().all(|(_, end)| end.is_finite());
        let rising = ends.windows(2).all(|pair| pair[0].1 < pair[1].1);
        (finite && rising).then_some(Bands { ends })
    }

    /// The band that holds `exponent`. Example: 1.3 is mildly superlinear, 1.299 is `n log n`.
    /// `None` when the exponent is not a number.
    pub fn of(&self, exponent: f64) -> Option<Band> {
        if exponent.is_nan() {
            return None;
        }
        let inside = self.ends.iter().find(|(_, end)| exponent < *end);
        Some(inside.map_or(Band::CubicOrWorse, |(band, _)| *band))
    }

    /// Where each band ends, rising; the last has no end.
    pub fn ends(&self) -> impl Iterator<Item = (Band, Option<f64>)> {
        Band::ALL.into_iter().map(|band| {
            let end = self.ends.iter().find(|(known, _)| *known == band);
            (band, end.map(|(_, end)| *end))
        })
    }

    /// The smallest exponent of `band`; `None` for the lowest, which has no beginning.
    pub fn start(&self, band: Band) -> Option<f64> {
        let position = Band::ALL.iter().position(|known| *known == band)?;
        self.ends.get(position.checked_sub(1)?).map(|(_, end)| *end)
    }
}

impl Default for Bands {
    fn default() -> Self {
        Self { ends: ENDS }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(exponent: f64, expected: &str) {
        let band = Bands::default().of(exponent);
        assert_eq!(band.map_or("none", Band::name), expected, "{exponent}");
    }

    #[test]
    fn a_limit_belongs_to_the_band_above_it() {
        check(f64::NEG_INFINITY, "constant");
        check(-1.0, "constant");
        check(0.099, "constant");
        check(0.1, "sublinear");
        check(0.899, "sublinear");
        check(0.9, "linear");
        check(1.099, "linear");
        check(1.1, "n log n");
        check(1.3, "mildly superlinear");
        check(1.5, "superlinear");
        check(1.8, "quadratic");
        check(2.499, "quadratic");
        check(2.5, "cubic or worse");
        check(f64::INFINITY, "cubic or worse");
        check(f64::NAN, "none");
    }

    #[test]
    fn limits_can_be_moved_but_must_rise() {
        let bands = Bands::with_ends(&[(Band::Superlinear, 1.9)]).unwrap();
        assert_eq!(bands.of(1.85), Some(Band::Superlinear));
        assert_eq!(bands.start(Band::Quadratic), Some(1.9));
        assert_eq!(bands.start(Band::Constant), None);
        assert_eq!(Bands::with_ends(&[(Band::Linear, 1.4)]), None);
        assert_eq!(Bands::with_ends(&[(Band::Linear, f64::NAN)]), None);
        assert_eq!(Bands::with_ends(&[(Band::CubicOrWorse, 4.0)]), None);
    }

    #[test]
    fn every_name_leads_back_to_its_band() {
        for band in Band::ALL {
            assert_eq!(Band::by_name(band.name()), Some(band));
        }
        assert_eq!(Band::by_name("steep"), None);
    }
}
