//! Why a name or an attribute of an account is what it is.
//!
//! What it shows of a protected person is a mark, unless the reader is cleared.

use alloc::format;

use super::why::Explained;
use super::why::Explainer;
use super::why::said;
use crate::base::LimitReached;
use crate::base::Path;
use crate::diagnostic::OpenText;
use crate::directory::Opinion;
use crate::evaluate;
use crate::evaluate::Holder;
use crate::language::Program;
use crate::rules::GatePolicy;

/// Why an attribute is left out by its name.
const BY_NAME: &str = "left out: its name says how or where a protected person is found, and neither an alternative nor an exception \
    speaks of it";

impl Explainer<'_> {
    pub(super) fn field(
        &self,
        name: &str,
        field: &str,
        holder: Option<&Holder>,
    ) -> Result<Explained, LimitReached> {
        let world = self.world;
        let Some(account) = self.account_rule(name) else {
            return Ok(self.no_rule("account", name));
        };
        let (Some(rule), Some(holder)) = (world.rules.accounts.get(account), holder) else {
            return Ok(self.account(name, holder));
        };
        let output = format!("account.{name}.{field}");
        let place = Path::root().key("account").key(name);
        let protection = world.population.person(self.person).protection;
        if let Some(known) = rule.names.iter().find(|known| &*known.name == field) {
            let place = place.key("name").key(field);
            return self.name(account, holder, known, &output, &place);
        }
        let Some(known) = rule.attributes.iter().find(|known| &*known.name == field) else {
            return Ok(self.no_rule("account", &format!("{name}.{field}")));
        };
        let place = place.key("set").key(field);
        let policy = evaluate::policy(&known.gate, protection);
        let opinion = holder.attributes.get(field);
        let reference = holder.references.get(field);
        let is = match (opinion, reference) {
            (Some(Opinion::Set(values)), _) => {
                OpenText::joined(values.iter().map(|text| self.shown(text)), ", ")
            }
            (_, Some(Opinion::Set(key))) => OpenText::from(key),
            (Some(Opinion::Clear), _) | (_, Some(Opinion::Clear)) => OpenText::words("cleared"),
            (Some(Opinion::Keep(_)), _) | (_, Some(Opinion::Keep(_))) => {
                OpenText::words("left as it is")
            }
            (None, None) => OpenText::words("no opinion"),
        };
        let is_neutral = || evaluate::is_neutral(world.rules, &known.ordinary);
        let because = match policy {
            _ if evaluate::is_absent(&known.name, protection, policy, is_neutral) => {
                OpenText::words(BY_NAME)
            }
            GatePolicy::Pass | GatePolicy::Include => {
                let texts = known.ordinary.iter().map(Program::open_text);
                let texts = texts.map(|text| OpenText::words("").quote(text));
                OpenText::words("computed by ").and(OpenText::joined(texts, ", or by "))
            }
            GatePolicy::Alias => known.protected.as_ref().map_or_else(
                || OpenText::words("left out"),
                |program| OpenText::words("computed by ").quote(program.open_text()),
            ),
            GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Task => {
                OpenText::words(said(policy))
            }
        };
        Ok((is, alloc::vec![self.line(true, &output, &place, because)]))
    }
}
