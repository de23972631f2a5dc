//! Memory over time as small pictures beside each other.

use crate::report::html::block;
use crate::report::memory::Timeline;
use crate::report::prose::Prose;
use crate::report::svg::timeline;

/// Runs that are drawn, the largest ones.
pub const MOST_DRAWN: usize = 12;

/// The pictures, in the order of the runs.
pub fn pictures(timelines: &[Timeline]) -> String {
    let mut sizes: Vec<f64> = timelines.iter().filter_map(|timeline| timeline.size).collect();
    sizes.sort_by(|left, right| right.total_cmp(left));
    let least = sizes.get(MOST_DRAWN - 1).copied().unwrap_or(f64::NEG_INFINITY);
    let figures: String = timelines
        .iter()
        .filter(|timeline| timeline.size.is_none_or(|size| size >= least))
        .take(MOST_DRAWN)
        .filter_map(|timeline| {
            let svg = timeline::inline(timeline)?;
            let name = block::prose(&Prose::name(&timeline.run));
            Some(format!("<figure><figcaption>{name}</figcaption>{svg}</figure>\n"))
        })
        .collect();
    if figures.is_empty() { figures } else { format!("<div class=\"multiples\">{figures}</div>\n") }
}
