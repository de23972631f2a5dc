//! What speaks against measuring on this machine right now, in sentences for a person.

use crate::system::machine;

/// What follows from every such sign.
const SO: &str = "so times will vary";

/// What a machine tells of how steady its measurements will be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Signs {
    /// One-minute load average.
    pub load: Option<f64>,
    /// Threads that run or want to run at this moment, the asking one included.
    pub running: Option<u32>,
    pub cores: u32,
    /// Frequency governor.
    pub governor: Option<String>,
}

/// The signs of this moment.
pub fn signs() -> Signs {
    Signs {
        load: machine::load(),
        running: machine::running(),
        cores: machine::cores(),
        governor: machine::governor(),
    }
}

/// Warnings about `signs`, when `own` threads of those that run belong to who asks.
///
/// The load average remembers what the queue itself ran a moment ago, so it only counts together
/// with as many others that want to run right now.
///
/// Example: load 5 on 2 cores with 4 running, 1 of them one's own, is noisy; with 1 running it is
/// the echo of the run before.
pub fn warnings(signs: &Signs, own: u32) -> Vec<String> {
    let mut warnings = Vec::new();
    let others = signs.running.map(|running| running.saturating_sub(own));
    if let (Some(load), Some(others)) = (signs.load, others)
        && load > f64::from(signs.cores)
        && others >= signs.cores
    {
        let cores = signs.cores;
        warnings.push(format!(
            "the machine is busy: {others} other threads want to run on {cores} cores \
             (load {load:.1}), {SO}"
        ));
    }
    if let Some(governor) = signs.governor.as_ref().filter(|governor| *governor != "performance") {
        warnings.push(format!("the frequency governor is `{governor}`, not `performance`, {SO}"));
    }
    warnings
}

/// Whether `warning` is one of those above.
pub fn is_noise(warning: &str) -> bool {
    warning.ends_with(SO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(load: f64, running: u32, governor: Option<&str>, expected: &[&str]) {
        let governor = governor.map(String::from);
        let signs = Signs { load: Some(load), running: Some(running), cores: 2, governor };
        let found = warnings(&signs, 1);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (warning, words) in found.iter().zip(expected) {
            assert!(warning.contains(words) && is_noise(warning), "{warning}");
        }
    }

    #[test]
    fn tells_a_busy_machine_from_the_echo_of_the_run_before() {
        check(0.3, 1, None, &[]);
        check(5.0, 4, None, &["3 other threads want to run on 2 cores (load 5.0)"]);
        check(5.0, 1, None, &[]);
        check(1.9, 9, None, &[]);
    }

    #[test]
    fn names_a_governor_that_changes_the_frequency() {
        check(0.0, 1, Some("performance"), &[]);
        check(0.0, 1, Some("powersave"), &["`powersave`"]);
        check(5.0, 4, Some("schedutil"), &["busy", "`schedutil`"]);
    }

    #[test]
    fn this_machine_tells_its_signs() {
        let signs = signs();
        assert!(signs.cores > 0 && signs.load.is_some() && signs.running.is_some_and(|n| n > 0));
    }
}
