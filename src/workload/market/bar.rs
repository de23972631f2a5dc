//! Bars of prices, and their form on disk.
//! Prices are whole steps of the exchange, so that sums are exact everywhere.

use chrono::Datelike;
use chrono::NaiveDate;

/// Prices in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bar {
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub close: i64,
    pub volume: i64,
}

const MAGIC: &[u8; 8] = b"slbars1\n";
const FIGURES: usize = 5;
const FIGURE_BYTES: usize = size_of::<i64>();

/// The length of a file of so many bars: magic, number, bars, checksum.
pub fn file_bytes(bars: usize) -> usize {
    MAGIC.len() + FIGURE_BYTES + bars * FIGURES * FIGURE_BYTES + FIGURE_BYTES
}

/// Bars as they lie on disk; `number` says which they are.
pub fn encode(number: i64, bars: &[Bar]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(file_bytes(bars.len()));
    bytes.extend(MAGIC);
    bytes.extend(number.to_le_bytes());
    for bar in bars {
        for figure in [bar.open, bar.high, bar.low, bar.close, bar.volume] {
            bytes.extend(figure.to_le_bytes());
        }
    }
    bytes.extend(checksum(&bytes).to_le_bytes());
    bytes
}

/// The bars of that number, from a file's bytes; `None` when they are damaged, others or not so
/// many.
pub fn decode(number: i64, bars: usize, bytes: &[u8]) -> Option<Vec<Bar>> {
    let (content, sum) = bytes.split_last_chunk::<FIGURE_BYTES>()?;
    if bytes.len() != file_bytes(bars) || checksum(content).to_le_bytes() != *sum {
        return None;
    }
    let content = content.strip_prefix(MAGIC)?;
    let content = content.strip_prefix(&number.to_le_bytes())?;
    let (figures, _) = content.as_chunks::<FIGURE_BYTES>();
    let (rows, _) = figures.as_chunks::<FIGURES>();
    Some(rows.iter().map(bar).collect())
}

/// The number of a day in a calendar without end; 1 is 0001-01-01.
pub fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce())
}

fn bar(row: &[[u8; FIGURE_BYTES]; FIGURES]) -> Bar {
    let [open, high, low, close, volume] = row.map(i64::from_le_bytes);
    Bar { open, high, low, close, volume }
}

/// FNV-1a over 64 bits, by the published constants.
///
/// Example: of no bytes it is its offset, 0xcbf29ce484222325; of `a` 0xaf63dc4c8601ec8c.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars() -> Vec<Bar> {
        (0..288)
            .map(|at| Bar { open: at, high: at + 2, low: at - 2, close: at + 1, volume: at * 7 })
            .collect()
    }

    #[test]
    fn bars_come_back_from_disk() {
        let bytes = encode(7, &bars());
        assert_eq!(bytes.len(), file_bytes(288));
        assert_eq!(decode(7, 288, &bytes), Some(bars()));
    }

    #[test]
    fn any_damage_is_noticed() {
        let whole = encode(7, &bars());
        assert_eq!(decode(8, 288, &whole), None);
        assert_eq!(decode(7, 287, &whole), None);
        assert_eq!(decode(7, 288, &[]), None);
        assert_eq!(decode(7, 288, &whole[..whole.len() - 1]), None);
        for at in (0..whole.len()).step_by(97) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            assert_eq!(decode(7, 288, &bytes), None, "byte {at}");
        }
    }

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(checksum(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(checksum(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
