//! The one machine that runs programs. What explains a result watches the same machine.

mod call;
mod run;

pub(crate) use run::constant;
pub(crate) use run::run;
