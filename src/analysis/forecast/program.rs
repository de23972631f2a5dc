//! The wall time of the whole program at a size that was not run: the foretold work of its
//! functions and what is in no profile.

use crate::analysis::document::Foretold;
use crate::analysis::document::Verdict;
use crate::analysis::forecast::amount::Amount;
use crate::analysis::forecast::whole::At;
use crate::analysis::growth::Fit;
use crate::analysis::survey::Survey;

/// Part of a wall time by which the work in it may exceed it, by the clocks' own error.
const SAME: f64 = 0.01;

/// Wall time at the size of `at`.
///
/// Where all work of every run lies within its wall time, what remains of it (waiting, the start of
/// an interpreter, profiling) is foretold by itself and the work is added, so that the program
/// takes no less than its parts. Work of several threads at once, and what is not counted in
/// seconds, is no part of a wall time: then that has a curve of its own.
pub fn program(
    survey: &Survey,
    at: &At<'_>,
    program: &Fit,
    walls: &[Option<f64>],
) -> Option<Foretold> {
    let rest = survey.unit.is_time().then(|| rest(survey, walls)).flatten();
    match rest {
        Some(rest) => at.busy.plus(rest_at(survey, at, &rest)).foretold(),
        None => by_its_own(program, at.size),
    }
}

/// By the curve of the wall time alone.
pub fn by_its_own(program: &Fit, size: f64) -> Option<Foretold> {
    Foretold::of(program.range_at(size)?)
}

/// Wall time less busy time, one per run; `None` where no run has both or one has more of the
/// latter.
fn rest(survey: &Survey, walls: &[Option<f64>]) -> Option<Vec<Option<f64>>> {
    let (walls, busy) = (survey.corrected(walls), survey.corrected(&survey.busy.costs));
    walls[survey.busy.largest?]?;
    let both = walls.iter().zip(&busy).map(|(wall, busy)| wall.zip(*busy));
    both.map(|both| match both {
        Some((wall, busy)) if busy > wall * (1.0 + SAME) => None,
        Some((wall, busy)) => Some(Some((wall - busy).max(0.0))),
        None => Some(None),
    })
    .collect()
}

/// What is in no profile, by its own curve; where it is not told surely how that grows it grows no
/// faster than the work.
fn rest_at(survey: &Survey, at: &At<'_>, rest: &[Option<f64>]) -> Amount {
    let now = survey.busy.largest_of(rest).unwrap_or_default();
    let busy = survey.corrected(&survey.busy.costs);
    let busy_now = survey.busy.largest_of(&busy).unwrap_or_default();
    let like_the_work = at.busy.times(if busy_now > 0.0 { now / busy_now } else { 0.0 });
    let fit = survey.judge.fit(rest, survey.wall_kind());
    match fit.range_at(at.size) {
        Some(range) => match fit.verdict {
            Verdict::Superlinear | Verdict::NotSuperlinear => Amount::of(range),
            Verdict::Suspected | Verdict::CannotTell => Amount::of(range).at_most(like_the_work),
        },
        None => Amount::fixed(now).at_most(like_the_work),
    }
}
