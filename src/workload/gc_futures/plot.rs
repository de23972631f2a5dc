//! The rows of a plot that nobody draws, collected at every iteration, with a bug and without.

/// A table of prices over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceFrame {
    rows: Vec<PriceRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRow {
    /// Since the start of the backtest.
    pub minute: i64,
    /// In steps.
    pub close: i64,
}

/// How the rows come together.
#[derive(Debug)]
pub enum PricePlot {
    /// Not at all.
    Off,
    /// A frame per iteration, all of them concatenated at each: after n iterations n (n + 1) / 2
    /// rows were copied.
    Concatenated { frames: Vec<PriceFrame>, whole: PriceFrame, rows_copied: u64 },
    /// One frame that grows.
    Growing { whole: PriceFrame },
}

impl PricePlot {
    pub fn concatenated() -> Self {
        Self::Concatenated { frames: Vec::new(), whole: PriceFrame::default(), rows_copied: 0 }
    }

    pub fn growing() -> Self {
        Self::Growing { whole: PriceFrame::default() }
    }

    /// Takes in the row of one iteration.
    pub fn update(&mut self, row: PriceRow) {
        match self {
            Self::Off => {}
            Self::Concatenated { frames, whole, rows_copied } => {
                let frame = PriceFrame { rows: vec![row] };
                append_price_frame(frames, &frame);
                concat_price_frames(frames, whole);
                *rows_copied += whole.rows.len() as u64;
            }
            Self::Growing { whole } => append_price_row(whole, row),
        }
    }

    /// The rows to draw, in order of time.
    pub fn rows(&self) -> &[PriceRow] {
        match self {
            Self::Off => &[],
            Self::Concatenated { whole, .. } | Self::Growing { whole } => &whole.rows,
        }
    }

    /// How many rows were copied from frame to frame.
    pub fn rows_copied(&self) -> u64 {
        match self {
            Self::Concatenated { rows_copied, .. } => *rows_copied,
            Self::Off | Self::Growing { .. } => 0,
        }
    }
}

fn append_price_frame(frames: &mut Vec<PriceFrame>, frame: &PriceFrame) {
    let _span = crate::span!("append_price_frame");
    frames.push(frame.clone());
}

/// The original's bug: the cost of one call is the number of all iterations so far.
/// The memory of `whole` is used again, and no call inlined, lest the work look like another's.
#[inline(never)]
fn concat_price_frames(frames: &[PriceFrame], whole: &mut PriceFrame) {
    let _span = crate::span!("concat_price_frames");
    whole.rows.clear();
    for frame in frames {
        whole.rows.extend_from_slice(&frame.rows);
    }
}

fn append_price_row(whole: &mut PriceFrame, row: PriceRow) {
    let _span = crate::span!("append_price_row");
    whole.rows.push(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(iterations: i64, mut plot: PricePlot) -> PricePlot {
        for minute in 0..iterations {
            plot.update(PriceRow { minute, close: minute * minute % 97 });
        }
        plot
    }

    #[test]
    fn the_bug_copies_n_times_n_plus_1_by_2_rows() {
        for (iterations, copied) in [(0, 0), (1, 1), (4, 10), (288, 41_616)] {
            let plot = after(iterations, PricePlot::concatenated());
            assert_eq!(plot.rows_copied(), copied);
        }
    }

    #[test]
    fn both_ways_give_the_same_rows() {
        let concatenated = after(300, PricePlot::concatenated());
        let growing = after(300, PricePlot::growing());
        assert_eq!(concatenated.rows(), growing.rows());
        assert_eq!(growing.rows().len(), 300);
        assert_eq!(growing.rows_copied(), 0);
        assert!(after(300, PricePlot::Off).rows().is_empty());
    }
}
