//! From such a file to a profile: all its profiles, usually one for each thread, are added up.

use std::io::Read;
use std::marker::PhantomData;

use crate::format::fault::Fault;
use crate::format::frame::Frames;
use crate::format::frame::LineOf;
use crate::format::gather::Gather;
use crate::format::json;
use crate::format::label::located;
use crate::format::speedscope::document::Document;
use crate::format::speedscope::document::Frame;
use crate::format::speedscope::document::Kind;
use crate::format::speedscope::document::Measured;
use crate::format::speedscope::document::Unit;
use crate::format::speedscope::sampler;
use crate::format::stacks::Stacks;
use crate::profile::Cost;
use crate::profile::CostUnit;
use crate::profile::Edge;
use crate::profile::Function;
use crate::profile::FunctionKey;
use crate::profile::Profile;

/// How our own exports say in which unit they are where the format has no word for it.
pub const INSTRUCTIONS: &str = "superlinear (instructions)";

/// How all our exports begin to say who made them.
pub const EXPORTER: &str = "superlinear";

/// Reads a whole file.
///
/// # Errors
/// In which line and column the content is not what such a file holds, or that it was cut.
pub fn profile(input: &mut dyn Read) -> Result<Profile, Fault> {
    let document = json::read(input, PhantomData::<Document>).map_err(json::fault)?;
    let Document { shared, profiles, exporter } = document;
    let exporter = exporter.unwrap_or_default();
    let is_evented = profiles.iter().any(|one| one.kind == Kind::Evented);
    if is_evented && profiles.iter().any(|one| one.kind == Kind::Sampled) {
        return Err(Fault::new(
            "some of its profiles are sampled and some are not, so they cannot be added up",
            "export one of them alone",
        ));
    }
    let line_of = match is_evented || exporter.starts_with(EXPORTER) {
        true => LineOf::Definition,
        false => LineOf::Execution,
    };
    let mut frames = Frames::new(line_of);
    let of_frame: Vec<usize> =
        shared.frames.iter().map(|frame| frames.of_key(key(frame))).collect();
    let scale = Scale::of(&profiles, &exporter)?;
    let (mut costs, mut edges) = match is_evented {
        true => evented(&profiles, &of_frame, frames.len(), scale.worth)?,
        false => sampled(&profiles, &of_frame, frames.len(), scale.worth)?,
    };
    let mut gather = Gather::default();
    let keys = frames.into_keys();
    if is_evented && sampler::made(&exporter) {
        sampler::put_right(&keys, &mut costs, &mut edges);
        gather.warn(sampler::WARNING.into());
    }
    for (key, cost) in keys.into_iter().zip(costs) {
        gather.push(Function { key, cost });
    }
    if let Some(note) = scale.note {
        gather.warn(note);
    }
    gather.profile.edges = edges;
    gather.profile.unit = scale.unit;
    gather.profile.origin.backend = exporter;
    gather.finish()
}

fn key(frame: &Frame) -> FunctionKey {
    let line = frame.line.unwrap_or_default();
    located(frame.file.as_deref().unwrap_or_default(), line as u32, &frame.name)
}

/// What the profile counts, and one of the file's units in it.
struct Scale {
    unit: CostUnit,
    worth: f64,
    note: Option<String>,
}

impl Scale {
    /// Samples that all stand for the same time are counted: their noise is that of counting.
    fn of(profiles: &[Measured], exporter: &str) -> Result<Self, Fault> {
        let units: Vec<Unit> = profiles.iter().map(|one| one.unit).collect();
        let unit = units.first().copied().unwrap_or(Unit::Seconds);
        if units.iter().any(|other| *other != unit) {
            return Err(Fault::new(
                "its profiles are in different units, so they cannot be added up",
                "export one of them alone",
            ));
        }
        let weights = || profiles.iter().flat_map(|one| &one.weights);
        let first = weights().next().copied().unwrap_or_default();
        let are_equal = first > 0.0 && weights().all(|weight| *weight == first);
        match (unit.seconds(), unit) {
            (None, Unit::Bytes) => {
                Err(Fault::new("it counts bytes, not time", "give a profile of time or calls"))
            }
            (None, _) if exporter == INSTRUCTIONS => {
                Ok(Self { unit: CostUnit::Instructions, worth: 1.0, note: None })
            }
            (None, _) => Ok(Self { unit: CostUnit::Samples, worth: 1.0, note: None }),
            (Some(seconds), _) if are_equal && !exporter.starts_with(EXPORTER) => Ok(Self {
                unit: CostUnit::Samples,
                worth: 1.0 / first,
                note: Some(format!("each sample stands for {} s", first * seconds)),
            }),
            (Some(seconds), _) => {
                Ok(Self { unit: CostUnit::WallSeconds, worth: seconds, note: None })
            }
        }
    }
}

type Costs = (Vec<Cost>, Vec<Edge>);

fn sampled(
    profiles: &[Measured],
    of_frame: &[usize],
    functions: usize,
    worth: f64,
) -> Result<Costs, Fault> {
    let mut stacks = Stacks::default();
    for Measured { samples, weights, .. } in profiles {
        if weights.len() != samples.len() {
            let (weights, samples) = (weights.len(), samples.len());
            return Err(Fault::new(
                format!("a profile has {weights} weights for {samples} samples"),
                "copy or measure it again",
            ));
        }
        if weights.iter().any(|weight| !(weight.is_finite() && *weight >= 0.0)) {
            return Err(Fault::new("a weight is below 0", "copy or measure it again"));
        }
        for (path, weight) in samples.weighted(weights) {
            let stack: Result<Vec<usize>, Fault> =
                path.iter().map(|frame| function(of_frame, *frame as usize)).collect();
            if !stacks.add(&stack?, weight * worth) {
                return Err(Fault::new("too many different calls", "check that it is a profile"));
            }
        }
    }
    let (mut costs, edges) = stacks.into_costs();
    costs.resize(functions, Cost::default());
    Ok((costs, edges))
}

fn evented(
    profiles: &[Measured],
    of_frame: &[usize],
    functions: usize,
    worth: f64,
) -> Result<Costs, Fault> {
    let mut costs = vec![Cost::default(); functions];
    let mut edges = Vec::new();
    let scaled = |cost: Cost| Cost { tsub: cost.tsub * worth, ttot: cost.ttot * worth, ..cost };
    for Measured { events, .. } in profiles {
        for (frame, cost) in events.costs.iter().enumerate().filter(|(_, cost)| cost.ncall > 0) {
            let function = function(of_frame, frame)?;
            costs[function] = costs[function].plus(scaled(*cost));
        }
        for Edge { caller, callee, cost } in &events.edges {
            let (caller, callee) = (function(of_frame, *caller)?, function(of_frame, *callee)?);
            edges.push(Edge { caller, callee, cost: scaled(*cost) });
        }
    }
    Ok((costs, edges))
}

fn function(of_frame: &[usize], frame: usize) -> Result<usize, Fault> {
    of_frame.get(frame).copied().ok_or_else(|| {
        Fault::new(
            format!("a profile refers to frame {frame} of {}", of_frame.len()),
            "copy or measure it again",
        )
    })
}
