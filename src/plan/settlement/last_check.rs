//! The last check before a target: what the shield of an account refuses is not released, whatever rules, gate and plan say.
//!
//! It looks at the names of outputs, not at rules, so that a rule set that was built in code, or a gate that was opened by mistake,
//! still writes nothing that everybody reads. Keeps true: what is refused is named, and nothing that hangs on it goes either.

use alloc::vec::Vec;

#[cfg(test)]
use crate::base::Leak;
use crate::base::Text;
use crate::directory::Shielded;
use crate::plan::guards::count;
use crate::plan::step::Step;

/// The steps that are kept from the targets, each by what is refused; none for the rest.
pub(super) fn refused(steps: &[Step]) -> Vec<Option<Shielded>> {
    let mut refused: Vec<Option<Shielded>> = steps.iter().map(one).collect();
    count::spread(steps, &mut refused);
    refused
}

fn one(step: &Step) -> Option<Shielded> {
    #[cfg(test)]
    if Leak::LastCheck.is_planted() {
        return None;
    }
    let (account, shield) = step.shield.as_ref()?;
    let output = shield.refuses(&step.change)?;
    Some(Shielded {
        account: account.clone(),
        output: Text::from(output),
    })
}
