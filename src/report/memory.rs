//! Memory over time: what each run held at most, and where it jumped.

use crate::report::figure;
use crate::report::name;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;
use crate::report::prose::Prose;
use crate::units::Bytes;
use crate::units::Seconds;

/// Points of a drawn line; more would be closer together than pixels.
const MOST_POINTS: usize = 240;
/// Columns of a run's name.
const LONGEST_NAME: usize = 60;

/// The memory of one run, as it was seen while it ran.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    pub run: String,
    /// In the unit of the analysis, or days.
    pub size: Option<f64>,
    pub peak: Bytes,
    /// Since the start of the program, as the other times here.
    pub peak_at: Seconds,
    pub mean: Bytes,
    /// The most that came in addition from one look to the next.
    pub largest_jump: Bytes,
    pub jump_at: Seconds,
    /// In the order of time; empty when they are lost.
    pub looks: Vec<Look>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Since the start of the program.
    pub seconds: f64,
    pub bytes: f64,
}

impl Timeline {
    /// The run as a title.
    pub fn title(&self) -> String {
        name::shorten(&self.run, LONGEST_NAME)
    }
}

/// Few enough looks to draw: of each stretch the one at which most was held.
pub fn thinned(looks: &[Look]) -> Vec<Look> {
    let stretch = looks.len().div_ceil(MOST_POINTS).max(1);
    let higher = |left: Look, right: &Look| if right.bytes > left.bytes { *right } else { left };
    looks.chunks(stretch).map(|chunk| chunk[1..].iter().fold(chunk[0], higher)).collect()
}

/// The chapter on memory, a line for each run; `None` where nothing was looked at.
pub fn section(timelines: &[Timeline]) -> Option<Section> {
    if timelines.is_empty() {
        return None;
    }
    let row = |timeline: &Timeline| {
        vec![
            Cell::name(&timeline.run),
            Cell::plain(&figure::count(timeline.size)),
            Cell::plain(&timeline.peak.to_string()),
            Cell::plain(&timeline.peak_at.to_string()),
            Cell::plain(&timeline.mean.to_string()),
            Cell::plain(&timeline.largest_jump.to_string()),
            Cell::plain(&timeline.jump_at.to_string()),
        ]
    };
    let table = Table {
        columns: vec![
            Column::name("Run"),
            Column::figure("Size", ""),
            Column::figure("Peak memory", ""),
            Column::figure("After", ""),
            Column::figure("Mean", "").spare(),
            Column::figure("Largest jump", ""),
            Column::figure("After", ""),
        ],
        rows: timelines.iter().map(row).collect(),
        fold_after: None,
        of: "run",
    };
    let note = "Resident memory of the program and of all that it started, the profiler's own \
                included, as it was looked at while it ran; times are since its start.";
    let blocks = vec![Block::Paragraph(Prose::words(note)), Block::Table(table)];
    Some(Section::chapter("Memory over time", blocks).about(Topic::Memory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_survive_thinning() {
        let look = |number: usize| Look {
            seconds: number as f64,
            bytes: if number == 777 { 9e9 } else { 1e6 },
        };
        let looks: Vec<Look> = (0..10_000).map(look).collect();
        let few = thinned(&looks);
        assert!(few.len() <= MOST_POINTS);
        assert!(few.contains(&look(777)));
        assert_eq!(thinned(&looks[..3]), looks[..3]);
        assert_eq!(thinned(&[]), []);
    }
}
