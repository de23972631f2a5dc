//! Arguments and wiring; the only code that talks to a person.
