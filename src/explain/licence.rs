//! Why a licence, and why the group that carries one.

use alloc::format;

use super::why::Explained;
use super::why::Explainer;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Path;
use crate::base::Text;
use crate::diagnostic::OpenText;
use crate::directory::Opinion;
use crate::evaluate;
use crate::evaluate::Holder;
use crate::evaluate::World;
use crate::rules::LicenceRule;

/// The licence that a group carries.
pub(super) fn carried_by<'w>(world: &'w World<'_>, group: &Text) -> Option<&'w LicenceRule> {
    let mut groups = world.rules.groups.iter();
    let position = groups.position(|rule| rule.name == *group)?;
    let mut licences = world.rules.licences.iter();
    licences.find(|licence| licence.through == Some(position))
}

impl Explainer<'_> {
    /// Who is in a group that carries a licence is what the licence says.
    pub(super) fn carrier(
        &self,
        licence: &LicenceRule,
        output: &str,
        place: &Path,
    ) -> Result<Explained, LimitReached> {
        let mut holders = self.world.holders_of(licence.account, self.person);
        let holder = holders.next().map(|(_, holder)| holder);
        let (is, mut reasons) = self.licence(&licence.name, holder)?;
        let is = if is == "given" {
            "member"
        } else {
            "not a member"
        };
        let because = OpenText::words("it carries ").quote(licence.output());
        reasons.push(self.line(false, output, place, because));
        Ok((OpenText::words(is), reasons))
    }

    pub(super) fn licence(
        &self,
        name: &str,
        holder: Option<&Holder>,
    ) -> Result<Explained, LimitReached> {
        let world = self.world;
        let Some(rule) = world.rules.licences.iter().find(|rule| &*rule.name == name) else {
            return Ok(self.no_rule("licence", name));
        };
        let place = Path::root().key("licence").key(name);
        let output = format!("licence.{name}");
        let holder = match self.gated(&rule.gate, &rule.window, holder, &output, &place) {
            Ok(holder) => holder,
            Err(explained) => return Ok(explained),
        };
        let mut horizon = Horizon::new(world.as_of);
        let matched = evaluate::licence_matches(world, rule, holder, &mut horizon)?;
        let given = match rule.through {
            None => {
                let wanted = self.desired.accounts.get(&holder.key);
                wanted.and_then(|wanted| wanted.licences.get(&rule.sku))
            }
            Some(group) => {
                let carrier = world.rules.groups.get(group);
                let mut groups = self.desired.groups.iter();
                let group =
                    groups.find(|(key, _)| carrier.is_some_and(|rule| key.rule == rule.name));
                group.and_then(|(_, group)| group.members.get(&holder.key))
            }
        };
        let (is, holds, because) = match (matched, given) {
            (Ok(true), Some(Opinion::Set(()))) => ("given", true, "the rule matches"),
            (Ok(true), Some(Opinion::Keep(_))) => (
                "left as it is",
                false,
                "the rule matches; the account is held, or has no usage location",
            ),
            (Ok(true), _) => (
                "not given",
                false,
                "the rule matches; another licence of its set comes first, one that it needs is not given, or no seat is left",
            ),
            (Ok(false), _) => ("not given", false, "the rule does not match"),
            (Err(_), _) => (
                "left as it is",
                false,
                "the rule cannot be computed from the data",
            ),
        };
        Ok((
            OpenText::words(is),
            alloc::vec![self.line(holds, &output, &place, because)],
        ))
    }
}
