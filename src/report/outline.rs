//! A report as plain data: headings, sentences, lists, tables. It knows neither analyses nor
//! formats.

use crate::report::figure;
use crate::report::name;
use crate::report::plot::Plot;
use crate::report::prose::Prose;

/// Columns beyond which the text of a cell is shortened in its middle.
const LONGEST_CELL: usize = 80;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    pub title: String,
    /// The findings, one sentence each; the most important first.
    pub summary: Vec<Prose>,
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    pub title: Prose,
    pub depth: Depth,
    pub topic: Topic,
    pub blocks: Vec<Block>,
}

/// What a section is about, for formats that give some of them a form of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Topic {
    #[default]
    Other,
    /// What changed since a baseline.
    Baseline,
    /// All culprits, or one of them.
    Culprits,
    /// Log ratios of every two runs, for culprits.
    Pairs,
    Functions,
    Bottlenecks,
    /// A part of the cost: modules, kinds of work.
    Parts,
    Cache,
    Memory,
    Benchmarks,
    Runs,
    Settings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    Chapter,
    Part,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Paragraph(Prose),
    List(Vec<Prose>),
    Table(Table),
    Plot(Plot),
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    /// One cell per column.
    pub rows: Vec<Vec<Cell>>,
    /// Rows after which a format that is read at a terminal may stop.
    pub fold_after: Option<usize>,
    /// What the rows are, for "and 12 more functions".
    pub of: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub title: String,
    /// Empty where the cells carry it, or have none.
    pub unit: &'static str,
    pub align: Align,
    /// Whether its cells may be shortened further where space is short.
    pub elastic: bool,
    /// Whether it may be left out where space is short.
    pub spare: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    pub text: String,
    pub kind: Kind,
}

/// What a cell holds, and so how it may be set and coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Plain,
    /// A name that a stranger chose.
    Name,
    /// A file and line; its end says the most.
    Place,
    /// Grows too fast.
    Alarm,
    /// Needs another look.
    Caution,
}

impl Section {
    pub fn chapter(title: &str, blocks: Vec<Block>) -> Self {
        Self { title: Prose::words(title), depth: Depth::Chapter, topic: Topic::Other, blocks }
    }

    pub fn part(title: Prose, blocks: Vec<Block>) -> Self {
        Self { title, depth: Depth::Part, topic: Topic::Other, blocks }
    }

    #[must_use]
    pub fn about(self, topic: Topic) -> Self {
        Self { topic, ..self }
    }
}

impl Column {
    /// Of names and places, which may be shortened.
    pub fn name(title: &str) -> Self {
        Self { elastic: true, ..Self::word(title) }
    }

    /// Of words that are shown whole.
    pub fn word(title: &str) -> Self {
        Self {
            title: name::shorten(title, LONGEST_CELL),
            unit: "",
            align: Align::Left,
            elastic: false,
            spare: false,
        }
    }

    /// The same, left out where space is short.
    #[must_use]
    pub fn spare(self) -> Self {
        Self { spare: true, ..self }
    }

    /// Of numbers, in `unit` where that is not empty.
    pub fn figure(title: &str, unit: &'static str) -> Self {
        Self { unit, align: Align::Right, ..Self::word(title) }
    }

    /// The heading with its unit: `Share %`, `Cost (instructions)`.
    pub fn heading(&self) -> String {
        match self.unit {
            "" => self.title.clone(),
            "%" => format!("{} %", self.title),
            unit => format!("{} ({unit})", self.title),
        }
    }
}

impl Cell {
    pub fn plain(text: &str) -> Self {
        Self::new(text, Kind::Plain)
    }

    /// A name or place; `–` when there is none.
    pub fn name(text: &str) -> Self {
        let cell = Self::new(text, Kind::Name);
        if cell.text.trim().is_empty() {
            return Self::plain(figure::UNKNOWN);
        }
        cell
    }

    /// A file and line; `–` when there is none.
    pub fn place(text: &str) -> Self {
        let cell = Self::new(text, Kind::Place);
        if cell.text.trim().is_empty() {
            return Self::plain(figure::UNKNOWN);
        }
        cell
    }

    pub fn new(text: &str, kind: Kind) -> Self {
        Self { text: kind.within(text, LONGEST_CELL), kind }
    }

    /// Its text in at most `most` columns.
    pub fn within(&self, most: usize) -> String {
        self.kind.within(&self.text, most)
    }
}

impl Kind {
    fn within(self, text: &str, most: usize) -> String {
        match self {
            Self::Place => name::shorten_start(text, most),
            _ => name::shorten(text, most),
        }
    }
}
