//! The shipped JSON Schemas of the analyses, held to the types; `BLESS=1` writes them anew.

use serde_json::json;

use crate::analysis::baseline::Against;
use crate::analysis::baseline::Baseline;
use crate::analysis::bottleneck::Bottlenecks;
use crate::analysis::cache_impact::Phase0;
use crate::analysis::document::Phase1;
use crate::analysis::measurements::Measurements;
use crate::analysis::pair::Comparison;
use crate::analysis::sets::Sets;
use crate::analysis::workloads::Workloads;
use crate::plan::schema::check_shipped;

#[test]
fn the_shipped_schemas_of_the_analyses_are_those_of_the_types() {
    check_shipped::<Phase0>("phase0_analysis", |schema| {
        schema["title"] = json!("What a cache saves: `analyzer --phase 0`");
    });
    check_shipped::<Phase1>("phase1_analysis", |schema| {
        schema["title"] = json!("How cost grows with size: `analyzer --phase 1`, `--profiles`");
    });
    check_shipped::<Comparison>("comparison", |schema| {
        schema["title"] = json!("Runs side by side: `analyzer --runs --format json`");
    });
    check_shipped::<Workloads>("workloads", |schema| {
        schema["title"] = json!("Several workloads side by side: `analyzer --phase 1`");
    });
    check_shipped::<Sets>("sets", |schema| {
        schema["title"] = json!("A program before and after a change: `analyzer --before --after`");
    });
    check_shipped::<Bottlenecks>("bottlenecks", |schema| {
        schema["title"] = json!("Where one run spends its time: `analyzer --bottlenecks`");
    });
    check_shipped::<Baseline>("baseline", |schema| {
        schema["title"] = json!("A baseline: `analyzer --save-baseline`");
    });
    check_shipped::<Against>("against", |schema| {
        schema["title"] = json!("What changed: `analyzer --against --format json`");
    });
    check_shipped::<Measurements>("measurements", |schema| {
        schema["title"] = json!("Judged figures: `analyzer --measurements --format json`");
    });
}
