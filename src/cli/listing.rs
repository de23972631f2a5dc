//! Columns of text that line up.

use std::fmt::Write as _;

/// Which side of its column a cell stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

/// `rows` under `head`, each column as wide as its widest cell; the last one is left as it is.
pub fn table(head: &[(&str, Side)], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([head[column].0.chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let titles: Vec<String> = head.iter().map(|(title, _)| (*title).to_string()).collect();
    let mut text = String::new();
    for row in std::iter::once(&titles).chain(rows) {
        let mut line = String::new();
        for (index, cell) in row.iter().enumerate().take(head.len()) {
            let width = widths[index];
            let _ = match head[index].1 {
                Side::Left => write!(line, "{cell:<width$}  "),
                Side::Right => write!(line, "{cell:>width$}  "),
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let head = [("run", Side::Left), ("days", Side::Right)];
        let rows = [vec!["wk-a".into(), "7".into()], vec!["ten".into(), "304".into()]];
        assert_eq!(table(&head, &rows), "run   days\nwk-a     7\nten    304\n");
        assert_eq!(table(&head, &[]), "run  days\n");
    }
}
