//! Group rules from what they are about.

use crate::Id;
use crate::models::{
    CreateGroupRuleRequest, CreateGroupRuleRequestType, GroupRuleAction, GroupRuleConditions,
    GroupRuleExpression, GroupRuleGroupAssignment,
};

/// The language of expressions.
const LANGUAGE: &str = "urn:okta:expression:1.0";

/// Who comes into which groups; see [`CreateGroupRuleRequest::from_expression`].
#[derive(Clone, Debug)]
pub struct ExpressionRule {
    /// Name of the rule.
    pub name: String,
    /// Who: an expression in Okta's language, such as `user.department=="Engineering"`.
    pub expression: String,
    /// Ids of the groups that they come into.
    pub group_ids: Vec<Id>,
}

impl CreateGroupRuleRequest {
    /// A rule that puts the users for whom an expression holds into groups. It does nothing until
    /// `group_rules().activate(…)`.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/grouprule/creategrouprule>
    /// and, for expressions,
    /// <https://developer.okta.com/docs/reference/okta-expression-language/>.
    #[must_use]
    pub fn from_expression(rule: ExpressionRule) -> Self {
        let condition = GroupRuleExpression::new()
            .type_(LANGUAGE)
            .value(rule.expression);
        let assignment = GroupRuleGroupAssignment::new().group_ids(rule.group_ids);
        Self::new()
            .type_(CreateGroupRuleRequestType::GroupRule)
            .name(rule.name)
            .conditions(GroupRuleConditions::new().expression(condition))
            .actions(GroupRuleAction::new().assign_user_to_groups(assignment))
    }
}
