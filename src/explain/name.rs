//! Why a name of an account is what it is: the pattern, the candidates that others have, what it was made from, and what would
//! change it.

use alloc::vec::Vec;

use super::explanation::ReasonLine;
use super::why::Explained;
use super::why::Explainer;
use crate::base::LimitReached;
use crate::base::Path;
use crate::diagnostic::OpenText;
use crate::evaluate;
use crate::evaluate::Holder;
use crate::evaluate::Story;
use crate::evaluate::Taken;
use crate::language::Program;
use crate::rules::GatePolicy;
use crate::rules::NameRule;
use crate::rules::spec::Word;

impl Explainer<'_> {
    pub(super) fn name(
        &self,
        account: usize,
        holder: &Holder,
        rule: &NameRule,
        output: &str,
        place: &Path,
    ) -> Result<Explained, LimitReached> {
        let world = self.world;
        let protection = world.population.person(self.person).protection;
        let policy = evaluate::policy(&rule.gate, protection);
        let name = holder.names.get(&rule.name);
        let is = name.map_or(OpenText::words("no name"), |text| self.shown(text));
        let memory = world.memory.accounts.get(&holder.key);
        let held = memory.and_then(|memory| memory.names.get(&*rule.name));
        let because = match (policy, held) {
            (GatePolicy::Alias, _) => "made of the alias, by the policy for protected persons",
            (_, Some(held)) if name.is_some_and(|text| **text == *held.text) => {
                "held before, and no listed reason for a change came"
            }
            (_, Some(_)) => "a listed reason for a change came",
            (_, None) if holder.adopt => "the account had it when it was adopted",
            (_, None) => "given out in this run: the first candidate that nobody holds",
        };
        let mut reasons = alloc::vec![self.line(name.is_some(), output, place, because)];
        if let Some(story) = evaluate::story(world, account, holder, rule)?
            && !self.protected
        {
            self.tell(&story, rule, output, place, &mut reasons);
        }
        Ok((is, reasons))
    }

    fn tell(
        &self,
        story: &Story,
        rule: &NameRule,
        output: &str,
        place: &Path,
        reasons: &mut Vec<ReasonLine>,
    ) {
        let local = place.key("local");
        let made = match story.pattern {
            Some((position, number)) => {
                let text = rule.ordinary.local.get(position).map(Program::open_text);
                let text = text.unwrap_or(OpenText::words(""));
                let made = OpenText::words("today it comes of ").quote(text);
                match number {
                    None => made,
                    Some(number) => made.and(" and the number ").and(number),
                }
            }
            None => OpenText::words("today no pattern gives it"),
        };
        reasons.push(self.line(true, output, &local, made));
        if !story.basis.is_empty() {
            let values = story.basis.iter();
            let values =
                values.map(|(reason, value)| self.shown(reason).and(" ").quote(self.shown(value)));
            let because = OpenText::words("made from ").and(OpenText::joined(values, ", "));
            reasons.push(self.line(true, output, place, because));
        }
        let because = if story.follow.is_empty() {
            OpenText::words("nothing changes it")
        } else {
            let follow = story.follow.iter();
            let follow = follow.map(|reason| OpenText::words(reason.word()));
            OpenText::words("it changes with: ").and(OpenText::joined(follow, ", "))
        };
        reasons.push(self.line(true, output, &place.key("follow"), because));
        for (text, taken) in &story.before {
            let first = OpenText::words("")
                .quote(self.shown(text))
                .and(" comes first, and ");
            let because = match taken {
                Taken::Ours(key) => first.and(self.shown(key)).and(" has it"),
                Taken::Nobodys => {
                    first.and("an object that is not ours has it, or nobody is to have it")
                }
                Taken::Untold => first.and("is taken or reserved"),
                Taken::Free => first.and("is free by now"),
            };
            reasons.push(self.line(false, output, &local, because));
        }
        if story.more > 0 {
            let because = OpenText::from(story.more).and(" more come first");
            reasons.push(self.line(false, output, &local, because));
        }
    }
}
