//! How a report is to look, as the person asked or the terminal allows. It decides nothing itself.

/// The look of a report; formats that have no such look ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether terminal colours may be used.
    pub colour: bool,
    /// Whether only ASCII may be used.
    pub ascii: bool,
    /// Columns of the terminal or page.
    pub width: usize,
    pub detail: Detail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// What fits a comment on a change.
    Brief,
    /// Everything, with long tables cut where the format is read at a terminal.
    #[default]
    Usual,
    /// Everything, uncut.
    All,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, ascii: false, width: 100, detail: Detail::Usual }
    }
}
