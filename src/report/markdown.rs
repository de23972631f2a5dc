//! Markdown as code hosts read it (GFM). Whatever a stranger named stays text: no markup, no HTML,
//! no link and no mention comes from it.

use crate::error::Result;
use crate::report::compose;
use crate::report::content::Report;
use crate::report::outline::Align;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Depth;
use crate::report::outline::Kind;
use crate::report::outline::Table;
use crate::report::prose::Prose;
use crate::report::prose::Span;
use crate::report::renderer::Renderer;
use crate::report::style::Detail;
use crate::report::style::Style;

/// Rows of a table in a brief report.
const MOST_BRIEF_ROWS: usize = 10;
/// Items of a list in a brief report.
const MOST_BRIEF_ITEMS: usize = 5;

#[derive(Debug)]
pub struct Markdown;

impl Renderer for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn about(&self) -> &'static str {
        "for a repository, an issue or a comment on a change"
    }

    fn extension(&self) -> &'static str {
        "md"
    }

    fn render(&self, report: &Report, style: &Style) -> Result<String> {
        let outline = compose::outline(report, style.detail);
        let brief = style.detail == Detail::Brief;
        let mut parts = vec![format!("# {}", escape(&outline.title))];
        parts.extend(outline.summary.iter().map(prose));
        for section in &outline.sections {
            let mark = match section.depth {
                Depth::Chapter => "##",
                Depth::Part => "###",
            };
            parts.push(format!("{mark} {}", prose(&section.title)));
            parts.extend(section.blocks.iter().map(|part| block(part, brief)));
        }
        Ok(parts.join("\n\n") + "\n")
    }
}

fn block(block: &Block, brief: bool) -> String {
    match block {
        Block::Paragraph(text) => prose(text),
        Block::Plot(plot) => format!("```text\n{}\n```", plot.lines().join("\n")),
        Block::List(items) => list(items, if brief { MOST_BRIEF_ITEMS } else { usize::MAX }),
        Block::Table(shown) => table(shown, if brief { MOST_BRIEF_ROWS } else { usize::MAX }),
    }
}

fn list(items: &[Prose], most: usize) -> String {
    let mut lines: Vec<String> =
        items.iter().take(most).map(|item| format!("* {}", prose(item))).collect();
    if items.len() > most {
        lines.push(format!("* and {} more", items.len() - most));
    }
    lines.join("\n")
}

fn table(table: &Table, most: usize) -> String {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let headings = table.columns.iter().map(|column| escape(&column.heading()));
    let mut lines = vec![row(headings.collect()), row(table.columns.iter().map(rule).collect())];
    let rows = table.rows.iter().take(most);
    lines.extend(rows.map(|cells| row(cells.iter().map(cell).collect())));
    if table.rows.len() > most {
        let plural = if table.rows.len() - most == 1 { "" } else { "s" };
        let more = format!("and {} more {}{plural}", table.rows.len() - most, table.of);
        lines.push(String::new());
        lines.push(more);
    }
    lines.join("\n")
}

fn rule(column: &Column) -> String {
    match column.align {
        Align::Left => "---".into(),
        Align::Right => "---:".into(),
    }
}

fn cell(cell: &Cell) -> String {
    match cell.kind {
        Kind::Name | Kind::Place => code(&cell.text),
        Kind::Alarm => format!("**{}**", escape(&cell.text)),
        Kind::Plain | Kind::Caution => escape(&cell.text),
    }
}

fn prose(prose: &Prose) -> String {
    let text: String = prose
        .spans
        .iter()
        .map(|span| match span {
            Span::Words(text) => escape(text),
            Span::Name(text) | Span::Place(text) => code(text),
        })
        .collect();
    begun_as_text(text.trim())
}

/// The same text, where its beginning would otherwise make it a list or a rule.
fn begun_as_text(text: &str) -> String {
    let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let marked = if rest.len() < text.len() {
        rest.starts_with(['.', ')'])
    } else {
        rest.starts_with(['-', '+', '='])
    };
    let (number, rest) = text.split_at(text.len() - rest.len());
    let escape = if marked { "\\" } else { "" };
    format!("{number}{escape}{rest}")
}

/// As code where that is safe everywhere; names with a pipe or a back-tick, which end tables and
/// code, as escaped text.
fn code(text: &str) -> String {
    let text = text.trim();
    if text.contains(['|', '`']) || text.is_empty() {
        return escape(text);
    }
    format!("`{text}`")
}

/// Text that no reader of Markdown or HTML takes for anything else.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            escaped.push(' ');
        }
        if !is_linked(word) {
            word.chars().for_each(|letter| push_escaped(&mut escaped, letter));
        } else if word.contains(['|', '`']) {
            word.chars().for_each(|letter| push_entity(&mut escaped, letter));
        } else {
            escaped += &format!("`{word}`");
        }
    }
    escaped
}

/// Whether a code host would make a link or a mention of it.
fn is_linked(word: &str) -> bool {
    word.contains('@') || word.contains("://") || word.contains("www.")
}

fn push_entity(escaped: &mut String, letter: char) {
    if letter.is_ascii_punctuation() {
        *escaped += &format!("&#{};", u32::from(letter));
    } else {
        escaped.push(letter);
    }
}

fn push_escaped(escaped: &mut String, letter: char) {
    match letter {
        '<' => *escaped += "&lt;",
        '>' => *escaped += "&gt;",
        '&' => *escaped += "&amp;",
        '|' => *escaped += "&#124;",
        '`' => *escaped += "&#96;",

        '\\' | '*' | '_' | '[' | ']' | '~' | '#' | '$' => {
            escaped.push('\\');
            escaped.push(letter);
        }
        letter => escaped.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(escape(text), expected);
    }

    #[test]
    fn words_are_never_markup() {
        check("n^2.00 [1.98, 2.02]", "n^2.00 \\[1.98, 2.02\\]");
        check("<script>a & b</script>", "&lt;script&gt;a &amp; b&lt;/script&gt;");
        check("a|b`c", "a&#124;b&#96;c");
        check("*x* _y_ ~z~ #1 $m$", "\\*x\\* \\_y\\_ \\~z\\~ \\#1 \\$m\\$");
        check("see @all or http://x.y", "see `@all` or `http://x.y`");
        check("a@`b", "a&#64;&#96;b");
        check("`www.x", "&#96;www&#46;x");
    }

    #[test]
    fn a_line_never_begins_a_list() {
        let check = |text: &str, expected: &str| assert_eq!(begun_as_text(text), expected);
        check("- a", "\\- a");
        check("+ a", "\\+ a");
        check("12. a", "12\\. a");
        check("12 runs", "12 runs");
        check("", "");
    }

    #[test]
    fn names_are_code_unless_they_would_end_it() {
        assert_eq!(code("<lambda>"), "`<lambda>`");
        assert_eq!(code("a*b"), "`a*b`");
        assert_eq!(code("a|b"), "a&#124;b");
        assert_eq!(code("a`b"), "a&#96;b");
        assert_eq!(code(" a "), "`a`");
    }
}
