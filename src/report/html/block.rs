//! The blocks of an outline as HTML.

use crate::report::outline::Align;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Table;
use crate::report::prose::Prose;
use crate::report::prose::Span;
use crate::report::svg::escape::escape;

/// Rows beyond which the rest of a table is folded.
const OPEN_ROWS: usize = 12;

pub fn blocks(blocks: &[Block]) -> String {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => format!("<p>{}</p>\n", prose(text)),
        Block::List(items) => {
            let items: String =
                items.iter().map(|item| format!("<li>{}</li>", prose(item))).collect();
            format!("<ul>{items}</ul>\n")
        }
        Block::Table(shown) => table(shown),
        Block::Plot(plot) => format!("<pre>{}</pre>\n", escape(&plot.lines().join("\n"))),
    }
}

/// A sentence that stands out.
pub fn lead(sentence: &Prose) -> String {
    format!("<p class=\"lead\">{}</p>\n", prose(sentence))
}

/// A sentence, its names as code.
pub fn prose(prose: &Prose) -> String {
    let span = |span: &Span| match span {
        // A number and its per cent stay on one line.
        Span::Words(text) => escape(text).replace(" %", "\u{a0}%"),
        Span::Name(text) => format!("<code>{}</code>", escape(text)),
        Span::Place(text) => format!("<code class=\"place\">{}</code>", escape(text)),
    };
    prose.spans.iter().map(span).collect()
}

/// A table; a long one is folded after its first rows.
pub fn table(table: &Table) -> String {
    let (open, folded) = match table.rows.len() {
        rows if rows > OPEN_ROWS + 3 => table.rows.split_at(OPEN_ROWS),
        _ => table.rows.split_at(table.rows.len()),
    };
    let mut html = scroller(&table.columns, open);
    if !folded.is_empty() {
        let more = format!("{} more {}s", folded.len(), table.of);
        let rest = scroller(&table.columns, folded);
        html += &format!("<details><summary>{more}</summary>{rest}</details>\n");
    }
    html
}

fn scroller(columns: &[Column], rows: &[Vec<Cell>]) -> String {
    let headings: String = columns.iter().map(heading).collect();
    let rows: String = rows
        .iter()
        .map(|cells| {
            let cells: String = cells.iter().zip(columns).map(cell).collect();
            format!("<tr>{cells}</tr>\n")
        })
        .collect();
    let label: Vec<String> = columns.iter().map(|column| column.title.clone()).collect();
    format!(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table: {}\"><table>\
         <thead><tr>{headings}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n",
        escape(&label.join(", "))
    )
}

fn heading(column: &Column) -> String {
    let class = if column.align == Align::Right { " class=\"number\"" } else { "" };
    format!("<th scope=\"col\"{class}>{}</th>", escape(&column.heading()))
}

fn cell((cell, column): (&Cell, &Column)) -> String {
    // A number and its per cent stay on one line, and so does what leads from one figure to
    // another.
    let text = escape(&cell.text).replace(" %", "\u{a0}%").replace(" → ", "\u{a0}→\u{a0}");
    let class = if column.align == Align::Right { " class=\"number\"" } else { "" };
    match cell.kind {
        Kind::Plain => format!("<td{class}>{text}</td>"),
        Kind::Name => format!("<td{class}><code>{text}</code></td>"),
        // A path ends its line behind a folder.
        Kind::Place => {
            let text = text.replace('/', "/<wbr>");
            format!("<td{class}><code class=\"place\">{text}</code></td>")
        }
        Kind::Alarm => format!("<td{class}><b class=\"alarm\">{text}</b></td>"),
        Kind::Caution => format!("<td{class}><b class=\"caution\">{text}</b></td>"),
    }
}
