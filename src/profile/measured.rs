//! Figures that were measured elsewhere: anything with a name, sizes and values. Nothing is checked
//! here; what cannot be judged is for the judge to say.

/// The measurements of one thing, in the order measured.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MeasuredSeries {
    pub id: String,
    pub points: Vec<Point>,
    /// What stood in the place of a number: the first few different texts.
    pub no_numbers: Vec<String>,
}

/// One measurement; repetitions repeat the size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// `None` where there is no number.
    pub size: Option<f64>,
    /// `None` where there is no number.
    pub value: Option<f64>,
}
