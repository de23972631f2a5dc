//! A plan that is to stay as it is: its copy elsewhere is what is worked on.

use std::path::PathBuf;

use clap::Args;

use crate::cli::shared::DEFAULT_PLAN;
use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::error::Result;
use crate::system::file;

/// The largest plan that is copied, in bytes.
const LIMIT: u64 = 64 << 20;

#[derive(Debug, Clone, Default, Args)]
pub struct Copied {
    /// Leave the plan as it is and work on a copy in this folder, which is made when it is not
    /// there; everything that comes out is written there
    #[arg(long, value_name = "FOLDER")]
    pub into: Option<PathBuf>,
}

impl Copied {
    /// The same with the copy as its plan, where one is wanted.
    ///
    /// # Errors
    /// When the plan is refused, or cannot be copied.
    pub fn placed(&self, shared: Shared) -> Result<Shared> {
        let Some(folder) = &self.into else { return Ok(shared) };
        let copy = folder.join(DEFAULT_PLAN);
        if file::stamp(&copy).is_none() {
            shared.store().read()?;
            let text = file::read(&shared.plan, LIMIT)?;
            file::create_folder(folder)?;
            file::replace(&copy, &text)?;
            terminal::say(format!("copied `{}` to `{}`", shared.plan.display(), copy.display()));
        }
        Ok(Shared { plan: copy, ..shared })
    }
}
