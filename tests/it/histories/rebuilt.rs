//! A ledger that is lost in the middle of a history, and rebuilt from the directory.

use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::plan::Plan;
use folkform::plan::Shown;
use folkform::plan::StepKind;
use proptest::prelude::*;

use super::Turn;
use super::World;
use super::event;
use super::model;
use super::model::Delivery;
use super::model::later;
use super::turn;
use crate::trials;

const QUIET: Turn = Turn {
    days: 0,
    events: Vec::new(),
    results: Vec::new(),
    approves: true,
};

/// What may not come of a loss: an account that is made, renamed, disabled or deleted, and a message.
fn faults(plan: &Plan) -> Vec<String> {
    let steps = plan.steps().iter().filter(|step| match step.kind {
        StepKind::CreateAccount
        | StepKind::RenameLogin
        | StepKind::Disable
        | StepKind::DeleteAccount
        | StepKind::Notice => true,
        StepKind::ChangeMail => step.before != Shown::Nothing,
        _ => false,
    });
    steps.map(|step| format!("{step:?}")).collect()
}

fn history(turns: &[Turn], ahead: u64, anew: bool) -> Result<(), String> {
    let mut world = World::new(anew);
    world.play(&QUIET, false)?;
    for turn in turns {
        world.play(turn, false)?;
    }
    // All is delivered and done before the loss, so that every step after it is the loss's own.
    for _ in 0..2 {
        world.play(&QUIET, false)?;
    }
    let today = world.today;
    let (ledger, findings) = Ledger::rebuild(&world.directory, today);
    let ours = world.directory.anchored_accounts();
    if findings.iter().next().is_none() != ours.is_empty() {
        return Err(format!("{} accounts and {findings:?}", ours.len()));
    }
    world.ledger = ledger;
    let snapshot = world.people.delivered(today, Delivery::Whole);
    let plan = world.evaluate(&snapshot, today).plan();
    let faults = faults(&plan);
    if !faults.is_empty() {
        return Err(format!("on {today}, rebuilt: {faults:?}"));
    }
    let released = plan.release(&Approvals::default(), today).unwrap();
    world.carry_out(&released, &[])?;
    // No time that must pass has begun before the loss.
    for days in 1..=ahead {
        let day = later(today, days);
        let snapshot = world.people.delivered(day, Delivery::Whole);
        let plan = world.evaluate(&snapshot, day).plan();
        let deleted = |step: &&folkform::plan::Step| step.kind == StepKind::DeleteAccount;
        if let Some(step) = plan.steps().iter().find(deleted)
            && days < model::MIN_DISABLED
        {
            return Err(format!("on {day}: {step:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2000, ..trials::config() })]

    #[test]
    fn a_rebuilt_ledger_makes_renames_and_takes_nothing(
        turns in proptest::collection::vec(turn(event()), 1..9),
        ahead in 0..model::MIN_DISABLED,
        anew in any::<bool>(),
    ) {
        if let Err(fault) = history(&turns, ahead, anew) {
            prop_assert!(false, "{fault}");
        }
    }
}
