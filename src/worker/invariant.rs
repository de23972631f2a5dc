//! What must hold before a program is started, checked against what it will really get.
//! Values of required variables are never shown or recorded.

use std::collections::BTreeMap;
use std::path::Path;

use crate::executor::job::Invariants;
use crate::plan::measurement::Revision;
use crate::system::env;
use crate::system::machine;
use crate::units::Bytes;

/// The first invariant that does not hold: its name, and how it was violated.
pub fn violated(
    invariants: &Invariants,
    env: &BTreeMap<String, String>,
    revision: &Revision,
    folder: &Path,
) -> Option<(String, String)> {
    environment(invariants, env)
        .or_else(|| required(invariants, env))
        .or_else(|| tree(invariants, revision))
        .or_else(|| space(invariants, folder))
        .or_else(|| load(invariants))
}

/// The names of all invariants that are asked for, as they are recorded; never a value.
pub fn names(invariants: &Invariants) -> Vec<String> {
    let env = invariants.env.keys().map(|name| format!("env.{name}"));
    let required = invariants.required_env.iter().map(|name| format!("required_env.{name}"));
    let others = [
        ("clean_git", invariants.clean_git),
        ("min_free_bytes", invariants.min_free_bytes.is_some()),
        ("max_load", invariants.max_load.is_some()),
    ];
    let others = others.into_iter().filter(|(_, asked)| *asked).map(|(name, _)| name.to_string());
    env.chain(required).chain(others).collect()
}

fn environment(
    invariants: &Invariants,
    env: &BTreeMap<String, String>,
) -> Option<(String, String)> {
    invariants.env.iter().find_map(|(name, wanted)| {
        let found = value(env, name);
        let how = match &found {
            Some(value) if value == wanted => return None,
            Some(_) => format!("`{name}` is not `{wanted}` in the program's environment"),
            None => format!("`{name}` is not set in the program's environment"),
        };
        Some((format!("env.{name}"), format!("{how}; set it in the workload's `env`")))
    })
}

fn required(invariants: &Invariants, env: &BTreeMap<String, String>) -> Option<(String, String)> {
    let missing = invariants
        .required_env
        .iter()
        .find(|name| value(env, name).is_none_or(|v| v.is_empty()))?;
    let how = format!("the variable `{missing}` is not set; export it before the runner starts");
    Some((format!("required_env.{missing}"), how))
}

fn tree(invariants: &Invariants, revision: &Revision) -> Option<(String, String)> {
    let how = match revision {
        _ if !invariants.clean_git => return None,
        Revision::Commit { dirty: false, .. } => return None,
        Revision::Commit { .. } => "the git tree has uncommitted changes; commit or stash them",
        Revision::None { .. } => "there is no git tree to be clean",
    };
    Some(("clean_git".into(), how.into()))
}

fn space(invariants: &Invariants, folder: &Path) -> Option<(String, String)> {
    let (least, free) = (invariants.min_free_bytes?, machine::free_bytes(folder)?);
    (free < least).then(|| {
        let how = format!("{} are free, less than {}; make room", Bytes(free), Bytes(least));
        ("min_free_bytes".into(), how)
    })
}

fn load(invariants: &Invariants) -> Option<(String, String)> {
    let (most, load) = (invariants.max_load?, machine::load()?);
    (load > most).then(|| {
        let how =
            format!("the load is {load:.2}, above {most:.2}; wait until the machine is quiet");
        ("max_load".into(), how)
    })
}

fn value(env: &BTreeMap<String, String>, name: &str) -> Option<String> {
    env.get(name).cloned().or_else(|| env::var(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(invariants: &Invariants, expected: Option<&str>) {
        let env = BTreeMap::from([("PLOT_PRICE".to_string(), "true".to_string())]);
        let revision = Revision::None { none: "no repository".into() };
        let found = violated(invariants, &env, &revision, Path::new("."));
        assert_eq!(found.map(|(name, _)| name).as_deref(), expected);
    }

    #[test]
    fn names_what_does_not_hold() {
        let env = |value: &str| BTreeMap::from([("PLOT_PRICE".to_string(), value.to_string())]);
        let of = Invariants::default;
        check(&of(), None);
        check(&Invariants { env: env("true"), ..of() }, None);
        check(&Invariants { env: env("false"), ..of() }, Some("env.PLOT_PRICE"));
        let required = vec!["SUPERLINEAR_NO_SUCH_KEY".to_string()];
        let expected = "required_env.SUPERLINEAR_NO_SUCH_KEY";
        check(&Invariants { required_env: required, ..of() }, Some(expected));
        check(&Invariants { clean_git: true, ..of() }, Some("clean_git"));
        check(&Invariants { min_free_bytes: Some(u64::MAX), ..of() }, Some("min_free_bytes"));
        check(&Invariants { max_load: Some(-1.0), ..of() }, Some("max_load"));
    }

    #[test]
    fn never_shows_a_value_it_found() {
        let wanted = BTreeMap::from([("KEY".to_string(), "expected".to_string())]);
        let env = BTreeMap::from([("KEY".to_string(), "s3cret".to_string())]);
        let invariants = Invariants { env: wanted, ..Invariants::default() };
        let revision = Revision::None { none: String::new() };
        let (_, how) = violated(&invariants, &env, &revision, Path::new(".")).unwrap();
        assert!(!how.contains("s3cret"));
    }
}
