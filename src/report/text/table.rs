//! A table in columns that are aligned by what a terminal shows, as wide as the terminal at most.

use crate::report::figure;
use crate::report::name;
use crate::report::outline::Align;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Table;
use crate::report::style::Style;
use crate::report::text::ascii;
use crate::report::text::paint;
use crate::report::text::paint::Paint;

/// Between two columns.
const GAP: usize = 2;
/// Columns that a name keeps, however narrow the terminal.
const LEAST_NAME: usize = 14;
/// Columns that a name is given before a spare column is.
const GOOD_NAME: usize = 22;

/// The table's lines, at most `most` rows of it.
pub fn lines(table: &Table, most: Option<usize>, style: &Style) -> Vec<String> {
    let shown = most.unwrap_or(usize::MAX).min(table.rows.len());
    let rows: Vec<Vec<Cell>> = table.rows[..shown]
        .iter()
        .map(|row| row.iter().map(|cell| spelt(cell, style)).collect())
        .collect();
    let layout = Layout::new(&table.columns, &rows, style);
    let mut lines = layout.head();
    lines.extend(rows.iter().map(|row| layout.line(row)));
    if shown < table.rows.len() {
        let left = table.rows.len() - shown;
        let more = figure::number_of(left, &format!("more {}", table.of));
        lines.push(format!("and {more}"));
    }
    lines
}

/// The same cell in the letters that the terminal knows.
fn spelt(cell: &Cell, style: &Style) -> Cell {
    Cell { text: ascii::letters(&cell.text, style.ascii), kind: cell.kind }
}

struct Layout<'a> {
    /// Those that are shown, each with its number in the table and its width.
    columns: Vec<(usize, &'a Column, usize)>,
    style: &'a Style,
}

impl<'a> Layout<'a> {
    fn new(columns: &'a [Column], rows: &[Vec<Cell>], style: &'a Style) -> Self {
        let columns = columns.iter().enumerate().map(|(index, column)| {
            let cells = rows.iter().filter_map(|row| row.get(index));
            let widest = cells.map(|cell| name::width(&cell.text)).max();
            let heading = name::width(&column.heading());
            (index, column, heading.max(widest.unwrap_or(0)))
        });
        let mut layout = Self { columns: columns.collect(), style };
        layout.leave_out();
        layout.narrow();
        layout
    }

    /// Leaves out spare columns, the last first, until names have room.
    fn leave_out(&mut self) {
        let needed = |(_, column, width): &(usize, &Column, usize)| match column.elastic {
            true => (*width).min(GOOD_NAME),
            false => *width,
        };
        while self.gaps() + self.columns.iter().map(needed).sum::<usize>() > self.style.width {
            match self.columns.iter().rposition(|(_, column, _)| column.spare) {
                Some(spare) => self.columns.remove(spare),
                None => break,
            };
        }
    }

    /// Narrows the widest elastic column until the line fits or nothing gives.
    fn narrow(&mut self) {
        let gaps = self.gaps();
        while gaps + self.columns.iter().map(|(_, _, width)| width).sum::<usize>()
            > self.style.width
        {
            let widest = self
                .columns
                .iter_mut()
                .filter(|(_, column, width)| column.elastic && *width > least(column))
                .max_by_key(|(_, _, width)| *width);
            match widest {
                Some((_, _, width)) => *width -= 1,
                None => break,
            }
        }
    }

    fn gaps(&self) -> usize {
        GAP * self.columns.len().saturating_sub(1)
    }

    /// The headings and the rule below them.
    fn head(&self) -> Vec<String> {
        let headings = self.columns.iter().map(|(_, column, width)| {
            let heading = ascii::letters(&column.heading(), self.style.ascii);
            let padded = self.padded(&name::shorten(&heading, *width), *width, column.align);
            paint::text(&padded, Paint::Strong, self.style.colour)
        });
        let rules = self.columns.iter();
        let rules =
            rules.map(|(_, _, width)| ascii::letters(&"─".repeat(*width), self.style.ascii));
        vec![joined(headings), joined(rules)]
    }

    fn line(&self, cells: &[Cell]) -> String {
        joined(self.columns.iter().map(|(index, column, width)| {
            let cell = cells.get(*index).cloned().unwrap_or_default();
            let padded = self.padded(&cell.within(*width), *width, column.align);
            painted(&padded, cell.kind, self.style.colour)
        }))
    }

    fn padded(&self, text: &str, width: usize, align: Align) -> String {
        let cut = if self.style.ascii { "~" } else { "…" };
        let text = text.replace('…', cut);
        let space = " ".repeat(width.saturating_sub(name::width(&text)));
        match align {
            Align::Left => text + &space,
            Align::Right => space + &text,
        }
    }
}

/// The narrowest that a column of names may be.
fn least(column: &Column) -> usize {
    LEAST_NAME.max(name::width(&column.heading()))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    let line = parts.collect::<Vec<_>>().join(&" ".repeat(GAP));
    line.trim_end().to_string()
}

fn painted(text: &str, kind: Kind, colour: bool) -> String {
    match kind {
        Kind::Plain => text.into(),
        Kind::Name | Kind::Place => paint::text(text, Paint::Cyan, colour),
        Kind::Alarm => paint::text(text, Paint::Red, colour),
        Kind::Caution => paint::text(text, Paint::Yellow, colour),
    }
}
