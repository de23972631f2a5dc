//! Cells and rows as text.

use crate::format::label::label;
use crate::profile::Cost;
use crate::profile::FunctionKey;

/// Appends one row; cells with commas, quotes or line ends are quoted.
pub fn push_row<'a>(table: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (position, cell) in cells.into_iter().enumerate() {
        if position > 0 {
            table.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            table.push('"');
            table.push_str(&cell.replace('"', "\"\""));
            table.push('"');
        } else {
            table.push_str(cell);
        }
    }
    table.push('\n');
}

/// The cells `name,ncall,tsub,ttot,tavg`: the shortest decimals that read back as the same number,
/// and no average where there are no calls.
pub fn cells(function: &FunctionKey, cost: &Cost) -> [String; 5] {
    let ncall = match cost.nactual {
        actual if actual < cost.ncall => format!("{}/{actual}", cost.ncall),
        _ => cost.ncall.to_string(),
    };
    let tavg = cost.tavg().map(|tavg| format!("{tavg:?}"));
    [
        label(function),
        ncall,
        format!("{:?}", cost.tsub),
        format!("{:?}", cost.ttot),
        tavg.unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut table = String::new();
        push_row(&mut table, ["a b", "a,b", "a\"b", "a\nb", "a\rb", ""]);
        assert_eq!(table, "a b,\"a,b\",\"a\"\"b\",\"a\nb\",\"a\rb\",\n");
    }

    #[test]
    fn recursive_calls_and_missing_averages_show() {
        let function = FunctionKey { name: "f".into(), file: "a.py".into(), line: 3 };
        let mut cost = Cost { ncall: 4, nactual: 1, tsub: 1e-7, ttot: 2.0 };
        let expected = ["a.py:3 f", "4/1", "1e-7", "2.0", "0.5"];
        assert_eq!(cells(&function, &cost), expected);
        (cost.ncall, cost.nactual) = (0, 0);
        assert_eq!(cells(&function, &cost)[4], "");
    }
}
