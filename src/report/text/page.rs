//! A report as it is read at a terminal: the same content and order as every other format.

use crate::error::Result;
use crate::report::compose;
use crate::report::content::Report;
use crate::report::name;
use crate::report::outline::Block;
use crate::report::outline::Depth;
use crate::report::outline::Section;
use crate::report::renderer::Renderer;
use crate::report::style::Detail;
use crate::report::style::Style;
use crate::report::text::ascii;
use crate::report::text::line;
use crate::report::text::paint;
use crate::report::text::paint::Paint;
use crate::report::text::table;

/// Columns below which nothing can be laid out.
const NARROWEST: usize = 40;
/// Columns beyond which a sentence is hard to read.
const WIDEST_PROSE: usize = 110;

#[derive(Debug)]
pub struct Text;

impl Renderer for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn about(&self) -> &'static str {
        "for a terminal or a mail"
    }

    fn extension(&self) -> &'static str {
        "txt"
    }

    fn render(&self, report: &Report, style: &Style) -> Result<String> {
        let outline = compose::outline(report, style.detail);
        let style = Style { width: style.width.max(NARROWEST), ..*style };
        let mut lines = heading(&outline.title, '═', &style);
        for sentence in &outline.summary {
            lines.push(String::new());
            lines.extend(paragraph(&sentence.plain(), "", &style));
        }
        for section in &outline.sections {
            lines.extend(section_lines(section, &style));
        }
        Ok(lines.join("\n") + "\n")
    }
}

fn section_lines(section: &Section, style: &Style) -> Vec<String> {
    let mut lines = vec![String::new()];
    let title = section.title.plain();
    match section.depth {
        Depth::Chapter => lines.extend(heading(&title, '─', style)),
        Depth::Part => {
            let title = ascii::letters(&title, style.ascii);
            lines.push(paint::text(&title, Paint::Strong, style.colour));
        }
    }
    for (index, block) in section.blocks.iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        lines.extend(block_lines(block, style));
    }
    lines
}

fn block_lines(block: &Block, style: &Style) -> Vec<String> {
    match block {
        Block::Paragraph(prose) => paragraph(&prose.plain(), "", style),
        Block::List(items) => {
            items.iter().flat_map(|item| paragraph(&item.plain(), "* ", style)).collect()
        }
        Block::Plot(plot) => {
            plot.lines().iter().map(|line| ascii::letters(line, style.ascii)).collect()
        }
        Block::Table(table) => {
            let most = match style.detail {
                Detail::All => None,
                Detail::Brief | Detail::Usual => table.fold_after,
            };
            table::lines(table, most, style)
        }
    }
}

fn heading(title: &str, rule: char, style: &Style) -> Vec<String> {
    let title = ascii::letters(title, style.ascii);
    let rule = rule.to_string().repeat(name::width(&title).min(style.width));
    vec![paint::text(&title, Paint::Strong, style.colour), ascii::letters(&rule, style.ascii)]
}

fn paragraph(text: &str, bullet: &str, style: &Style) -> Vec<String> {
    let text = ascii::letters(text, style.ascii);
    line::wrapped(&text, bullet, style.width.min(WIDEST_PROSE))
}
