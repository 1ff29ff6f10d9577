//! tmp
mod files;
mod sources;
mod story;
fn main() {
    let mut world = story::World::after_pilot().map_err(|e| eprintln!("{e}")).unwrap();
    let run = world.run(&files::Files::of(files::Day::Ordinary).unwrap(), story::ORDINARY).map_err(|e| eprintln!("{e}")).unwrap();
    println!("{}", run.plan.summary());
    for f in run.outcome.findings() { println!("{} {} {:?} {}", f.code, f.subject, f.field, f.message); }
    for t in run.plan.trips() { println!("{t}"); }
    for f in run.plan.findings() { println!("{} {} {:?} {}", f.code, f.subject, f.field, f.message); }
    println!("{}", world.carry_out(&run));
    std::fs::write("/tmp/farm/scratch/sml-desired.json", run.outcome.desired().to_sealed_json()).unwrap();
    std::fs::write("/tmp/farm/scratch/sml-plan.json", run.plan.to_json()).unwrap();
    std::fs::write("/tmp/farm/scratch/sml-directory.json", world.directory.to_sealed_json()).unwrap();
    std::fs::write("/tmp/farm/scratch/sml-ledger.json", world.ledger.to_sealed_json()).unwrap();
    let run = world.run(&files::Files::of(files::Day::Ordinary).unwrap(), story::ORDINARY).map_err(|e| eprintln!("{e}")).unwrap();
    println!("{}", run.plan.summary());
}
