//! Loads a rule file and prints its problems.
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    match folkform::rules::Ruleset::from_toml(&text) {
        Ok(rules) => println!("{} loads; warnings:\n{}", rules.name(), rules.warnings()),
        Err(problems) => println!("{problems}"),
    }
}
