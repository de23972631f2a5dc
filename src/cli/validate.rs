//! Checks a plan as far as this machine can tell, without executing anything.

use std::path::Path;

use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::error::Result;
use crate::error::closest;
use crate::measure;
use crate::measure::Program;
use crate::plan::Input;
use crate::plan::Launch;
use crate::plan::Plan;
use crate::plan::Problem;
use crate::plan::Task;
use crate::plan::Workload;
use crate::plan::problem::Step;
use crate::runner::job;
use crate::store::PlanStore;
use crate::system::env;

/// Says that the plan is valid, or what is wrong with it.
///
/// # Errors
/// Every mistake found, each with its place.
pub fn run(store: &mut PlanStore, shared: &Shared) -> Result<u8> {
    let root = store.layout().root().to_path_buf();
    let plan = store.read()?;
    let problems = obstacles(plan, &root, &|_| true);
    let doubtful: Vec<String> = plan
        .workloads
        .iter()
        .flat_map(|(name, workload)| {
            let doubts = doubtful_placeholders(workload);
            doubts.into_iter().map(move |doubt| format!("warning: workload `{name}`: {doubt}"))
        })
        .collect();
    let runs = match plan.runs.len() {
        1 => "1 run".to_string(),
        several => format!("{several} runs"),
    };
    if !problems.is_empty() {
        return Err(store.refusal(problems));
    }
    doubtful.iter().for_each(terminal::say);
    let text = format!("`{}` is a valid plan of {runs}\n", shared.plan.display());
    terminal::print(&text).map(|()| 0)
}

/// What keeps the workloads whose names `are_asked` from being executed here: programs that are
/// missing, or else backends that cannot measure them.
pub fn obstacles(plan: &Plan, root: &Path, are_asked: &dyn Fn(&str) -> bool) -> Vec<Problem> {
    let asked: Vec<(&String, &Workload)> =
        plan.workloads.iter().filter(|(name, _)| are_asked(name)).collect();
    match missing_programs(&asked, root) {
        none if none.is_empty() => unmeasurable(&asked, root),
        missing => missing,
    }
}

/// The first program of `workload` that cannot be found from `root`, the folder of the plan, and
/// the key that names it. A name with a placeholder is not known before its run.
pub fn missing_program<'a>(workload: &'a Workload, root: &Path) -> Option<(&'static str, &'a str)> {
    let command = match &workload.task {
        Task::Command(launch) => launch.program(),
        Task::Sample(_) => None,
    };
    let maker = match &workload.input {
        Some(Input::Made(words)) => words.first().map(String::as_str),
        _ => None,
    };
    let programs = [
        ("command", command),
        ("prepare", workload.prepare.as_ref().and_then(Launch::program)),
        ("cleanup", workload.cleanup.as_ref().and_then(Launch::program)),
        ("input", maker),
    ];
    let folder = workload.cwd.as_ref().map_or_else(|| root.to_path_buf(), |cwd| root.join(cwd));
    let path = workload.env.get("PATH").map(String::as_str);
    programs
        .into_iter()
        .filter_map(|(key, program)| Some((key, program?)))
        .find(|(_, name)| !name.contains('{') && !env::has_program(name, path, &folder))
}

/// Words in braces that are nearly a placeholder of the tool, and so perhaps meant to be one. They
/// may be the program's own as well, as `${size}` is a shell's, so that they are no mistake.
pub fn doubtful_placeholders(workload: &Workload) -> Vec<String> {
    let command: &[String] = match &workload.task {
        Task::Command(launch) => launch.texts(),
        Task::Sample(_) => &[],
    };
    let known: Vec<String> = job::PLACEHOLDERS.iter().map(|name| (*name).to_string()).collect();
    let mut doubtful = Vec::new();
    for text in command.iter().chain(workload.env.values()) {
        for (at, _) in text.match_indices('{').filter(|(at, _)| !text[..*at].ends_with('$')) {
            let word = text[at + 1..].split('}').next().unwrap_or_default();
            let near = closest(word, &known).filter(|near| *near != word);
            if let Some(near) = near.filter(|_| text[at + 1..].contains('}')) {
                doubtful.push(format!(
                    "`{{{word}}}` is passed on as it is; did you mean `{{{near}}}`?"
                ));
            }
        }
    }
    doubtful
}

fn missing_programs(workloads: &[(&String, &Workload)], root: &Path) -> Vec<Problem> {
    let missing = workloads.iter().filter_map(|(name, workload)| {
        let (key, program) = missing_program(workload, root)?;
        let at = ["workloads".into(), name.as_str().into(), key.into(), Step::from(0)];
        let problem = format!("workload `{name}`: no program `{program}` is on the path");
        Some(Problem::new(&at, problem, "install it, or give its full path"))
    });
    missing.collect()
}

/// Workloads that their backend cannot measure here, in the backend's own words.
fn unmeasurable(workloads: &[(&String, &Workload)], root: &Path) -> Vec<Problem> {
    let refused = workloads.iter().filter_map(|(name, workload)| {
        let Task::Command(Launch::Words(command)) = &workload.task else { return None };
        let cwd = workload.cwd.as_ref().map_or_else(|| root.to_path_buf(), |cwd| root.join(cwd));
        let cwd = std::path::absolute(&cwd).unwrap_or(cwd);
        // What has a placeholder is not known before its run.
        if command.first()?.contains('{') || !cwd.is_dir() {
            return None;
        }
        let program = Program { argv: command.clone(), env: workload.env.clone(), cwd };
        let error =
            measure::by_name(&workload.backend).and_then(|one| one.check(&program)).err()?;
        let at = ["workloads".into(), name.as_str().into(), Step::from("backend")];
        let problem = format!("workload `{name}`, backend `{}`: {error}", workload.backend);
        Some(Problem::new(&at, problem, error.hint().unwrap_or_default()))
    });
    refused.collect()
}
