//! How it was judged: what was set, and to what.

use crate::report::name;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;

/// Columns of a value: the words for exponents are a line of their own.
const LONGEST_VALUE: usize = 240;

/// The chapter on the settings; `None` where none are known.
pub fn section(settings: &[(String, String)]) -> Option<Section> {
    if settings.is_empty() {
        return None;
    }
    let table = Table {
        columns: vec![Column::word("Setting"), Column::name("Value")],
        rows: settings.iter().map(|(name, value)| vec![Cell::plain(name), whole(value)]).collect(),
        fold_after: None,
        of: "setting",
    };
    Some(Section::chapter("Settings", vec![Block::Table(table)]).about(Topic::Settings))
}

fn whole(value: &str) -> Cell {
    Cell { text: name::shorten(value, LONGEST_VALUE), kind: Kind::Plain }
}
