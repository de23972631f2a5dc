//! A mistake in a plan: where it stands in the document, what it is, and what to do.

/// One mistake, by its place in the JSON document; the store knows the line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub at: Vec<Step>,
    pub run: Option<String>,
    pub problem: String,
    pub hint: String,
}

/// One step down from the document's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Index(usize),
    /// The name of a property rather than its value; the last one of that name.
    Name(String),
}

impl Problem {
    pub fn new(at: &[Step], problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { at: at.to_vec(), run: None, problem: problem.into(), hint: hint.into() }
    }

    pub fn in_run(mut self, run: &str) -> Self {
        self.run = Some(run.to_string());
        self
    }
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_string())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}
