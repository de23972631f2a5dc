//! Of all that would settle an open verdict, what a person would do: the least running time.
//! Which runs tell two classes apart is known to `stats`; the commands are told elsewhere.

use crate::analysis::ceiling::RunCost;
use crate::stats::Class;
use crate::stats::Way;
use crate::units::Seconds;
use crate::units::grouped;
use crate::units::three_digits;

/// What would settle an open verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settling {
    pub question: Question,
    pub way: Way,
    /// What it costs, in the unit of the price.
    pub cost: RunCost,
    pub is_practical: bool,
}

/// What an open verdict waits for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Question {
    /// Which of two classes it is, the more probable one first.
    Between(Class, Class),
    /// What it is, where there are too few sizes for a verdict.
    FewSizes,
    /// Whether what is suspected holds.
    Suspicion,
}

/// What the present runs cost, in any one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// One round of all of them.
    pub round: f64,
    /// Whether the unit is a second, so that it can be named and weighed against a person's
    /// patience.
    pub is_seconds: bool,
}

/// More runs at one size than this nobody adds by hand.
const MOST_RUNS: u32 = 5;
/// More rounds of everything than this nobody waits for.
const MOST_ROUNDS: u32 = 20;
/// A person spends this many times as much as one round of the present runs took.
const MOST_ROUNDS_WORTH: f64 = 10.0;
/// What may cost more than foretold by this factor is said to.
const NOT_THE_SAME: f64 = 1.5;
/// What is always worth a try, in seconds.
const ALWAYS_WORTH: f64 = 600.0;

/// The cheapest way among those that a person would go, or among all when there is none.
///
/// `at`: cost of one run at a size, in the unit of the price. What it costs at most decides.
///
/// Example: of three runs at 400 that cost 60 s each and four rounds of runs that took 100 s in
/// all, the runs: 180 s are less than 400 s.
pub fn cheapest(
    question: Question,
    ways: &[Way],
    price: Price,
    at: impl Fn(f64) -> Option<RunCost>,
) -> Option<Settling> {
    let settling = |way: &Way| {
        let cost = match *way {
            Way::Size { size, runs } => {
                let RunCost { foretold, at_most } = at(size)?;
                let runs = f64::from(runs);
                RunCost { foretold: runs * foretold, at_most: runs * at_most }
            }
            Way::Rounds(rounds) => {
                let cost = f64::from(rounds) * price.round;
                RunCost { foretold: cost, at_most: cost }
            }
        };
        let is_short = cost.at_most <= MOST_ROUNDS_WORTH * price.round
            || price.is_seconds && cost.at_most <= ALWAYS_WORTH;
        // What nobody can foresee the cost of is not named, not even as too dear.
        (is_short || is_foreseen(cost)).then_some(Settling {
            question,
            way: *way,
            cost,
            is_practical: is_short && is_few(*way),
        })
    };
    let known = ways.iter().filter_map(settling).filter(|known| known.cost.at_most.is_finite());
    known.min_by(|left, right| {
        let cheaper = left.cost.at_most.total_cmp(&right.cost.at_most);
        right.is_practical.cmp(&left.is_practical).then(cheaper)
    })
}

impl Settling {
    /// What to do, as a sentence without a beginning.
    ///
    /// Example: `one run at about 160 days (2 min 3 s) would tell n log n from n^1.5`.
    pub fn words(&self, size_unit: &str, price: Price) -> String {
        let act = match self.way {
            Way::Size { size, runs: 1 } => format!("one run at about {}", sized(size, size_unit)),
            Way::Size { size, runs } => format!("{runs} runs at about {}", sized(size, size_unit)),
            Way::Rounds(1) => "one more repetition of every run".into(),
            Way::Rounds(rounds) => format!("{rounds} more repetitions of every run"),
        };
        let act = match price.is_seconds {
            true => format!("{act} ({})", in_seconds(self.cost)),
            false => act,
        };
        match (self.question, self.is_practical) {
            (Question::Suspicion, _) => format!("{act} would confirm or refute it"),
            (Question::FewSizes, _) => {
                format!("{act} would give the third size that a verdict needs")
            }
            (Question::Between(first, second), true) => {
                format!("{act} would tell {first} from {second}")
            }
            (Question::Between(first, second), false) if is_few(self.way) => {
                format!("nothing short would tell {first} from {second}: that would take {act}")
            }
            (Question::Between(first, second), false) => format!(
                "nothing less than {act} would tell {first} from {second}, so much does what was \
                 measured scatter"
            ),
        }
    }
}

fn is_few(way: Way) -> bool {
    match way {
        Way::Size { runs, .. } => runs <= MOST_RUNS,
        Way::Rounds(rounds) => rounds <= MOST_ROUNDS,
    }
}

fn in_seconds(cost: RunCost) -> String {
    match is_foreseen(cost) {
        true => Seconds(cost.foretold).to_string(),
        false => format!("{}, at most {}", Seconds(cost.foretold), Seconds(cost.at_most)),
    }
}

fn is_foreseen(cost: RunCost) -> bool {
    cost.at_most <= NOT_THE_SAME * cost.foretold
}

fn sized(size: f64, unit: &str) -> String {
    let is_whole = size.fract() == 0.0 && size < 1e15;
    let figure = match is_whole || (1e3..1e15).contains(&size) {
        true => grouped(size.round() as u64),
        false => three_digits(size),
    };
    match unit {
        "" | "size" => format!("size {figure}"),
        unit => format!("{figure} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of size n takes n seconds; 10, 20 and 40 were run: 70 s in all.
    fn check(ways: &[Way], is_seconds: bool, expected: &str) {
        asked(Question::Between(Class::N, Class::N2), ways, is_seconds, expected);
    }

    fn asked(question: Question, ways: &[Way], is_seconds: bool, expected: &str) {
        let price = Price { round: 70.0, is_seconds };
        let at = |size| Some(RunCost { foretold: size, at_most: size });
        let words = cheapest(question, ways, price, at).map(|known| known.words("days", price));
        assert_eq!(words.unwrap_or_default(), expected);
    }

    const LARGE: Way = Way::Size { size: 160.0, runs: 2 };

    #[test]
    fn the_least_running_time_is_advised() {
        // 2 · 160 s are 320 s; 4 · 70 s are 280 s, 5 · 70 s are 350 s.
        let rounds = "4 more repetitions of every run (4 min 40 s) would tell n from n^2";
        check(&[LARGE, Way::Rounds(4)], true, rounds);
        let size = "2 runs at about 160 days (5 min 20 s) would tell n from n^2";
        check(&[LARGE, Way::Rounds(5)], true, size);
        let one = "one run at about 5 days (5.00 s) would tell n from n^2";
        check(&[LARGE, Way::Size { size: 5.0, runs: 1 }, Way::Rounds(1)], true, one);
    }

    #[test]
    fn what_nobody_would_do_is_called_so() {
        // 6 runs are too many to add, whatever they cost; 25 rounds too many to wait for.
        let six = Way::Size { size: 14.0, runs: 6 };
        check(&[six, LARGE], true, "2 runs at about 160 days (5 min 20 s) would tell n from n^2");
        let neither = "nothing less than 6 runs at about 14 days (84.0 s) would tell n from n^2, \
                       so much does what was measured scatter";
        check(&[six, Way::Rounds(25)], true, neither);
        // 5 · 300 s are more than ten minutes and more than ten times 70 s.
        let long = Way::Size { size: 300.0, runs: 5 };
        let cheapest = "nothing short would tell n from n^2: that would take 5 runs at about 300 \
                        days (25 min)";
        check(&[long], true, cheapest);
        // 9 · 70 are less than ten times 70, whatever the unit; 2 · 400 are not.
        let costly = Way::Size { size: 400.0, runs: 2 };
        let rounds = "9 more repetitions of every run would tell n from n^2";
        check(&[costly, Way::Rounds(9)], false, rounds);
        check(&[], true, "");
    }

    #[test]
    fn what_may_cost_more_than_anybody_spends_is_not_advised() {
        let price = Price { round: 70.0, is_seconds: true };
        let question = Question::Between(Class::N, Class::N2);
        let said = |at_most: f64| {
            let at = |size| Some(RunCost { foretold: size, at_most });
            let way = [Way::Size { size: 96.0, runs: 1 }];
            cheapest(question, &way, price, at).map(|known| known.words("", price))
        };
        let may = "one run at about size 96 (96.0 s, at most 8 min 20 s) would tell n from n^2";
        assert_eq!(said(500.0).as_deref(), Some(may));
        assert_eq!(said(12_000.0), None);
    }

    #[test]
    fn too_few_sizes_want_another_one() {
        let size = "2 runs at about 160 days (5 min 20 s) would give the third size that a \
                    verdict needs";
        asked(Question::FewSizes, &[LARGE], true, size);
    }

    #[test]
    fn a_suspicion_waits_for_further_runs() {
        let round = "one more repetition of every run (70.0 s) would confirm or refute it";
        let ways = [LARGE, Way::Rounds(1)];
        asked(Question::Suspicion, &ways, true, round);
    }
}
