//! What rules and their outputs are called, for findings and explanations.
//!
//! Not what they give. Keeps true: such a name stands in the rule file, which is open by construction; a name that does not is told
//! of by nobody.

use alloc::collections::BTreeMap;

use super::compiled::AccountRule;
use super::compiled::AttributeRule;
use super::compiled::ClassListRule;
use super::compiled::Compiled;
use super::compiled::GroupRule;
use super::compiled::LicenceRule;
use super::compiled::MailboxRule;
use super::compiled::NameRule;
use super::compiled::NoticeRule;
use crate::base::Text;
use crate::diagnostic::OpenText;

impl Compiled {
    /// An account rule by its position, as `account.staff`.
    pub(crate) fn account_output(&self, account: usize) -> OpenText {
        let rule = self.accounts.get(account);
        rule.map_or(OpenText::words("account"), AccountRule::output)
    }
}

impl AccountRule {
    /// The account, as `account.staff`.
    pub(crate) fn output(&self) -> OpenText {
        OpenText::words("account.").and(OpenText::vouched(&self.name))
    }
}

impl NameRule {
    /// The name, as `mail`.
    pub(crate) fn called(&self) -> OpenText {
        OpenText::vouched(&self.name)
    }
}

impl AttributeRule {
    /// The attribute, as `displayName`.
    pub(crate) fn called(&self) -> OpenText {
        OpenText::vouched(&self.name)
    }
}

impl GroupRule {
    /// The groups of the rule, as `group.unit`.
    pub(crate) fn output(&self) -> OpenText {
        OpenText::words("group.").and(OpenText::vouched(&self.name))
    }
}

impl LicenceRule {
    /// The licence, as `licence.a3`.
    pub(crate) fn output(&self) -> OpenText {
        OpenText::words("licence.").and(OpenText::vouched(&self.name))
    }
}

impl MailboxRule {
    /// The mailbox, as `mailbox.exchange`.
    pub(crate) fn output(&self) -> OpenText {
        OpenText::words("mailbox.").and(OpenText::vouched(&self.name))
    }
}

impl ClassListRule {
    /// The class lists of the rule, as `class_list.class`.
    pub(crate) fn output(&self) -> OpenText {
        OpenText::words("class_list.").and(OpenText::vouched(&self.name))
    }

    /// One of their columns, as `class_list.class.login`.
    pub(crate) fn column_output(&self, column: &str) -> OpenText {
        part(self.output(), &self.show, column)
    }
}

impl NoticeRule {
    /// The notice, as `notice.welcome`.
    pub(crate) fn output(&self) -> OpenText {
        OpenText::words("notice.").and(OpenText::vouched(&self.name))
    }

    /// One of its fields, as `notice.welcome.login`.
    pub(crate) fn field_output(&self, field: &str) -> OpenText {
        part(self.output(), &self.fields, field)
    }
}

/// A part of an output that its rule names.
fn part<T>(output: OpenText, parts: &BTreeMap<Text, T>, name: &str) -> OpenText {
    match parts.get_key_value(name) {
        Some((name, _)) => output.and(".").and(OpenText::vouched(name)),
        None => output,
    }
}
